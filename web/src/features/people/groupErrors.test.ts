import { expect, test } from "vitest";

import { ChatError } from "../../lib/api/chatError";
import { describeGroupError } from "./groupErrors";

const reasonOf = (code: string, details?: unknown): string =>
  describeGroupError(
    new ChatError(code, "", null, details),
    (key) => key,
    (key) => key,
  );

test("whoever is kept apart from somebody is told that the two do not meet in a group", () => {
  expect(reasonOf("room_blocked", { blockedMemberIds: ["ben"] })).toBe("group.apart");
});

test("a group that is closed itself is closed", () => {
  expect(reasonOf("room_blocked")).toBe("error.room_blocked");
});
