import { defineConfig } from "vitest/config";

/** A busy machine makes a journey slow, never red: `harness/patience.ts` ends what never comes. */
const JOURNEY_MS = 180_000;

// Journeys drive a real browser against a real server: one file at a time, so that what they measure is theirs.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["journeys/*.test.ts"],
    globalSetup: ["harness/setup.ts"],
    fileParallelism: false,
    // One worker, and with it one server and one browser, for all files.
    isolate: false,
    testTimeout: JOURNEY_MS,
    hookTimeout: JOURNEY_MS,
    // A failure is a failure: nothing is tried twice.
    retry: 0,
    env: { TZ: "UTC" },
  },
});
