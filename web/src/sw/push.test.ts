// @vitest-environment node
import { beforeEach, describe, expect, test, vi } from "vitest";
import { readPush, type Push } from "./payload";
import { receivePush } from "./push";
import { FakeSurroundings, FakeWindow, MAYA } from "./surroundings.fixture";
import { isWebKit } from "./worker";

const ROOM = { chatRoomId: "room-1", seq: "7", notificationId: "n1" };

function pushOf(change: Partial<Push> = {}): Push {
  return {
    collapseKey: "n1",
    title: "Juniper",
    body: "Hello",
    badge: 3,
    isWithdrawn: false,
    isSilent: false,
    data: ROOM,
    ...change,
  };
}

let worker: FakeSurroundings;
beforeEach(() => {
  worker = new FakeSurroundings();
});

describe("a push", () => {
  test("is shown by its collapse key, with the room, whose it is, and a way to reply", async () => {
    await receivePush(worker, pushOf());
    expect(worker.shown.map(({ title, body }) => [title, body])).toEqual([["Juniper", "Hello"]]);
    expect(worker.shown[0]?.options).toMatchObject({
      tag: "n1",
      data: { ...ROOM, userId: "maya" },
      renotify: true,
      icon: "/icons/icon-192.png",
      badge: "/icons/badge-96.png",
      actions: [{ action: "reply", type: "text", title: "Reply" }],
    });
    expect(worker.badges).toEqual([3]);
  });

  test("of something else than a conversation has nothing to reply to", async () => {
    await receivePush(worker, pushOf({ data: { jobId: "j" } }));
    expect(worker.shown[0]?.options.actions).toBeUndefined();
  });

  test("speaks the language of the page", async () => {
    worker.owner = { ...MAYA, locale: "es" };
    await receivePush(worker, pushOf());
    expect(worker.shown[0]?.options.actions?.[0]?.title).toBe("Responder");
  });

  test("takes the place of the one before, with a sound when it says something new after a while", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const sounds = async (seconds: number, change: Partial<Push>) => {
      vi.setSystemTime(seconds * 1000 + 1e12);
      await receivePush(worker, pushOf(change));
      expect(worker.shown).toHaveLength(1);
      return worker.shown[0]?.options.renotify;
    };
    expect(await sounds(0, {})).toBe(true);
    expect(await sounds(5, { body: "2 new messages", data: { ...ROOM, seq: "8" } })).toBe(false);
    expect(await sounds(30, { body: "3 new messages", data: { ...ROOM, seq: "9" } })).toBe(true);
    expect(await sounds(90, { body: "3 new messages", data: { ...ROOM, seq: "9" } })).toBe(false);
    vi.useRealTimers();
  });

  test("that says what an edited message says now takes the place of what is shown, without a sound", async () => {
    await receivePush(worker, pushOf({ data: { ...ROOM, seq: "8" } }));
    await receivePush(worker, pushOf({ body: "Hello again", isSilent: true, data: { ...ROOM, seq: "8" } }));
    expect(worker.shown.map(({ body, options }) => [body, options.renotify, options.silent])).toEqual([
      ["Hello again", false, true],
    ]);
  });

  test("that says what is left after a deletion leaves nothing of a later message that was deleted", async () => {
    await receivePush(worker, pushOf({ body: "deleted", data: { ...ROOM, seq: "8" } }));
    await receivePush(worker, pushOf({ body: "Hello", isSilent: true }));
    expect(worker.shown.map(({ body }) => body)).toEqual(["Hello"]);
  });

  test("that was overtaken by a later one shows nothing", async () => {
    await receivePush(worker, pushOf({ body: "later", data: { ...ROOM, seq: "8" } }));
    await receivePush(worker, pushOf({ body: "earlier" }));
    expect(worker.shown.map(({ body }) => body)).toEqual(["later"]);
  });

  test("shows nothing while its person looks at the conversation", async () => {
    worker.windows = [new FakeWindow({ userId: "maya", roomId: "room-1" }, "visible")];
    await receivePush(worker, pushOf());
    expect(worker.history).toEqual([]);
    expect(worker.badges).toEqual([3]);
  });

  test.each([
    ["looks at another conversation", { userId: "maya", roomId: "room-2" }, "visible"],
    ["has hidden the window", { userId: "maya", roomId: "room-1" }, "hidden"],
    ["is not the one who looks", { userId: "theo", roomId: "room-1" }, "visible"],
    ["is signed out in the window", null, "visible"],
  ] as const)("is shown when its person %s", async (_, state, visibility) => {
    worker.windows = [new FakeWindow(state, visibility)];
    await receivePush(worker, pushOf());
    expect(worker.shown).toHaveLength(1);
  });

  test("that withdraws closes what its collapse key shows, and nothing else", async () => {
    await receivePush(worker, pushOf());
    await receivePush(worker, pushOf({ collapseKey: "n2", badge: null }));
    await receivePush(worker, pushOf({ title: "", isWithdrawn: true, badge: 0 }));
    expect(worker.shown.map(({ options }) => options.tag)).toEqual(["n2"]);
    expect(worker.badges).toEqual([3, 0]);
  });

  test("that withdraws shows something for a moment where the browser must see it", async () => {
    worker.mustShow = true;
    await receivePush(worker, pushOf({ title: "", isWithdrawn: true }));
    expect(worker.history.map(({ options }) => [options.tag, options.silent])).toEqual([["n1", true]]);
    expect(worker.shown).toEqual([]);
  });

  test("that nobody can read is shown plainly, once, in the language of the page", async () => {
    worker.owner = { ...MAYA, locale: "es" };
    await receivePush(worker, null);
    await receivePush(worker, null);
    expect(worker.shown.map(({ title }) => title)).toEqual(["Nueva notificación"]);
  });

  test("is not shown when nobody is signed in here, and ends the subscription", async () => {
    worker.owner = null;
    await receivePush(worker, pushOf());
    expect(worker.history).toEqual([]);
    expect(worker.isUnsubscribed).toBe(true);
  });

  test("is shown, without a way to reply, where the browser keeps nothing of whose it is", async () => {
    worker.owner = undefined;
    worker.locale = "es-MX";
    await receivePush(worker, pushOf());
    expect(worker.shown).toHaveLength(1);
    expect(worker.shown[0]?.options.actions).toBeUndefined();
    await receivePush(worker, null);
    expect(worker.shown.at(-1)?.title).toBe("Nueva notificación");
  });
});

