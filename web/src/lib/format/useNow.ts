import { useSyncExternalStore } from "react";

import { currentTime, currentZone, followClock } from "./clock";

/** The time in epoch milliseconds. Renders again with each tick of the page's clock: relative times grow old together. */
export function useNow(): number {
  return useSyncExternalStore(followClock, currentTime);
}

/** Renders again when the device is in another time zone: for what shows times and days that do not grow old. */
export function useTimeZone(): string {
  return useSyncExternalStore(followClock, currentZone);
}
