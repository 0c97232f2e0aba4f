/** What the realtime layer asks of the page it lives in: whether there is a network, and when it wakes from sleep. */

export interface Page {
  isOnline(): boolean;
  /** The device got a network, or lost it. The answer ends the watch, as everywhere here. */
  onNetworkChange(listener: () => void): () => void;
  /** The page may have slept: it was long hidden, came back from the back-forward cache, or its clock jumped. */
  onWake(listener: () => void): () => void;
  isVisible(): boolean;
  /** The page was shown or hidden. */
  onVisibilityChange(listener: () => void): () => void;
  /** The page is hidden or goes away: the last moment to write down what must be kept. */
  onHide(listener: () => void): () => void;
}

const TICK_MS = 5_000;
// A timer of a visible page is late by less; one of a hidden page may be a minute late without having slept.
const JUMP_MS = 15_000;
const HIDDEN_MS = 10_000;

export const browserPage: Page = {
  isOnline: () => typeof navigator === "undefined" || !("onLine" in navigator) || navigator.onLine,
  onNetworkChange: (listener) => listenAll([[windowTarget(), ["online", "offline"], listener]]),
  isVisible: () => documentTarget()?.visibilityState !== "hidden",
  onVisibilityChange: (listener) => listenAll([[documentTarget(), ["visibilitychange"], listener]]),
  onHide: (listener) => {
    const whenHidden = () => !browserPage.isVisible() && listener();
    return listenAll([
      [documentTarget(), ["visibilitychange"], whenHidden],
      [windowTarget(), ["pagehide"], listener],
    ]);
  },
  onWake: (listener) => {
    const sleep = new SleepWatch(listener);
    const timer = setInterval(() => sleep.tick(Date.now()), TICK_MS);
    const endListening = listenAll([
      [documentTarget(), ["visibilitychange"], () => sleep.see(browserPage.isVisible(), Date.now())],
      [windowTarget(), ["pageshow"], (event) => (event as PageTransitionEvent).persisted && listener()],
      [documentTarget(), ["resume"], listener],
    ]);
    return () => {
      clearInterval(timer);
      endListening();
    };
  },
};

/** Tells sleep from the times at which it is asked. */
export class SleepWatch {
  readonly #onWake: () => void;
  #lastTick: number | null = null;
  #hiddenSince: number | null = null;

  constructor(onWake: () => void) {
    this.#onWake = onWake;
  }

  /** Called every few seconds. */
  tick(now: number): void {
    const slept = this.#lastTick !== null && now - this.#lastTick > TICK_MS + JUMP_MS;
    this.#lastTick = now;
    if (slept && this.#hiddenSince === null) this.#onWake();
  }

  /** The page was shown or hidden. */
  see(isVisible: boolean, now: number): void {
    if (!isVisible) {
      this.#hiddenSince ??= now;
      return;
    }
    const wasLong = this.#hiddenSince !== null && now - this.#hiddenSince >= HIDDEN_MS;
    this.#hiddenSince = null;
    this.#lastTick = now;
    if (wasLong) this.#onWake();
  }
}

type Listening = [target: EventTarget | undefined, names: string[], listener: (event: Event) => unknown];

function listenAll(all: Listening[]): () => void {
  for (const [target, names, listener] of all) for (const name of names) target?.addEventListener(name, listener);
  return () => {
    for (const [target, names, listener] of all) for (const name of names) target?.removeEventListener(name, listener);
  };
}

function windowTarget(): Window | undefined {
  return typeof window === "undefined" ? undefined : window;
}

function documentTarget(): Document | undefined {
  return typeof document === "undefined" ? undefined : document;
}
