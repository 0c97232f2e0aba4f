// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ChatError } from "../../lib/api/chatError";
import { FakeBrowser, FakeOwners, FakeServer, KEY, OTHER_KEY } from "./pushBrowser.fixture";
import { PushDevice } from "./pushDevice";

const FIRST = "https://push.example/1";
const SECOND = "https://push.example/2";

let browser: FakeBrowser;
let owners: FakeOwners;
let server: FakeServer;
const closeNotifications = vi.fn(() => Promise.resolve());

function createDevice(): PushDevice {
  return new PushDevice({ rest: server, browser, owners, appVersion: "1.2.3", closeNotifications });
}

/** A device of somebody who has allowed notifications before. */
async function startDevice(userId = "maya"): Promise<PushDevice> {
  browser.answered = "granted";
  const device = createDevice();
  device.start(userId);
  await vi.waitFor(() => expect(device.state.getSnapshot()).not.toBe("working"));
  return device;
}

beforeEach(() => {
  [browser, owners, server] = [new FakeBrowser(), new FakeOwners(), new FakeServer()];
  closeNotifications.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("allowing notifications", () => {
  test("is asked for by a click only, and then registers the subscription", async () => {
    const device = createDevice();
    device.start("maya");
    await device.refresh();
    expect([device.state.getSnapshot(), browser.asked, server.asked]).toEqual(["default", 0, []]);
    await device.allow();
    expect([device.state.getSnapshot(), browser.asked]).toEqual(["subscribed", 1]);
    expect(server.pathsOf("PUT")).toEqual(["/api/push/devices"]);
    expect(server.bodiesOf("PUT")).toEqual([
      {
        token: FIRST,
        platform: "web",
        appVersion: "1.2.3",
        locale: "en",
        timeZone: "Europe/Madrid",
        subscription: { endpoint: "https://push.example/1", keys: { p256dh: "p", auth: "a" } },
      },
    ]);
    expect(owners.owner).toEqual({ userId: "maya", locale: "en", key: KEY, endpoint: "https://push.example/1" });
  });

  test("that is refused says so, and asks no server", async () => {
    browser.willAnswer = "denied";
    const device = createDevice();
    device.start("maya");
    await device.allow();
    expect([device.state.getSnapshot(), server.asked]).toEqual(["denied", []]);
  });

  test.each(["homeScreen", "unsupported"] as const)("is not asked for where it is %s", async (support) => {
    browser.supported = support;
    const device = createDevice();
    device.start("maya");
    await device.allow();
    expect([device.state.getSnapshot(), browser.asked]).toEqual([support, 0]);
  });

  test("without a key of the server leaves live notifications", async () => {
    server.key = null;
    expect((await startDevice()).state.getSnapshot()).toBe("noServerPush");
    expect([browser.made, server.pathsOf("PUT")]).toEqual([0, []]);
  });

  test("in a browser without push leaves live notifications", async () => {
    browser.hasPush = false;
    expect((await startDevice()).state.getSnapshot()).toBe("noBrowserPush");
  });

  test("follows the browser's settings: blocked, and allowed again", async () => {
    const device = await startDevice();
    browser.changePermission("denied");
    expect(device.state.getSnapshot()).toBe("denied");
    browser.changePermission("granted");
    await vi.waitFor(() => expect(device.state.getSnapshot()).toBe("subscribed"));
    expect(server.pathsOf("PUT")).toHaveLength(2);
  });
});

describe("a device", () => {
  test.each([true, false])(
    "is registered again at each start, the same (the browser tells its key: %s)",
    async (tells) => {
      browser.tellsKey = tells;
      await startDevice();
      browser.zone = "America/Lima";
      await startDevice();
      expect(server.tokensOf("PUT")).toEqual([FIRST, FIRST]);
      expect(server.bodiesOf("PUT")[1]).toMatchObject({ timeZone: "America/Lima" });
    },
  );

  test("is registered again when the language changes, and not when nothing has", async () => {
    const device = await startDevice();
    await device.refresh();
    expect(server.pathsOf("PUT")).toHaveLength(1);
    browser.language = "es";
    await device.refresh();
    expect(server.bodiesOf("PUT")[1]).toMatchObject({ locale: "es" });
    expect(owners.owner?.locale).toBe("es");
  });

  test("registers once, though it is asked twice at the same time", async () => {
    browser.answered = "granted";
    const device = createDevice();
    device.start("maya");
    await Promise.all([device.refresh(), device.allow()]);
    expect(server.pathsOf("PUT")).toHaveLength(1);
  });

  test.each([true, false])(
    "subscribes anew with another key of the server (the browser tells its key: %s)",
    async (tells) => {
      browser.tellsKey = tells;
      await startDevice();
      server.key = OTHER_KEY;
      await startDevice();
      expect(server.tokensOf("PUT")).toEqual([FIRST, SECOND]);
      expect(owners.owner).toMatchObject({ key: OTHER_KEY, endpoint: "https://push.example/2" });
    },
  );

  test("registers the new subscription when the browser has changed it", async () => {
    const device = await startDevice();
    browser.subscription = null;
    await device.renew();
    expect(server.tokensOf("PUT")).toEqual([FIRST, SECOND]);
  });

  test("goes on with what was registered when there is no network, and registers once there is", async () => {
    await startDevice();
    server.refusal = new ChatError("offline", "");
    const device = await startDevice();
    expect(device.state.getSnapshot()).toBe("subscribed");
    server.refusal = null;
    await device.refresh();
    expect(server.pathsOf("PUT")).toHaveLength(2);
  });

  test.each([
    ["the push service cannot be reached", () => (browser.refusal = new DOMException("", "AbortError"))],
    ["the server refuses", () => (server.refusal = new ChatError("bad_request", ""))],
    ["there is no network the first time", () => (server.refusal = new ChatError("offline", ""))],
  ])("has failed, and may be tried again, when %s", async (_, breakIt) => {
    breakIt();
    const device = await startDevice();
    expect(device.state.getSnapshot()).toBe("failed");
    [browser.refusal, server.refusal] = [null, null];
    await device.allow();
    expect(device.state.getSnapshot()).toBe("subscribed");
  });

  test("of the one before passes to whoever signs in next, who sees nothing of theirs", async () => {
    await startDevice("theo");
    expect(closeNotifications).not.toHaveBeenCalled();
    await startDevice("maya");
    expect(owners.owner?.userId).toBe("maya");
    expect(server.tokensOf("PUT")).toEqual([FIRST, FIRST]);
    expect(closeNotifications).toHaveBeenCalledOnce();
  });
});

describe("signing out", () => {
  test("removes the device, then the subscription, and what is shown", async () => {
    const device = await startDevice();
    await device.remove("maya");
    expect(server.pathsOf("POST")).toEqual(["/api/push/devices/remove"]);
    expect(server.tokensOf("POST")).toEqual([FIRST]);
    expect([browser.subscription, owners.owner]).toEqual([null, null]);
    expect(closeNotifications).toHaveBeenCalledOnce();
  });

  test("ends the subscription though the server cannot be told", async () => {
    const device = await startDevice();
    server.refusal = new ChatError("offline", "");
    await device.remove("maya");
    expect([browser.subscription, owners.owner]).toEqual([null, null]);
  });

  test("never waits longer than two seconds", async () => {
    const device = await startDevice();
    server.isStuck = true;
    vi.useFakeTimers();
    let isDone = false;
    void device.remove("maya").then(() => (isDone = true));
    await vi.advanceTimersByTimeAsync(1_999);
    expect([isDone, owners.owner]).toEqual([false, null]);
    await vi.advanceTimersByTimeAsync(1);
    expect(isDone).toBe(true);
  });

  test("leaves the device of whoever has signed in since", async () => {
    const theos = await startDevice("theo");
    await startDevice("maya");
    await theos.remove("theo");
    expect(server.pathsOf("POST")).toEqual([]);
    expect([browser.subscription?.endpoint, owners.owner?.userId]).toEqual(["https://push.example/1", "maya"]);
  });

  test("without ever having subscribed asks nothing", async () => {
    const device = createDevice();
    device.start("maya");
    await device.remove("maya");
    expect(server.asked).toEqual([]);
  });

  test("in the middle of registering leaves nothing registered", async () => {
    browser.answered = "granted";
    const device = createDevice();
    const removing = new Promise<void>((resolve) => {
      server.onAsked = () => resolve(device.remove("maya"));
    });
    device.start("maya");
    await removing;
    expect([server.pathsOf("PUT"), owners.owner]).toEqual([[], null]);
  });
});