describe("what was pushed", () => {
  const read = (payload: unknown) => readPush({ json: () => payload });

  test("is read as the server writes it", () => {
    const sent = { collapseKey: "n1", title: "T", body: "B", badge: 2, withdrawn: false, data: { type: "x" } };
    expect(read(sent)).toEqual({
      collapseKey: "n1",
      title: "T",
      body: "B",
      badge: 2,
      isWithdrawn: false,
      isSilent: false,
      data: { type: "x" },
    });
    expect(read({ ...sent, title: "", body: "", withdrawn: true })).toMatchObject({ isWithdrawn: true });
  });

  test.each([[null], ["text"], [{}], [{ collapseKey: "n1" }], [{ collapseKey: "", title: "T" }], [{ collapseKey: 1 }]])(
    "is nothing when it is %j",
    (payload) => expect(read(payload)).toBeNull(),
  );

  test("is nothing when it is no JSON, or empty", () => {
    const broken = {
      json: () => {
        throw new SyntaxError("no JSON");
      },
    };
    expect(readPush(broken)).toBeNull();
    expect(readPush(null)).toBeNull();
  });

  test("keeps what is well formed beside what is not", () => {
    expect(read({ collapseKey: "n1", title: "T", body: 1, badge: -1, data: "d" })).toMatchObject({
      body: "",
      badge: null,
      data: {},
    });
  });
});

test.each([
  ["Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15", true],
  ["Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120 Mobile Safari/604.1", true],
  ["Mozilla/5.0 (X11; Linux) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36", false],
  ["Mozilla/5.0 (X11; Linux; rv:120.0) Gecko/20100101 Firefox/120.0", false],
])("%s is WebKit: %s", (userAgent, expected) => expect(isWebKit(userAgent)).toBe(expected));
