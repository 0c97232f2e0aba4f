/** Why something that somebody chose did not come into the tray: said above the composer until it is put away. */
import type { ChatError } from "../../lib/api/chatError";
import { WritableStore } from "../../lib/store";
import type { DeviceProblem } from "./devices";

export type Problem =
  | { readonly kind: "tooMany"; readonly count: number }
  | { readonly kind: "folder"; readonly name: string }
  | { readonly kind: "file"; readonly name: string; readonly error: ChatError }
  | { readonly kind: "microphone"; readonly reason: DeviceProblem };

/** What is said at once. */
const MOST = 10;

/** Room id to what is said there, oldest first. */
export const problems = new WritableStore<ReadonlyMap<string, readonly Problem[]>>(new Map());

export function addProblem(roomId: string, problem: Problem): void {
  problems.update((all) => new Map(all).set(roomId, [...(all.get(roomId) ?? []), problem].slice(-MOST)));
}

export function clearProblems(roomId: string): void {
  problems.update((all) => {
    if (!all.has(roomId)) return all;
    const rest = new Map(all);
    rest.delete(roomId);
    return rest;
  });
}
