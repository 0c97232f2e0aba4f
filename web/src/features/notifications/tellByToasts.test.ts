import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { offlineError } from "../../lib/api/chatError";
import { WritableStore } from "../../lib/store";
import type { NotificationPreferences, Preferences, PreferencesState } from "../../realtime/types";
import { createNotification, NotificationList } from "./notification.fixture";
import { tellByToasts } from "./tellByToasts";
import { Toasts } from "./toasts";

const later = "9999-01-01T00:00:00.000Z";
const known: NotificationPreferences = {
  types: {},
  quietHours: null,
  timeZone: null,
  preview: true,
  mutedRooms: { muted: later },
};

class FakePreferences extends WritableStore<PreferencesState> implements Preferences {
  choose = () => Promise.resolve();
  reload = () => undefined;
}

let list: NotificationList;
let preferences: FakePreferences;
let toasts: Toasts;
let end: () => void;
const shown = () => toasts.state.getSnapshot().map(({ id }) => id);
const hear = (id: string, chatRoomId: string) => list.hear(createNotification(id, { chatRoomId }));

beforeEach(() => {
  vi.useFakeTimers();
  list = new NotificationList();
  preferences = new FakePreferences({ preferences: known, error: null });
  toasts = new Toasts(null);
  end = tellByToasts(toasts, { notifications: list, preferences, currentRoomId: "open" });
});
afterEach(() => {
  end();
  toasts.clear();
  vi.useRealTimers();
});

describe("toasts", () => {
  it("tell of what arrives, but not of the conversation that is open, nor of one that is muted", () => {
    hear("a", "loud");
    hear("b", "open");
    hear("c", "muted");
    list.hear(createNotification("d", { jobId: "j" }));
    expect(shown()).toEqual(["a", "d"]);
  });

  it("tell of what came before they were there, once, and of nothing that the page began with", () => {
    end();
    hear("a", "loud");
    toasts = new Toasts(list.getSnapshot().latest);
    const tell = () => tellByToasts(toasts, { notifications: list, preferences, currentRoomId: "open" });
    tell()();
    expect(shown()).toEqual([]);
    hear("b", "loud");
    tell()();
    expect(shown()).toEqual(["b"]);
    toasts.dismiss("b");
    end = tell();
    expect(shown()).toEqual([]);
  });

  it("wait until it is known what is muted, and tell of nothing that was read meanwhile", () => {
    preferences.set({ preferences: null, error: null });
    for (const [id, room] of ["loud", "muted", "other"].entries()) hear(String(id), room);
    list.markRead("2");
    expect(shown()).toEqual([]);
    preferences.set({ preferences: known, error: null });
    expect(shown()).toEqual(["0"]);
    preferences.set({ preferences: { ...known, mutedRooms: {} }, error: null });
    expect(shown()).toEqual(["0"]);
  });

  it("tell of all when the server could not say what is muted", () => {
    preferences.set({ preferences: null, error: null });
    hear("a", "muted");
    preferences.set({ preferences: null, error: offlineError() });
    expect(shown()).toEqual(["a"]);
  });

  it("are left to the browser while the page is hidden", () => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    hear("a", "loud");
    expect(shown()).toEqual([]);
  });
});
