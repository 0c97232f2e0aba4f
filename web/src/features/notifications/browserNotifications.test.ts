import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { BrowserNotifications, type AlertSurroundings } from "./browserNotifications";
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
  const surroundings = {
    onNavigate: vi.fn<AlertSurroundings["onNavigate"]>(),
    describe: vi.fn<AlertSurroundings["describe"]>(),
    show: vi.fn<AlertSurroundings["show"]>(),
    close: vi.fn<AlertSurroundings["close"]>(),
  };
  const shown = () => ShownNotification.shown.filter((notification) => !notification.isClosed);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("Notification", ShownNotification);
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    ShownNotification.shown = [];
    surroundings.onNavigate.mockReset();
    surroundings.close.mockReset();
    surroundings.describe.mockReset().mockImplementation((record) => Promise.resolve(record));
    surroundings.show.mockReset().mockResolvedValue(false);
    list = new NotificationList();
    end = new BrowserNotifications(list, list.getSnapshot().latest, surroundings).start();
  });

  afterEach(() => {
    end();
    vi.useRealTimers();
  });

  it("shows one with the notification's id as its tag, so that one that has grown takes its place", async () => {
    list.hear(createNotification("a", { chatRoomId: "r" }));
    await vi.advanceTimersByTimeAsync(700);
    expect(shown().map(({ title, options }) => [title, options.tag])).toEqual([["Title a", "a"]]);
  });

  it("leaves it to the service worker where there is one", async () => {
    surroundings.show.mockResolvedValue(true);
    const record = createNotification("a", { chatRoomId: "r" });
    list.hear(record);
    await vi.advanceTimersByTimeAsync(700);
    expect(surroundings.show).toHaveBeenCalledExactlyOnceWith(record, record);
    expect(shown()).toEqual([]);
  });

  it("takes back what was read while the service worker was about to show it", async () => {
    surroundings.show.mockImplementation(({ id }) => {
      list.markRead(id);
      return Promise.resolve(true);
    });
    list.hear(createNotification("a"));
    await vi.advanceTimersByTimeAsync(700);
    expect(surroundings.close).toHaveBeenCalledExactlyOnceWith("a");
  });

  it("shows nothing while the page is seen", async () => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(false);
    list.hear(createNotification("a", { chatRoomId: "r" }));
    await vi.advanceTimersByTimeAsync(5000);
    expect(shown()).toEqual([]);
  });

  it("shows nothing that the person does not want now", async () => {
    surroundings.describe.mockResolvedValue(null);
    list.hear(createNotification("a", { chatRoomId: "r" }));
    await vi.advanceTimersByTimeAsync(5000);
    expect(surroundings.show).not.toHaveBeenCalled();
    expect(shown()).toEqual([]);
  });

  it("shows nothing of what was looked at before it was known what the person wants", async () => {
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    surroundings.describe.mockImplementation((record) => {
      hidden.mockReturnValue(false);
      return Promise.resolve(record);
    });
    list.hear(createNotification("a", { chatRoomId: "r" }));
    await vi.advanceTimersByTimeAsync(5000);
    expect([shown(), surroundings.show.mock.calls]).toEqual([[], []]);
  });

  it("shows nothing of what was read elsewhere meanwhile", async () => {
    list.hear(createNotification("a", { chatRoomId: "r" }));
    list.markRead("a");
    await vi.advanceTimersByTimeAsync(5000);
    expect(shown()).toEqual([]);
  });

  it("takes it back when the room is read", async () => {
    list.hear(createNotification("a", { chatRoomId: "r" }));
    await vi.advanceTimersByTimeAsync(700);
    list.markAllRead();
    expect(shown()).toEqual([]);
  });

  it("leads on a click to what it tells of, and marks it read", async () => {
    list.hear(createNotification("a", { jobId: "j" }));
    await vi.advanceTimersByTimeAsync(700);
    shown()[0]?.onclick?.();
    expect(surroundings.onNavigate).toHaveBeenCalledWith({ kind: "job", jobId: "j" });
    expect(list.getSnapshot().items[0]?.read).toBe(true);
    expect(shown()).toEqual([]);
  });
});
