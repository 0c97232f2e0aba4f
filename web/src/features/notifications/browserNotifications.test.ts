import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { BrowserNotifications } from "./browserNotifications";
import { createNotification, NotificationList } from "./notification.fixture";

class ShownNotification {
  static readonly permission = "granted";
  static shown: ShownNotification[] = [];
  isClosed = false;
  onclick: (() => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(
    readonly title: string,
    readonly options: NotificationOptions,
  ) {
    ShownNotification.shown.push(this);
  }

  close(): void {
    this.isClosed = true;
  }
}

describe("BrowserNotifications", () => {
  let list: NotificationList;
  let end: () => void;
  const onNavigate = vi.fn();
  const shown = () => ShownNotification.shown.filter((notification) => !notification.isClosed);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("Notification", ShownNotification);
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    ShownNotification.shown = [];
    onNavigate.mockClear();
    list = new NotificationList();
    end = new BrowserNotifications(list, onNavigate).start();
  });

  afterEach(() => {
    end();
    vi.useRealTimers();
  });

  it("shows one with the room as its tag, so that a room has one", () => {
    list.hear(createNotification("a", { chatRoomId: "r" }));
    vi.advanceTimersByTime(700);
    expect(shown().map(({ title, options }) => [title, options.tag])).toEqual([["Title a", "r"]]);
  });

  it("shows nothing while the page is seen", () => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(false);
    list.hear(createNotification("a", { chatRoomId: "r" }));
    vi.advanceTimersByTime(5000);
    expect(shown()).toEqual([]);
  });

  it("shows nothing of what was read elsewhere meanwhile", () => {
    list.hear(createNotification("a", { chatRoomId: "r" }));
    list.markRead("a");
    vi.advanceTimersByTime(5000);
    expect(shown()).toEqual([]);
  });

  it("takes it back when the room is read", () => {
    list.hear(createNotification("a", { chatRoomId: "r" }));
    vi.advanceTimersByTime(700);
    list.markAllRead();
    expect(shown()).toEqual([]);
  });

  it("leads on a click to what it tells of, and marks it read", () => {
    list.hear(createNotification("a", { jobId: "j" }));
    vi.advanceTimersByTime(700);
    shown()[0]?.onclick?.();
    expect(onNavigate).toHaveBeenCalledWith({ kind: "job", jobId: "j" });
    expect(list.getSnapshot().items[0]?.read).toBe(true);
    expect(shown()).toEqual([]);
  });
});
