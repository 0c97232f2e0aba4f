/** Short words about what has just happened, one at a time. */
import { WritableStore } from "../lib/store";

export interface Snack {
  readonly text: string;
  /** What can be done about it as long as it is shown. */
  readonly action?: { readonly label: string; run(): void } | undefined;
}

export const snack = new WritableStore<Snack | null>(null);

/** Says something, in place of what was said before. */
export function say(text: string, action?: Snack["action"]): void {
  snack.set({ text, action });
}
