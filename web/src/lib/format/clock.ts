/**
 * One clock for the page: what time it is, and in which time zone the device is. Both may change while the page is open:
 * devices travel, clocks are set, tabs sleep. Everything that shows a time follows this.
 */

/** How old what is shown may be. */
export const TICK_MS = 20_000;

const listeners = new Set<() => void>();
let now = Date.now();
let zone = findZone();
let end: (() => void) | null = null;

/** Epoch milliseconds, at most `TICK_MS` old while somebody follows the clock. */
export const currentTime = (): number => now;

/** A name that is another one when the device is in another time zone. For comparing: `Intl` need not know it. */
export const currentZone = (): string => zone;

/** Calls `listener` with each tick, and when somebody looks at the page again. The answer ends that. */
export function followClock(listener: () => void): () => void {
  end ??= start();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    end?.();
    end = null;
  };
}

function start(): () => void {
  read(); // it stood still while nobody looked
  const timer = setInterval(tick, TICK_MS);
  // Timers of hidden pages are late, and those of sleeping devices stand still.
  const wakes: readonly (readonly [EventTarget, string])[] = [
    [document, "visibilitychange"],
    [window, "focus"],
    [window, "pageshow"],
  ];
  for (const [target, name] of wakes) target.addEventListener(name, tick);
  return () => {
    clearInterval(timer);
    for (const [target, name] of wakes) target.removeEventListener(name, tick);
  };
}

function tick(): void {
  read();
  for (const listener of [...listeners]) listener();
}

function read(): void {
  now = Date.now();
  zone = findZone();
}

function findZone(): string {
  // The offset tells where `Intl` has no name for it.
  return `${Intl.DateTimeFormat().resolvedOptions().timeZone} ${new Date().getTimezoneOffset()}`;
}
