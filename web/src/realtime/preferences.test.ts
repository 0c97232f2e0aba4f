// @vitest-environment node
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../lib/api/chatError";
import { WritableStore } from "../lib/store";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { Device } from "./device";
import { applyChange, PreferencesModel } from "./preferences";
import type { Queue, QueuedAction } from "./outboxQueue";
import { makeTabs } from "./testing/memoryTabs";
import type { TabMessage, Tabs } from "./tabs";
import type { NotificationPreferences, PreferenceRequests } from "./types";

const both = { push: true, inApp: true };
const later = "9999-01-01T00:00:00.000Z";
const stored: NotificationPreferences = {
  types: { chat_message: both, job_match: both },
  quietHours: null,
  timeZone: null,
  preview: true,
  mutedRooms: {},
};
const muted = { ...stored, mutedRooms: { r: later } };

const requests = {
  getPreferences: vi.fn<PreferenceRequests["getPreferences"]>(),
  putPreferences: vi.fn<PreferenceRequests["putPreferences"]>(),
};
/** What waits to be sent. */
let actions = new WritableStore<Queue<QueuedAction>>([]);
const mute = (roomId: string, until: string | null): QueuedAction => ({
  clientMessageId: `${roomId} ${String(until)}`,
  roomId,
  createdAt: later,
  order: 1,
  state: "queued",
  error: null,
  action: { kind: "mute", until },
});
let model: PreferencesModel;
/** Those of the model, and of another tab. */
let [tabs, others]: [Tabs, Tabs] = [] as never;
const state = () => model.getSnapshot();

beforeEach(() => {
  requests.getPreferences.mockReset().mockResolvedValue(stored);
  requests.putPreferences.mockReset();
  actions = new WritableStore<Queue<QueuedAction>>([]);
  model = new PreferencesModel(requests, actions);
  [tabs, others] = makeTabs(2) as [Tabs, Tabs];
});

describe("preferences", () => {
  it("are those of the device until the server has answered, and are kept for the next visit", async () => {
    const device = new Device(new MemoryDatabase());
    await device.keepPreferences(muted);
    await model.attach(device, tabs);
    expect(state()).toEqual({ preferences: muted, error: null });
    await model.load();
    expect(state()).toEqual({ preferences: stored, error: null });
    expect(await device.readPreferences()).toEqual(stored);
  });

  it("are the server's, although the device comes later", async () => {
    const device = new Device(new MemoryDatabase());
    await device.keepPreferences(muted);
    await model.load();
    await model.attach(device, tabs);
    expect([state().preferences, await device.readPreferences()]).toEqual([stored, stored]);
  });

  it("stay when they cannot be loaded anew; without any, it is said why", async () => {
    requests.getPreferences.mockRejectedValue(new ChatError("access_denied", "No."));
    await model.load();
    expect(state()).toMatchObject({ preferences: null, error: { code: "access_denied" } });
    requests.getPreferences.mockResolvedValueOnce(stored);
    model.reload();
    expect(state()).toEqual({ preferences: null, error: null });
    await vi.waitFor(() => expect(state()).toEqual({ preferences: stored, error: null }));
    await model.load();
    expect(state()).toEqual({ preferences: stored, error: null });
  });

  it("are asked for anew when another tab has changed them, also while an answer is on its way", async () => {
    await model.attach(new Device(new MemoryDatabase()), tabs);
    let answer: (old: NotificationPreferences) => void = () => undefined;
    requests.getPreferences.mockReturnValueOnce(new Promise((resolve) => (answer = resolve))).mockResolvedValue(muted);
    const loading = model.load();
    others.tell({ kind: "preferencesChanged" });
    await Promise.resolve();
    answer(stored);
    await loading;
    expect([state().preferences, requests.getPreferences.mock.calls.length]).toEqual([muted, 2]);
  });
});

describe("a choice", () => {
  beforeEach(() => model.load());

  /** An answer of the server that a test gives when it is time. */
  function createAnswer() {
    let resolve: (stored: NotificationPreferences) => void = () => undefined;
    let reject: (cause: Error) => void = () => undefined;
    const promise = new Promise<NotificationPreferences>((onAnswer, onRefusal) => {
      resolve = onAnswer;
      reject = onRefusal;
    });
    return { promise, resolve, reject };
  }

  it("is shown at once, and stays as the server has stored it", async () => {
    const answer = createAnswer();
    requests.putPreferences.mockReturnValue(answer.promise);
    const choosing = model.choose({ preview: false });
    expect(state().preferences?.preview).toBe(false);
    answer.resolve({ ...stored, preview: false, timeZone: "UTC" });
    await choosing;
    expect(state().preferences).toEqual({ ...stored, preview: false, timeZone: "UTC" });
  });

  it("is taken back when it is refused, and those beside it are not", async () => {
    const answer = createAnswer();
    requests.putPreferences.mockReturnValue(answer.promise);
    const refused = model.choose({ preview: false });
    const zoned = { ...stored, timeZone: "UTC" };
    const taken = model.choose({ timeZone: "UTC" });
    expect(state().preferences).toEqual({ ...zoned, preview: false });
    expect(requests.putPreferences).toHaveBeenCalledTimes(0);
    await Promise.resolve();
    requests.putPreferences.mockResolvedValue(zoned);
    answer.reject(new ChatError("unavailable", "Try again."));
    await expect(refused).rejects.toMatchObject({ code: "unavailable" });
    await taken;
    expect(state().preferences).toEqual(zoned);
  });

  it("is told to the other tabs once it is stored", async () => {
    await model.attach(new Device(new MemoryDatabase()), tabs);
    const told: TabMessage[] = [];
    others.on((message) => told.push(message));
    requests.putPreferences.mockResolvedValue(stored);
    await model.choose({ preview: true });
    expect(told).toEqual([{ kind: "preferencesChanged" }]);
  });
});

describe("what a choice makes of preferences", () => {
  it("is what was chosen, and the rest as it was, other types too", () => {
    const types = { job_match: { push: false, inApp: true } };
    const chosen = applyChange({ ...stored, timeZone: "Asia/Manila" }, { types });
    expect(chosen).toEqual({ ...stored, types: { chat_message: both, ...types }, timeZone: "Asia/Manila" });
  });

  it("ends quiet hours by null, which is not the same as leaving them out", () => {
    const quiet = { ...stored, quietHours: { from: "22:00", until: "07:00" } };
    expect(applyChange(quiet, { preview: false }).quietHours).not.toBeNull();
    expect(applyChange(quiet, { quietHours: null }).quietHours).toBeNull();
  });
});

describe("a conversation that is muted by an action", () => {
  beforeEach(() => model.load());

  it("is muted as long as the action waits, beside what the server has, and stays so once it was taken", async () => {
    const entry = mute("r", later);
    actions.set([entry]);
    expect(state().preferences).toEqual(muted);
    await model.load();
    expect(state().preferences).toEqual(muted);
    model.settle(entry);
    actions.set([]);
    expect(state().preferences).toEqual(muted);
  });

  it("is muted on this device when that was chosen on another", () => {
    model.hearMuted("r", later);
    expect(state().preferences).toEqual(muted);
    model.hearMuted("r", null);
    expect(state().preferences).toEqual(stored);
  });

  it("is as before when the action was refused", () => {
    actions.set([mute("r", later)]);
    actions.set([]);
    expect(state().preferences).toEqual(stored);
  });

  it("is muted beside others, and unmuted alone", () => {
    actions.set([mute("other", later), mute("r", later), mute("r", null)]);
    expect(state().preferences?.mutedRooms).toEqual({ other: later });
  });
});
