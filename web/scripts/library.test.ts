/** The library as a host gets it: built, imported from its package, and rendered beside the host's own React. */
import "fake-indexeddb/auto";

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { act, createElement as element, type ComponentType } from "react";
import { createRoot } from "react-dom/client";
import { beforeAll, describe, expect, it, vi } from "vitest";

type Library = Record<string, ComponentType<object>> & {
  useWebSocket(): { readonly isConnected: boolean; readonly unreadCount: number };
};

const account = { serverUrl: "https://chat.example", account: "maya", getToken: () => Promise.resolve("a token") };
const built = join(import.meta.dirname, "../node_modules/.library");
let library: Library;

const opened: string[] = [];

/** The sockets that are opened to the chat server; none of them connects. */
class CountedSocket {
  readyState = 0;
  constructor(url: string) {
    opened.push(url);
  }
  close(): void {
    this.readyState = 3;
  }
}

beforeAll(async () => {
  const options = ["--config", "vite.lib.config.ts", "--outDir", built, "--emptyOutDir", "--logLevel", "error"];
  execFileSync("npx", ["vite", "build", ...options], { stdio: "pipe" });
  vi.stubGlobal("WebSocket", CountedSocket); // Socket.IO takes it when it is imported
  library = (await import(join(built, "library.js"))) as Library;
}, 60_000);

describe("the built library", () => {
  it("has the parts that hosts use, and one style sheet", () => {
    const names = [
      "HyredChat",
      "ChatInterface",
      "ChatProvider",
      "ChatRoomList",
      "ChatSearch",
      "RealTimeNotifications",
      "useWebSocket",
    ];
    for (const name of names) expect(library[name], name).toBeTypeOf("function");
    expect(existsSync(join(built, "style.css"))).toBe(true);
  });

  it("renders its parts, all over one socket, however many providers there are", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("There is no network here.")));
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
    const { ChatProvider, ChatRoomList, ChatInterface, ChatSearch, RealTimeNotifications, useWebSocket } = library;
    const Status = () => element("output", null, useWebSocket().isConnected ? "connected" : "not connected");
    const parts = [
      element(ChatRoomList!, { key: "rooms", onSelect: vi.fn() } as object),
      element(ChatInterface!, { key: "room", roomId: "a-room" } as object),
      element(ChatSearch!, { key: "search", onSelect: vi.fn() } as object),
      element(RealTimeNotifications!, { key: "bell", onNavigate: vi.fn() } as object),
      element(Status, { key: "status" }),
    ];
    const page = document.body.appendChild(document.createElement("div"));
    const root = createRoot(page);
    const provider = (key: string, children: unknown) =>
      element(ChatProvider!, { key, ...account, children } as object);
    act(() => root.render([provider("left", parts), provider("right", element(Status))]));
    await act(() => vi.waitFor(() => expect(opened).toHaveLength(1)));

    expect(page.querySelector('input[type="search"]')).not.toBeNull();
    expect(page.querySelector("main.hc-conversation")).not.toBeNull();
    expect(page.querySelector('.hc-part--search button[aria-haspopup="dialog"]')).not.toBeNull();
    expect(page.querySelector('.hc-part--notifications button[aria-haspopup="dialog"]')).not.toBeNull();
    expect([...page.querySelectorAll("output")].map((output) => output.textContent)).toEqual(
      Array(2).fill("not connected"),
    );
    expect(opened).toHaveLength(1);
    expect(opened[0]).toContain("wss://chat.example/socket.io/");
    act(() => root.unmount());
  });
});
