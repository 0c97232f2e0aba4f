// @vitest-environment node
import { describe, expect, test } from "vitest";
import { applyPresenceChanged, applyStatus, putPresences } from "./presence";

const HERE = { userId: "a", online: true, status: "busy", lastSeenAt: "then" } as const;

describe("presence", () => {
  test("keeps the status that somebody chose while they stay", () => {
    const known = putPresences({}, [HERE]);
    expect(applyPresenceChanged(known, { userId: "a", online: true, lastSeenAt: "now" }).a).toEqual({
      ...HERE,
      lastSeenAt: "now",
    });
  });

  test("shows somebody who went as offline, and as online when they are back", () => {
    const gone = applyPresenceChanged(putPresences({}, [HERE]), { userId: "a", online: false, lastSeenAt: "now" });
    expect(gone.a).toMatchObject({ online: false, status: "offline" });
    expect(applyPresenceChanged(gone, { userId: "a", online: true, lastSeenAt: "now" }).a).toMatchObject({
      status: "online",
    });
  });

  test("takes a chosen status of offline as being away", () => {
    expect(applyStatus({}, { userId: "a", status: "offline" }, "now").a).toMatchObject({ online: false });
  });

  test("leaves out what it does not understand", () => {
    const known = putPresences({}, [HERE]);
    expect(applyStatus(known, { userId: "a", status: "dancing" }, "now")).toBe(known);
    expect(applyPresenceChanged(known, "nonsense")).toBe(known);
  });
});
