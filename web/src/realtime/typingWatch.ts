/** Who types where, as others tell it; what is not refreshed ends by itself. */
import { isRecord } from "../lib/api/envelope";
import { WritableStore } from "../lib/store";
import { Timers } from "./timers";

const EXPIRY_MS = 6_000;

export type TypingByRoom = Readonly<Record<string, readonly string[]>>;

export class TypingWatch {
  readonly state = new WritableStore<TypingByRoom>({});
  readonly #timers = new Timers();

  /** `user_typing`. */
  hear(payload: unknown): void {
    if (!isRecord(payload)) return;
    const { chatRoomId, userId, isTyping } = payload;
    if (typeof chatRoomId !== "string" || typeof userId !== "string") return;
    if (isTyping !== true) this.end(chatRoomId, userId);
    else this.#begin(chatRoomId, userId);
  }

  /** Somebody has stopped, sent, or left. */
  end(roomId: string, userId: string): void {
    this.#timers.cancel(timerName(roomId, userId));
    const before = this.state.getSnapshot();
    const typing = before[roomId];
    if (!typing?.includes(userId)) return;
    const left = typing.filter((id) => id !== userId);
    const others = Object.entries(before).filter(([id]) => id !== roomId);
    this.state.set(Object.fromEntries(left.length === 0 ? others : [...others, [roomId, left]]));
  }

  close(): void {
    this.#timers.close();
  }

  #begin(roomId: string, userId: string): void {
    this.#timers.set(timerName(roomId, userId), EXPIRY_MS, () => this.end(roomId, userId));
    const before = this.state.getSnapshot();
    const typing = before[roomId] ?? [];
    if (!typing.includes(userId)) this.state.set({ ...before, [roomId]: [...typing, userId] });
  }
}

function timerName(roomId: string, userId: string): string {
  return JSON.stringify([roomId, userId]);
}
