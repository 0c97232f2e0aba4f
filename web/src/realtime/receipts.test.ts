// @vitest-environment node
import { describe, expect, test } from "vitest";
import { learnFromMessages, NO_RECEIPTS, raiseCursor, stateOf } from "./receipts";
import { aMessage, anOwnMessage } from "./testing/samples";

const read = (seq: number) => ({ read: seq, delivered: seq });

describe("receipts", () => {
  test("tick an own message as far as the slowest of the others", () => {
    const one = raiseCursor(raiseCursor(NO_RECEIPTS, "a", read(5)), "b", { read: 2, delivered: 4 });
    expect([2, 4, 5].map((seq) => stateOf(seq, one, ["a", "b"]))).toEqual(["read", "delivered", "sent"]);
  });

  test("never fall", () => {
    const high = raiseCursor(NO_RECEIPTS, "a", read(5));
    expect(raiseCursor(high, "a", read(3))).toBe(high);
  });

  test("take somebody who has written as having read what came before", () => {
    expect(stateOf(1, learnFromMessages(NO_RECEIPTS, [aMessage(2, { senderId: "a" })]), ["a"])).toBe("read");
  });

  test("start from the status that history gives to own messages", () => {
    const learned = learnFromMessages(NO_RECEIPTS, [
      anOwnMessage(1, { status: "read" }),
      anOwnMessage(2, { status: "delivered" }),
      anOwnMessage(3),
    ]);
    expect([1, 2, 3].map((seq) => stateOf(seq, learned, ["a", "b"]))).toEqual(["read", "delivered", "sent"]);
  });

  test("wait for all others in a group, of whom some have said nothing yet", () => {
    expect(stateOf(1, raiseCursor(NO_RECEIPTS, "a", read(1)), ["a", "silent"])).toBe("sent");
  });
});
