// @vitest-environment node
import { describe, expect, test } from "vitest";
import { ChatError, offlineError } from "../lib/api/chatError";
import { drawLine, failed, hasGap, joined, learnRun, NO_FACTS, restore } from "./conversationFacts";
import { NO_RECEIPTS } from "./receipts";
import { aRoom, aRun, anOwnMessage } from "./testing/samples";

const KEPT = { roomId: "room", messages: aRun(1, 5), lastChange: 0, receipts: NO_RECEIPTS, keptAt: 0 };

describe("what is known of a conversation", () => {
  test("is shown as it was kept, before anything was heard", () => {
    expect(restore(NO_FACTS, KEPT)).toMatchObject({ phase: "ready", hasTimeline: true });
    expect(restore(NO_FACTS, undefined)).toBe(NO_FACTS);
  });

  test("is not replaced by what was kept when the server was faster", () => {
    const heard = learnRun(NO_FACTS, aRun(1, 9));
    expect(restore(heard, KEPT)).toBe(heard);
  });

  test("is not shown from history alone while nobody knows where the new messages begin", () => {
    expect(learnRun(NO_FACTS, aRun(1, 5)).phase).toBe("loading");
    expect(learnRun({ ...NO_FACTS, isLineFixed: true }, aRun(1, 5)).phase).toBe("ready");
  });

  test("has its line of new messages before the first unread one of others", () => {
    const facts = learnRun(NO_FACTS, [...aRun(1, 3), anOwnMessage(4), ...aRun(5, 6)]);
    expect(drawLine(facts, aRoom({ lastSeq: 6, lastReadSeq: 3, unreadCount: 2 }), true).firstUnreadSeq).toBe(5);
    expect(drawLine(facts, aRoom({ lastSeq: 6, lastReadSeq: 6 }), true).firstUnreadSeq).toBeNull();
  });

  test("has its line further up than what is loaded when more is unread", () => {
    const facts = learnRun(NO_FACTS, aRun(51, 100));
    expect(drawLine(facts, aRoom({ lastSeq: 100, lastReadSeq: 20, unreadCount: 80 }), true).firstUnreadSeq).toBe(21);
  });

  test("keeps the line where it is once the server has said where, and not before", () => {
    const guessed = drawLine(NO_FACTS, aRoom(), false);
    const fixed = joined(guessed, aRoom({ lastSeq: 2, lastReadSeq: 1, unreadCount: 1 }), [], false);
    expect(fixed.firstUnreadSeq).toBe(2);
    expect(drawLine(fixed, aRoom({ lastSeq: 9, lastReadSeq: 8, unreadCount: 1 }), true).firstUnreadSeq).toBe(2);
  });

  test("is replaced when the server says that too much was missed", () => {
    const facts = joined(restore(NO_FACTS, KEPT), aRoom({ lastSeq: 3 }), aRun(1, 3), true);
    expect(facts.timeline.messages).toHaveLength(3);
  });

  test("stays when the network fails, and goes when access is denied", () => {
    const facts = restore(NO_FACTS, KEPT);
    expect(failed(facts, offlineError())).toBe(facts);
    expect(failed(NO_FACTS, offlineError())).toMatchObject({ phase: "failed", error: { code: "offline" } });
    expect(failed(facts, new ChatError("access_denied", ""))).toMatchObject({ phase: "failed", hasTimeline: false });
  });

  test("has a gap when the room goes on further than the messages", () => {
    const facts = joined(restore(NO_FACTS, KEPT), aRoom({ lastSeq: 6 }), [], false);
    expect(hasGap(facts)).toBe(true);
    expect(hasGap(learnRun(facts, aRun(6, 6)))).toBe(false);
  });
});
