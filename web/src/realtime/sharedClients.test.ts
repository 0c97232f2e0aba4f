// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WritableStore } from "../lib/store";
import { acquireChatClient } from "./sharedClients";
import type { ChatClient, ConnectionState } from "./types";

const close = vi.fn<() => void>();
const connections: WritableStore<ConnectionState>[] = [];

function create(): ChatClient {
  const connection = new WritableStore<ConnectionState>({ phase: "online" });
  connections.push(connection);
  return { connection, close } as unknown as ChatClient;
}

function acquire(account: string) {
  return acquireChatClient({ serverUrl: "http://server", account, getToken: () => Promise.resolve("token") }, create);
}

beforeEach(() => {
  vi.useFakeTimers();
  close.mockReset();
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

describe("components of one page", () => {
  test("share one client for an account, which closes after the last", () => {
    const [one, two] = [acquire("a"), acquire("a")];
    expect(one.client).toBe(two.client);
    one.release();
    one.release();
    vi.advanceTimersByTime(1_000);
    expect(close).not.toHaveBeenCalled();
    two.release();
    vi.advanceTimersByTime(1_000);
    expect(close).toHaveBeenCalledOnce();
  });

  test("keep their client when they are made anew at once", () => {
    const one = acquire("a");
    one.release();
    const two = acquire("a");
    vi.advanceTimersByTime(1_000);
    expect(two.client).toBe(one.client);
    expect(close).not.toHaveBeenCalled();
    two.release();
  });

  test("do not get another account's client, nor one whose session is over", () => {
    const [one, other] = [acquire("a"), acquire("b")];
    expect(one.client).not.toBe(other.client);
    connections.at(-2)?.set({ phase: "signedOut", reason: "token_expired" });
    const anew = acquire("a");
    expect(anew.client).not.toBe(one.client);
    for (const held of [one, other, anew]) held.release();
  });
});
