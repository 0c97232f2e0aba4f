import { defineConfig } from "vitest/config";

// Journeys drive a real browser against a real server: one file at a time, so that what they measure is theirs.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["journeys/*.test.ts"],
    globalSetup: ["harness/setup.ts"],
    fileParallelism: false,
    // One worker, and with it one server and one browser, for all files.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A failure is a failure: nothing is tried twice.
    retry: 0,
    env: { TZ: "UTC" },
  },
});
