/**
 * How long anything is waited for before the journey fails. Long, because what comes is waited for no longer than it
 * takes: a machine whose processors are all busy makes a journey slow, never red.
 */
export const PATIENCE_MS = 40_000;
