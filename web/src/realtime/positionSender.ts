/**
 * Positions on their way to the server: how far each room was read (or received). Gathered to a few events a second,
 * only ever upwards, and kept until the server has them.
 */
import { toChatError } from "../lib/api/chatError";
import { judge } from "./outboxQueue";
import { Timers } from "./timers";

const INTERVAL_MS = 250;
const RETRY_MS = 5_000;

export interface PositionSenderOptions {
  readonly event: "mark_read" | "mark_delivered";
  request(event: string, payload: unknown): Promise<unknown>;
  /** How long the first of several waits for the others. */
  readonly delayMs?: number;
  /** Whether the server knows already, by another way. */
  isKnown?(roomId: string, seq: number): boolean;
}

export class PositionSender {
  readonly #options: PositionSenderOptions;
  readonly #wanted = new Map<string, number>();
  /** What the server has, or is being told. */
  readonly #told = new Map<string, number>();
  readonly #timers = new Timers();

  constructor(options: PositionSenderOptions) {
    this.#options = options;
  }

  mark(roomId: string, seq: number): void {
    if (seq <= this.reached(roomId)) return;
    this.#wanted.set(roomId, seq);
    if (this.#timers.isSet("pause")) return;
    const { delayMs } = this.#options;
    if (delayMs === undefined) this.#flush();
    else this.#timers.set("pause", delayMs, () => this.#flush());
  }

  /**
   * The server is said to know of this position. One that waits to be told is still told, unless this is beyond it: who
   * says so may have it from us, as the list of rooms does.
   */
  learn(roomId: string, seq: number): void {
    this.#told.set(roomId, Math.max(seq, this.#told.get(roomId) ?? 0));
    if ((this.#wanted.get(roomId) ?? Infinity) < seq) this.#wanted.delete(roomId);
  }

  /** The highest position that was marked or learned. */
  reached(roomId: string): number {
    return Math.max(this.#wanted.get(roomId) ?? 0, this.#told.get(roomId) ?? 0);
  }

  /** Connected again: what could not be told is told now. */
  resume(): void {
    this.#timers.cancel("retry");
    this.#flush();
  }

  close(): void {
    this.#timers.close();
  }

  #flush(): void {
    if (this.#wanted.size === 0 || this.#timers.isSet("retry")) return;
    this.#timers.set("pause", INTERVAL_MS, () => this.#flush());
    for (const [roomId, seq] of [...this.#wanted]) void this.#tell(roomId, seq);
  }

  async #tell(roomId: string, seq: number): Promise<void> {
    const before = this.#told.get(roomId);
    this.learn(roomId, seq);
    this.#wanted.delete(roomId);
    if (this.#options.isKnown?.(roomId, seq)) return;
    try {
      await this.#options.request(this.#options.event, { chatRoomId: roomId, seq });
    } catch (cause) {
      const verdict = judge(toChatError(cause), 0);
      if (verdict.again) this.#takeBack(roomId, seq, before, verdict.waitMs ?? RETRY_MS);
    }
  }

  #takeBack(roomId: string, seq: number, before: number | undefined, waitMs: number): void {
    if (this.#told.get(roomId) === seq) {
      if (before === undefined) this.#told.delete(roomId);
      else this.#told.set(roomId, before);
      this.#wanted.set(roomId, Math.max(seq, this.#wanted.get(roomId) ?? 0));
    }
    this.#timers.set("retry", waitMs, () => this.#flush());
  }
}
