import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createNotification } from "./notification.fixture";
import { Toasts } from "./toasts";

describe("Toasts", () => {
  let toasts: Toasts;
  const shown = () => toasts.state.getSnapshot().map(({ id }) => id);

  beforeEach(() => {
    vi.useFakeTimers();
    toasts = new Toasts(null);
  });

  afterEach(() => {
    toasts.clear();
    vi.useRealTimers();
  });

  it("hides each after five seconds of its own", () => {
    toasts.add(createNotification("a"));
    vi.advanceTimersByTime(3000);
    toasts.add(createNotification("b"));
    vi.advanceTimersByTime(2000);
    expect(shown()).toEqual(["b"]);
    vi.advanceTimersByTime(3000);
    expect(shown()).toEqual([]);
  });

  it("keeps them while somebody reads, those that come meanwhile, too, and five seconds more", () => {
    toasts.add(createNotification("a"));
    toasts.hold();
    toasts.add(createNotification("b"));
    vi.advanceTimersByTime(60_000);
    expect(shown()).toEqual(["a", "b"]);
    toasts.release();
    vi.advanceTimersByTime(4999);
    expect(shown()).toEqual(["a", "b"]);
    vi.advanceTimersByTime(1);
    expect(shown()).toEqual([]);
  });

  it("shows one for each room, that of its newest message", () => {
    toasts.add(createNotification("a", { chatRoomId: "r" }));
    toasts.add(createNotification("b", { chatRoomId: "q" }));
    toasts.add(createNotification("c", { chatRoomId: "r" }));
    expect(shown()).toEqual(["b", "c"]);
  });

  it("shows at most three, the newest", () => {
    for (const id of ["a", "b", "c", "d"]) toasts.add(createNotification(id));
    expect(shown()).toEqual(["b", "c", "d"]);
  });

  it("takes away what was read elsewhere, even while held, and does not hold the next", () => {
    toasts.add(createNotification("a"));
    toasts.hold();
    toasts.keepOnly(() => false);
    expect(shown()).toEqual([]);
    toasts.add(createNotification("b"));
    vi.advanceTimersByTime(5000);
    expect(shown()).toEqual([]);
  });
});
