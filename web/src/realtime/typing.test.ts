// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { TypingSender } from "./typingSender";
import { TypingWatch } from "./typingWatch";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("telling that one types", () => {
  test("is repeated every 3 s while keys come, and ends 5 s after the last", () => {
    const tell = vi.fn<(isTyping: boolean) => void>();
    const sender = new TypingSender(tell);
    for (let second = 0; second < 7; second++) {
      sender.set(true);
      vi.advanceTimersByTime(1_000);
    }
    expect(tell.mock.calls).toEqual([[true], [true], [true]]);
    vi.advanceTimersByTime(4_000);
    expect(tell).toHaveBeenLastCalledWith(false);
    expect(tell).toHaveBeenCalledTimes(4);
  });

  test("ends at once when the text is empty or the conversation closed, and is not told when it had not begun", () => {
    const tell = vi.fn<(isTyping: boolean) => void>();
    const sender = new TypingSender(tell);
    sender.set(false);
    expect(tell).not.toHaveBeenCalled();
    sender.set(true);
    sender.set(false);
    sender.set(true);
    sender.close();
    expect(tell.mock.calls).toEqual([[true], [false], [true], [false]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is left to the server when a message was sent", () => {
    const tell = vi.fn<(isTyping: boolean) => void>();
    const sender = new TypingSender(tell);
    sender.set(true);
    sender.forget();
    vi.advanceTimersByTime(10_000);
    expect(tell.mock.calls).toEqual([[true]]);
  });
});

describe("hearing who types", () => {
  const typing = (userId: string, isTyping = true) => ({ chatRoomId: "room", userId, isTyping });

  test("goes on for as long as the server does not tell its end", () => {
    const watch = new TypingWatch();
    watch.hear(typing("a"));
    watch.hear(typing("b"));
    vi.advanceTimersByTime(60_000);
    expect(watch.state.getSnapshot()).toEqual({ room: ["a", "b"] });
  });

  test("ends in all rooms with the connection, and in one when it is left", () => {
    const watch = new TypingWatch();
    watch.hear(typing("a"));
    watch.hear({ ...typing("a"), chatRoomId: "other" });
    watch.leave("room");
    expect(watch.state.getSnapshot()).toEqual({ other: ["a"] });
    watch.hear(typing("b"));
    watch.forget();
    expect(watch.state.getSnapshot()).toEqual({});
  });

  test("ends when they say so, and changes nothing when they were not typing", () => {
    const watch = new TypingWatch();
    const before = watch.state.getSnapshot();
    watch.hear(typing("a", false));
    expect(watch.state.getSnapshot()).toBe(before);
    watch.hear(typing("a"));
    watch.hear(typing("a", false));
    expect(watch.state.getSnapshot()).toEqual({});
  });
});
