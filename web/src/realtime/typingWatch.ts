/**
 * Who types where. The server tells beginnings and ends, not refreshes, and who is typing when a room is joined: nothing
 * ends here by time, and all of it with the connection.
 */
import { isRecord } from "../lib/api/envelope";
import { WritableStore } from "../lib/store";

export type TypingByRoom = Readonly<Record<string, readonly string[]>>;

export class TypingWatch {
  readonly state = new WritableStore<TypingByRoom>({});

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
    const before = this.state.getSnapshot();
    const typing = before[roomId];
    if (!typing?.includes(userId)) return;
    const left = typing.filter((id) => id !== userId);
    const others = Object.entries(before).filter(([id]) => id !== roomId);
    this.state.set(Object.fromEntries(left.length === 0 ? others : [...others, [roomId, left]]));
  }

  /** A room was left: in large ones, what happens there is told to those who have joined only. */
  leave(roomId: string): void {
    for (const userId of this.state.getSnapshot()[roomId] ?? []) this.end(roomId, userId);
  }

  /** The connection is lost, and with it the ends that the server would have told. */
  forget(): void {
    if (Object.keys(this.state.getSnapshot()).length > 0) this.state.set({});
  }

  #begin(roomId: string, userId: string): void {
    const before = this.state.getSnapshot();
    const typing = before[roomId] ?? [];
    if (!typing.includes(userId)) this.state.set({ ...before, [roomId]: [...typing, userId] });
  }
}
