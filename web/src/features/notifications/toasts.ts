import { WritableStore } from "../../lib/store";
import type { NotificationRecord } from "../../realtime/types";
import { roomOf } from "./target";

const shownMs = 5000;
const mostShown = 3;

/** The notifications that lie over the page: newest last, each for 5 s of nobody reading. */
export class Toasts {
  readonly state = new WritableStore<readonly NotificationRecord[]>([]);
  /** The newest that was looked at. */
  heard: NotificationRecord | null;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #isHeld = false;

  /** `heard`: nothing is told of that one, nor of those before it. */
  constructor(heard: NotificationRecord | null) {
    this.heard = heard;
  }

  /** Shows it; a room has one toast, that of its newest message. */
  add(notification: NotificationRecord): void {
    const room = roomOf(notification);
    this.#remove((shown) => shown.id === notification.id || (room !== null && roomOf(shown) === room));
    this.state.update((shown) => [...shown, notification]);
    const tooMany = this.state.getSnapshot().slice(0, -mostShown);
    this.#remove((shown) => tooMany.includes(shown));
    if (!this.#isHeld) this.#startTimer(notification.id);
  }

  dismiss(id: string): void {
    this.#remove((shown) => shown.id === id);
  }

  /** Takes away what was read elsewhere. */
  keepOnly(isUnread: (notification: NotificationRecord) => boolean): void {
    this.#remove((shown) => !isUnread(shown));
  }

  /** Somebody reads: pointer over them, or focus in them. Nothing goes until they leave. */
  hold(): void {
    this.#isHeld = true;
    for (const id of [...this.#timers.keys()]) this.#stopTimer(id);
  }

  release(): void {
    this.#isHeld = false;
    for (const { id } of this.state.getSnapshot()) this.#startTimer(id);
  }

  clear(): void {
    this.#remove(() => true);
  }

  #remove(isOver: (notification: NotificationRecord) => boolean): void {
    const shown = this.state.getSnapshot();
    const over = shown.filter(isOver);
    if (over.length === 0) return;
    for (const { id } of over) this.#stopTimer(id);
    this.state.set(shown.filter((notification) => !over.includes(notification)));
    // What held them may have gone with them, without a word.
    if (this.state.getSnapshot().length === 0) this.#isHeld = false;
  }

  #startTimer(id: string): void {
    this.#stopTimer(id);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), shownMs),
    );
  }

  #stopTimer(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }
}
