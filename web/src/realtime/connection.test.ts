// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ChatError } from "../lib/api/chatError";
import { Connection } from "./connection";
import { FakePage } from "./testing/fakePage";
import { FakeServer, Refusal } from "./testing/fakeSocket";

let server: FakeServer;
let page: FakePage;
let connection: Connection;
const getToken = vi.fn<(how: { forceRefresh: boolean }) => Promise<string>>();
const catchUp = vi.fn<() => Promise<void>>();
const onSignedOut = vi.fn<(reason: string) => void>();

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  server.on("sync", () => ({ rooms: [], more: false }));
  page = new FakePage();
  getToken.mockReset().mockImplementation(({ forceRefresh }) => Promise.resolve(forceRefresh ? "fresh" : "old"));
  catchUp.mockReset().mockResolvedValue();
  onSignedOut.mockReset();
  connection = new Connection({ serverUrl: "", getToken, onSignedOut, page, openSocket: server.open, catchUp });
});

afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

const phase = () => connection.state.getSnapshot().phase;
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function connect(): Promise<void> {
  connection.start();
  await pass();
}

describe("connecting", () => {
  test("is online when what was missed has been fetched", async () => {
    let finish = (): void => undefined;
    catchUp.mockReturnValue(new Promise((resolve) => (finish = resolve)));
    await connect();
    expect(phase()).toBe("connecting");
    finish();
    await pass();
    expect(phase()).toBe("online");
  });

  test("catches up again after a pause when that has failed", async () => {
    catchUp.mockRejectedValueOnce(new ChatError("unavailable", ""));
    await connect();
    expect(phase()).toBe("connecting");
    await pass(400);
    expect(phase()).toBe("online");
  });

  test("says when it tries again, later each time, and at once when it is asked to", async () => {
    server.refusal = () => "down";
    await connect();
    const pauses: number[] = [];
    for (let round = 0; round < 8; round++) {
      const state = connection.state.getSnapshot();
      if (state.phase !== "reconnecting" || state.retryAt === null) throw new Error(`It is ${state.phase}.`);
      pauses.push(state.retryAt - Date.now());
      await pass(state.retryAt - Date.now());
    }
    expect(pauses[0]).toBeLessThanOrEqual(400);
    expect(Math.min(...pauses.slice(5))).toBeGreaterThanOrEqual(5_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(10_000);
    server.refusal = null;
    connection.reconnectNow();
    await pass();
    expect(phase()).toBe("online");
  });

  test("begins with polling where no WebSocket gets through, and stays with that", async () => {
    server.refusal = () => (server.socket.isPollingFirst ? null : "down");
    await connect();
    await pass(2_000);
    expect(phase()).toBe("online");
    server.socket.break();
    await pass(400);
    expect(phase()).toBe("online");
    expect(server.sockets.map(({ isPollingFirst }) => isPollingFirst)).toEqual([false, false, true, true]);
  });

  test("gives up an attempt that nobody answers", async () => {
    getToken.mockReturnValueOnce(new Promise(() => undefined));
    await connect();
    await pass(15_000);
    expect(phase()).toBe("reconnecting");
    await pass(400);
    expect(phase()).toBe("online");
  });

  test("takes no notice of a socket that it has left", async () => {
    await connect();
    const old = server.socket;
    old.break();
    await pass(400);
    old.break();
    old.emit("auth_expiring", {});
    expect(phase()).toBe("online");
    expect(server.payloadsOf("authenticate")).toEqual([]);
  });
});

describe("a token", () => {
  test("is refreshed once when it is refused, and then the session is over", async () => {
    server.refusal = () => "token_expired";
    await connect();
    expect(server.sockets.map(({ token }) => token)).toEqual(["old", "fresh"]);
    expect(connection.state.getSnapshot()).toEqual({ phase: "signedOut", reason: "token_expired" });
    expect(onSignedOut).toHaveBeenCalledExactlyOnceWith("token_expired");
    page.setOnline(true);
    await pass(60_000);
    expect(server.sockets).toHaveLength(2);
  });

  test("that was refreshed in time lets the session go on", async () => {
    server.refusal = (token) => (token === "old" ? "token_expired" : null);
    await connect();
    expect(phase()).toBe("online");
  });

  test("of nobody ends the session at once", async () => {
    server.refusal = () => "user_not_found";
    await connect();
    expect(server.sockets).toHaveLength(1);
    expect(phase()).toBe("signedOut");
  });

  test("that the app cannot give any more ends the session; one that only fails to come is asked for again", async () => {
    getToken.mockRejectedValueOnce(new TypeError("network"));
    await connect();
    expect(phase()).toBe("reconnecting");
    getToken.mockRejectedValueOnce(new ChatError("unauthenticated", ""));
    await pass(400);
    expect(phase()).toBe("signedOut");
  });

  test("that REST refuses for good while catching up ends the session, too", async () => {
    catchUp.mockRejectedValue(new ChatError("token_expired", ""));
    await connect();
    expect(connection.state.getSnapshot()).toEqual({ phase: "signedOut", reason: "token_expired" });
  });

  test("is renewed on the live socket before it expires, again when that fails", async () => {
    let answers = 0;
    server.on("authenticate", () => {
      if (answers++ === 0) throw new Refusal("unavailable");
      return {};
    });
    await connect();
    server.socket.emit("auth_expiring", { expiresAt: "soon" });
    await pass(10_000);
    expect(server.payloadsOf("authenticate")).toEqual([{ token: "fresh" }, { token: "fresh" }]);
    expect(server.sockets).toHaveLength(1);
  });

  test("is a fresh one after the server ended the session for its age", async () => {
    await connect();
    server.socket.emit("error", { code: "token_expired", event: "connect" });
    server.socket.break();
    await pass(400);
    expect(server.socket.token).toBe("fresh");
  });
});

describe("a connection that is lost", () => {
  test("comes back by itself and catches up", async () => {
    await connect();
    const phases: string[] = [];
    connection.state.subscribe(() => phases.push(phase()));
    server.socket.break();
    await pass(400);
    expect(phases).toEqual(["reconnecting", "reconnecting", "catchingUp", "online"]);
    expect(catchUp).toHaveBeenCalledTimes(2);
  });

  test("is offline while the device has no network, and tries as soon as it has one", async () => {
    await connect();
    page.setOnline(false);
    expect(phase()).toBe("offline");
    expect(server.socket.isEnded).toBe(true);
    await pass(20_000);
    expect(server.sockets).toHaveLength(1);
    page.setOnline(true);
    await pass();
    expect(phase()).toBe("online");
  });

  test("is noticed on waking up when nothing answers", async () => {
    await connect();
    server.answers.delete("sync");
    page.wake();
    await pass(3_999);
    expect(server.sockets).toHaveLength(1);
    await pass(1);
    expect(server.sockets).toHaveLength(2);
    expect(phase()).toBe("online");
  });

  test("is kept on waking up when the server answers, whatever it says", async () => {
    await connect();
    server.on("sync", () => {
      throw new Refusal("rate_limited");
    });
    page.wake();
    await pass(10_000);
    expect(server.sockets).toHaveLength(1);
  });
});

describe("a request", () => {
  test("returns the data of its acknowledgement, or throws the refusal", async () => {
    server.on("good", (payload) => ({ got: payload }));
    server.on("bad", () => {
      throw new Refusal("access_denied");
    });
    await connect();
    expect(await connection.request("good", { a: 1 })).toEqual({ got: { a: 1 } });
    await expect(connection.request("bad", {})).rejects.toMatchObject({ code: "access_denied" });
  });

  test("is offline without a connection, and when the connection breaks", async () => {
    await expect(connection.request("any", {})).rejects.toMatchObject({ code: "offline" });
    await connect();
    const asking = expect(connection.request("any", {})).rejects.toMatchObject({ code: "offline" });
    server.socket.break();
    await asking;
  });

  test("is late after its time, and the connection is looked at", async () => {
    await connect();
    const asking = expect(connection.request("any", {}, 500)).rejects.toMatchObject({ code: "timeout" });
    await pass(500);
    await asking;
    expect(server.payloadsOf("sync")).toEqual([{ rooms: {} }]);
  });
});

test("a closed connection leaves no timer and no listener behind", async () => {
  await connect();
  server.socket.break();
  connection.close();
  expect(vi.getTimerCount()).toBe(0);
  expect(page.listeners).toBe(0);
});
