/** Tells a room that somebody types here: again every 3 s while they do, and the end of it after 5 s without a key. */
import { Timers } from "./timers";

const REFRESH_MS = 3_000;
const IDLE_MS = 5_000;

export class TypingSender {
  readonly #tell: (isTyping: boolean) => void;
  readonly #timers = new Timers();
  #toldAt: number | null = null;

  constructor(tell: (isTyping: boolean) => void) {
    this.#tell = tell;
  }

  /** Called on every key (true), or when the text is empty (false). */
  set(isTyping: boolean): void {
    if (!isTyping) {
      this.stop();
      return;
    }
    this.#timers.set("idle", IDLE_MS, () => this.stop());
    const now = performance.now();
    if (this.#toldAt !== null && now - this.#toldAt < REFRESH_MS) return;
    this.#toldAt = now;
    this.#tell(true);
  }

  stop(): void {
    if (this.#toldAt === null) return;
    this.forget();
    this.#tell(false);
  }

  /** A message was sent: the server ends it by itself. */
  forget(): void {
    this.#toldAt = null;
    this.#timers.cancel("idle");
  }

  close(): void {
    this.stop();
    this.#timers.close();
  }
}
