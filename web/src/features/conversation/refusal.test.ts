import { describe, expect, it } from "vitest";

import { ChatError } from "../../realtime/types";
import { isFinalRefusal } from "./refusal";

const [open, closed] = [{ status: "active" } as const, { status: "blocked" } as const];
const isFinal = (code: string, room: { status: "active" | "blocked" } | null = open): boolean =>
  isFinalRefusal(new ChatError(code, "A sentence."), room);

describe("a refused message", () => {
  it.each(["bad_request", "access_denied", "not_found", "conflict", "too_large"])(
    "can never be sent as it is after %s",
    (code) => expect(isFinal(code)).toBe(true),
  );

  it.each(["internal", "rate_limited", "unavailable", "a_code_of_a_newer_server"])(
    "may be tried again after %s",
    (code) => expect(isFinal(code)).toBe(false),
  );

  it("cannot be sent while its conversation is closed, and can when it is open again", () => {
    expect(isFinal("room_blocked", closed)).toBe(true);
    expect(isFinal("room_blocked", open)).toBe(false);
    expect(isFinal("room_blocked", null)).toBe(false);
  });

  it("may be tried again when nobody knows why it was refused", () => {
    expect(isFinalRefusal(null, closed)).toBe(false);
  });
});
