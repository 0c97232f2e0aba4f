import { describe, expect, it } from "vitest";

import type { NotificationPreferences } from "../../realtime/types";
import { allowsAlert, isQuiet, listTypes, mutedUntil, wordsOf } from "./preferences";

const both = { push: true, inApp: true };
const now = Date.parse("2026-03-01T12:00:00.000Z");
const later = "2026-03-01T13:00:00.000Z";

function createPreferences(change: Partial<NotificationPreferences> = {}): NotificationPreferences {
  return {
    types: { chat_message: both, job_match: both },
    quietHours: null,
    timeZone: null,
    preview: true,
    mutedRooms: {},
    ...change,
  };
}

describe("listTypes", () => {
  it("has those of the chat first, then the host's by name", () => {
    const types = { contract_signed: both, proposal_response: both, a_review: both, chat_message: both };
    expect(listTypes(createPreferences({ types }))).toEqual([
      "chat_message",
      "proposal_response",
      "a_review",
      "contract_signed",
    ]);
    expect(wordsOf("contract_signed")).toBe("Contract signed");
  });
});

describe("mutedUntil", () => {
  it("is over at its moment, and nothing while preferences are not known", () => {
    const preferences = createPreferences({ mutedRooms: { r: later } });
    expect(mutedUntil(preferences, "r", now)).toBe(later);
    expect(mutedUntil(preferences, "r", Date.parse(later))).toBeNull();
    expect(mutedUntil(preferences, "other", now)).toBeNull();
    expect(mutedUntil(null, "r", now)).toBeNull();
  });
});

describe("isQuiet", () => {
  const night = { from: "22:00", until: "07:00" };
  const at = (clock: string) => Date.parse(`2026-03-01T${clock}:00.000Z`);

  it("lasts over midnight, from its first minute to before its last", () => {
    const quiet = ["21:59", "22:00", "00:00", "06:59", "07:00"].map((clock) => isQuiet(night, "UTC", at(clock)));
    expect(quiet).toEqual([false, true, true, true, false]);
  });

  it("may be a part of the day", () => {
    const noon = { from: "12:00", until: "14:00" };
    expect(["11:59", "12:00", "14:00"].map((clock) => isQuiet(noon, "UTC", at(clock)))).toEqual([false, true, false]);
  });

  it("goes by the clock of its own time zone, and by this device's when it does not know that", () => {
    expect(isQuiet(night, "Asia/Manila", at("15:00"))).toBe(true);
    expect(isQuiet(night, "Asia/Manila", at("13:59"))).toBe(false);
    expect(() => isQuiet(night, "Atlantis/Capital", now)).not.toThrow();
  });
});

describe("allowsAlert", () => {
  const message = { type: "chat_message", data: { chatRoomId: "r" } };

  it("forbids nothing before preferences are known, nor of a type that nobody has chosen about", () => {
    expect(allowsAlert(null, message, now)).toBe(true);
    expect(allowsAlert(createPreferences(), { type: "other", data: {} }, now)).toBe(true);
  });

  it.each<[string, Partial<NotificationPreferences>]>([
    ["a muted room", { mutedRooms: { r: later } }],
    ["a type that is not to be pushed", { types: { chat_message: { push: false, inApp: true } } }],
    ["quiet hours", { quietHours: { from: "11:00", until: "13:00" }, timeZone: "UTC" }],
  ])("is false in %s", (_, change) => {
    expect(allowsAlert(createPreferences(change), message, now)).toBe(false);
  });
});
