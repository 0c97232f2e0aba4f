import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { WritableStore } from "../../lib/store";
import type { ConnectionState } from "../../realtime/types";
import { NoticeFollower } from "./connectionNotice";

describe("NoticeFollower", () => {
  const connection = new WritableStore<ConnectionState>({ phase: "online" });
  let follower: NoticeFollower;
  let end: () => void;
  const shown = () => follower.state.getSnapshot();

  beforeEach(() => {
    vi.useFakeTimers();
    connection.set({ phase: "online" });
    follower = new NoticeFollower(connection);
    end = follower.start();
  });

  afterEach(() => {
    end();
    vi.useRealTimers();
  });

  it("says nothing of a loss that lasts less than a second and a half, nor of its end", () => {
    connection.set({ phase: "reconnecting", retryAt: null });
    vi.advanceTimersByTime(1400);
    connection.set({ phase: "online" });
    vi.advanceTimersByTime(5000);
    expect(shown()).toBe("hidden");
  });

  it("counts its patience from the loss, however often it is tried in between", () => {
    connection.set({ phase: "reconnecting", retryAt: 1 });
    vi.advanceTimersByTime(800);
    connection.set({ phase: "reconnecting", retryAt: 2 });
    vi.advanceTimersByTime(300);
    connection.set({ phase: "catchingUp" });
    vi.advanceTimersByTime(300);
    expect(shown()).toBe("hidden");
    vi.advanceTimersByTime(100);
    expect(shown()).toBe("reconnecting");
  });

  it("says for two seconds that all is well again", () => {
    connection.set({ phase: "reconnecting", retryAt: null });
    vi.advanceTimersByTime(1500);
    connection.set({ phase: "online" });
    expect(shown()).toBe("upToDate");
    vi.advanceTimersByTime(1999);
    expect(shown()).toBe("upToDate");
    vi.advanceTimersByTime(1);
    expect(shown()).toBe("hidden");
  });

  it("says at once that the device has no network, and that it is being tried again", () => {
    connection.set({ phase: "offline" });
    expect(shown()).toBe("offline");
    connection.set({ phase: "reconnecting", retryAt: null });
    expect(shown()).toBe("reconnecting");
  });

  it("takes back that all is well when the next loss lasts", () => {
    connection.set({ phase: "offline" });
    connection.set({ phase: "online" });
    vi.advanceTimersByTime(1000);
    connection.set({ phase: "reconnecting", retryAt: null });
    vi.advanceTimersByTime(1500);
    expect(shown()).toBe("reconnecting");
    vi.advanceTimersByTime(5000);
    expect(shown()).toBe("reconnecting");
  });

  it("is one for all who follow it, until the last of them leaves", () => {
    const endSecond = follower.start();
    endSecond();
    connection.set({ phase: "offline" });
    expect(shown()).toBe("offline");
  });
});

describe("before the first connection", () => {
  const connection = new WritableStore<ConnectionState>({ phase: "connecting" });
  let follower: NoticeFollower;
  let end: () => void;
  const shown = () => follower.state.getSnapshot();

  beforeEach(() => {
    vi.useFakeTimers();
    connection.set({ phase: "connecting" });
    follower = new NoticeFollower(connection);
    end = follower.start();
  });

  afterEach(() => {
    end();
    vi.useRealTimers();
  });

  it("nothing is said for four seconds: the page says itself that it is loading", () => {
    vi.advanceTimersByTime(3999);
    expect(shown()).toBe("hidden");
    connection.set({ phase: "online" });
    vi.advanceTimersByTime(10_000);
    expect(shown()).toBe("hidden");
  });

  it.each(["connecting", "reconnecting"] as const)("nothing was lost, whatever is tried (%s)", (phase) => {
    connection.set(phase === "connecting" ? { phase } : { phase, retryAt: 1 });
    vi.advanceTimersByTime(4000);
    expect(shown()).toBe("connecting");
    connection.set({ phase: "reconnecting", retryAt: 2 });
    expect(shown()).toBe("connecting");
    connection.set({ phase: "online" });
    expect(shown()).toBe("hidden");
  });

  it("a device without a network says so, and nothing is up to date again", () => {
    connection.set({ phase: "offline" });
    expect(shown()).toBe("offline");
    connection.set({ phase: "reconnecting", retryAt: null });
    expect(shown()).toBe("connecting");
    connection.set({ phase: "online" });
    expect(shown()).toBe("hidden");
  });
});
