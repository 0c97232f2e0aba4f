/** How far rooms were read here, for as long as the server has not said that it knows: kept through a reload. */
import type { Device, ReadMark } from "./device";

export class ReadMarks {
  readonly #marks = new Map<string, number>();
  /** Those that an earlier page has left: nobody on this one has told the server. */
  readonly #left = new Map<string, number>();
  #device: Device | null = null;

  /** Takes up what earlier pages have left, and writes down what came before the device was known. */
  async attach(device: Device): Promise<void> {
    const left = await device.readMarks();
    this.#device = device;
    for (const { roomId, seq } of left) this.#left.set(roomId, seq);
    for (const [roomId, seq] of this.#marks) {
      if (seq > (this.#left.get(roomId) ?? 0)) void device.keepMark({ roomId, seq });
    }
    for (const [roomId, seq] of this.#left) this.#marks.set(roomId, Math.max(seq, this.reached(roomId)));
  }

  /** How far the room was read as far as is known here; 0 when the server knows as much. */
  reached(roomId: string): number {
    return this.#marks.get(roomId) ?? 0;
  }

  mark(roomId: string, seq: number): void {
    if (seq <= this.reached(roomId)) return;
    this.#marks.set(roomId, seq);
    void this.#device?.keepMark({ roomId, seq });
  }

  /** The server says how far the room was read. */
  confirm(roomId: string, seq: number): void {
    if ((this.#left.get(roomId) ?? Infinity) <= seq) this.#left.delete(roomId);
    if ((this.#marks.get(roomId) ?? Infinity) > seq) return;
    this.#marks.delete(roomId);
    void this.#device?.removeMark(roomId);
  }

  /** What an earlier page has read and the server has not confirmed. */
  left(): ReadMark[] {
    return [...this.#left].map(([roomId, seq]) => ({ roomId, seq }));
  }
}
