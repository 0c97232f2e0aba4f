import { act, StrictMode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { WritableStore } from "../../lib/store";
import { ViewBench } from "../../lib/viewBench.fixture";
import type { ChatClient } from "../../realtime/types";
import { ChatClientProvider, type SessionAccess } from "../session";
import { usePush, usePushNobody } from ".";
import { PushMenuItem } from "./PushMenuItem";
import { loadParts } from "./load";

const onNavigate = vi.fn();
const markRead = vi.fn();
const farewells = new Set<() => Promise<void>>();
const request = vi.fn((path: string) => Promise.resolve({ data: path.endsWith("web-key") ? { key: null } : {} }));
const me = new WritableStore({ id: "maya" });
const rooms = new WritableStore({ rooms: [] });
const notifications = Object.assign(new WritableStore({ items: [] }), { markRead });
const connection = new WritableStore({ phase: "online" });
const client = { me, rooms, notifications, connection } as unknown as ChatClient;

const asking = {
  permission: "default",
  requestPermission: vi.fn(() => {
    asking.permission = "granted";
    return Promise.resolve("granted");
  }),
};

function Page() {
  usePush("room-1", onNavigate);
  return <PushMenuItem />;
}

function SignedOutPage() {
  usePushNobody(true);
  return null;
}

describe("push in a page", () => {
  const worker = Object.assign(new EventTarget(), { startMessages: vi.fn() });
  const view = new ViewBench();

  beforeEach(() => {
    vi.stubGlobal("isSecureContext", true);
    vi.stubGlobal("Notification", asking);
    asking.permission = "default";
    Object.defineProperty(navigator, "serviceWorker", { value: worker, configurable: true });
    vi.clearAllMocks();
  });
  afterEach(() => {
    view.leave();
    Reflect.deleteProperty(navigator, "serviceWorker");
    expect(farewells.size).toBe(0);
  });

  async function open(access?: SessionAccess, page = <Page />): Promise<void> {
    view.show(
      <StrictMode>
        <ChatClientProvider client={client} {...(access && { access })}>
          {page}
        </ChatClientProvider>
      </StrictMode>,
    );
    await act(loadParts);
  }

  function createAccess(): SessionAccess {
    const onLeave = (farewell: () => Promise<void>) => {
      farewells.add(farewell);
      return () => farewells.delete(farewell);
    };
    return { rest: { request }, onLeave } as unknown as SessionAccess;
  }

  function tell(data: unknown, ports: MessagePort[] = []): void {
    worker.dispatchEvent(Object.assign(new Event("message"), { data, ports }));
  }

  it("is allowed by the item of the menu, which then says what became of it", async () => {
    await open(createAccess());
    expect([view.container.textContent, asking.requestPermission.mock.calls]).toEqual(["Allow notifications", []]);
    await act(async () => {
      view.container.querySelector("button")?.click();
      await vi.waitFor(() => expect(view.container.textContent).toContain("Notifications are on"));
    });
    expect(view.container.textContent).toBe(
      "Notifications are on Only while the chat is open: this server sends none after that.",
    );
    expect(view.container.querySelector("[aria-live]")?.getAttribute("aria-live")).toBe("polite");
    expect(farewells.size).toBe(1);
  });

  it("has no item in a page where the host signs people in", async () => {
    await open();
    expect(view.container.textContent).toBe("");
  });

  it("tells the service worker who is there, and what they look at", async () => {
    await open(createAccess());
    const port = { postMessage: vi.fn() };
    tell({ kind: "push.whoIsThere" }, [port as unknown as MessagePort]);
    expect(port.postMessage.mock.calls).toEqual([[{ userId: "maya", roomId: "room-1" }]]);
  });

  it("tells the service worker that nobody is there, so that the window is not taken for a frozen one", async () => {
    await open(undefined, <SignedOutPage />);
    const port = { postMessage: vi.fn() };
    tell({ kind: "push.whoIsThere" }, [port as unknown as MessagePort]);
    expect(port.postMessage.mock.calls).toEqual([[null]]);
    view.show(null);
    tell({ kind: "push.whoIsThere" }, [port as unknown as MessagePort]);
    expect(port.postMessage).toHaveBeenCalledOnce();
  });

  it("follows a click on a notification, and marks it read", async () => {
    await open(createAccess());
    const target = { kind: "job", jobId: "j" };
    tell({ kind: "push.follow", target, notificationId: "n1", userId: "maya" });
    expect([onNavigate.mock.calls, markRead.mock.calls]).toEqual([[[target]], [["n1"]]]);
    tell({ kind: "push.follow", target: null, notificationId: null, userId: null });
    tell({ kind: "push.follow", target, notificationId: "n1", userId: "theo" });
    tell("something else");
    expect([onNavigate.mock.calls.length, markRead.mock.calls.length]).toEqual([1, 1]);
  });
});
