// @vitest-environment node
import { expect, test } from "vitest";
import { pinnedIn } from "./pins";
import { aMessage } from "./testing/samples";

const pinnedAt = "2026-01-02T00:00:00Z";

test("what the room says is pinned holds where its message is not loaded, the newest first", () => {
  expect(pinnedIn({ pinned: [3, 40, 12] }, [])).toEqual([40, 12, 3]);
});

test("what a message says of itself holds where it is loaded: pins that wait, and those that are no more", () => {
  const items = [aMessage(3), aMessage(4, { pinnedAt }), aMessage(12, { pinnedAt }), { seq: null, pinnedAt: null }];
  expect(pinnedIn({ pinned: [3, 12, 40] }, items)).toEqual([40, 12, 4]);
});
