import { defineConfig } from "vitest/config";

/** A busy machine makes a journey slow, never red: `harness/patience.ts` ends what never comes. */
const JOURNEY_MS = 180_000;

/** A browser waits for its server, and a journey for both. What is measured is measured alone. */
const FILES_AT_ONCE = process.env.MEASURE === "1" ? 1 : 2;

// Journeys drive a real browser against a real server.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["journeys/*.test.ts"],
    globalSetup: ["harness/setup.ts"],
    maxWorkers: FILES_AT_ONCE,
    // A worker keeps its server and its browser for all of its files.
    isolate: false,
    testTimeout: JOURNEY_MS,
    hookTimeout: JOURNEY_MS,
    // A failure is a failure: nothing is tried twice.
    retry: 0,
    env: { TZ: "UTC" },
  },
});
