import { expect, test } from "vitest";

import { ChatError } from "../../lib/api/chatError";
import type { Translate } from "../../lib/i18n/translate";
import { describeGroupError } from "./groupErrors";
import type { TranslatePeople } from "./usePeopleTexts";

const keyOf = (key: string): string => key;
const reasonOf = (code: string, details?: unknown): string =>
  describeGroupError(new ChatError(code, "", null, details), keyOf as TranslatePeople, keyOf as Translate);

test("whoever is kept apart from somebody is told that the two do not meet in a group", () => {
  expect(reasonOf("room_blocked", { blockedMemberIds: ["ben"] })).toBe("group.apart");
});

test("a group that is closed itself is closed", () => {
  expect(reasonOf("room_blocked")).toBe("error.room_blocked");
});
