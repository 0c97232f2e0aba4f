import { beforeEach, describe, expect, it, vi } from "vitest";

import type { ChatClient, ChatClientOptions } from "../../realtime/types";
import { keepGrant, storageKey } from "./grantStorage";
import { Session } from "./session";

const maya = { name: "Maya", role: "va", title: "", avatar: null, token: "dev-token-maya" };
let made: ChatClientOptions[] = [];
const client = { close: vi.fn(), signOut: vi.fn(() => Promise.resolve()) };

function createSession(): Session {
  return new Session((options) => {
    made.push(options);
    return client as unknown as ChatClient;
  });
}

const phaseOf = (session: Session) => session.state.getSnapshot().phase;

function signedIn(session: Session) {
  const state = session.state.getSnapshot();
  if (state.phase !== "signedIn") throw new Error("Nobody is signed in.");
  return state;
}

beforeEach(() => {
  made = [];
  sessionStorage.clear();
  localStorage.clear();
  vi.clearAllMocks();
});

describe("Session", () => {
  it("signs a demo person in, for this tab only", async () => {
    const session = createSession();
    session.signInAs(maya);
    expect(phaseOf(session)).toBe("signedIn");
    expect(await made[0]!.getToken({ forceRefresh: true })).toBe("dev-token-maya");
    expect(sessionStorage.getItem(storageKey)).not.toBeNull();
    expect(localStorage.getItem(storageKey)).toBeNull();
  });

  it("goes on after a reload", () => {
    createSession().signInAs(maya);
    const reloaded = createSession();
    reloaded.resume();
    expect(phaseOf(reloaded)).toBe("signedIn");
  });

  it("keeps nothing after signing out, neither token nor what the client kept", async () => {
    const session = createSession();
    session.signInAs(maya);
    await session.signOut();
    expect(session.state.getSnapshot()).toEqual({ phase: "signedOut", reason: null });
    expect(client.signOut).toHaveBeenCalledOnce();
    expect(sessionStorage.length).toBe(0);
  });

  it("ends when the token is refused for good, and says why; what waits to be sent stays on the device", () => {
    const session = createSession();
    session.signInAs(maya);
    made[0]!.onSignedOut?.("token_expired");
    expect(session.state.getSnapshot()).toEqual({ phase: "signedOut", reason: "token_expired" });
    expect(client.close).toHaveBeenCalledOnce();
    expect(client.signOut).not.toHaveBeenCalled();
    expect(sessionStorage.length).toBe(0);
  });

  it("has done what others do on leaving, with the token, and signs out meanwhile", async () => {
    const session = createSession();
    session.signInAs(maya);
    const { access } = signedIn(session);
    const tokens: unknown[] = [];
    vi.stubGlobal("fetch", (_: string, { headers }: { headers: Record<string, string> }) => {
      tokens.push(headers.Authorization);
      return Promise.resolve(Response.json({ success: true, data: {} }));
    });
    access.onLeave(async () => {
      await access.rest.request("/api/push/devices/x", { method: "DELETE" });
    });
    await session.signOut();
    expect(tokens).toEqual(["Bearer dev-token-maya"]);
    expect(client.signOut).toHaveBeenCalledOnce();
  });

  it("waits at most two seconds for what others do on leaving, and fails with none of it", async () => {
    vi.useFakeTimers();
    const session = createSession();
    session.signInAs(maya);
    const { access } = signedIn(session);
    access.onLeave(() => Promise.reject(new Error("no")));
    access.onLeave(() => new Promise(() => undefined));
    let isDone = false;
    void session.signOut().then(() => (isDone = true));
    expect(phaseOf(session)).toBe("signedOut");
    await vi.advanceTimersByTimeAsync(1_999);
    expect(isDone).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isDone).toBe(true);
    vi.useRealTimers();
  });

  it("has it done, too, when the session ends by itself", () => {
    const session = createSession();
    session.signInAs(maya);
    const leave = vi.fn(() => Promise.resolve());
    const end = vi.fn(() => Promise.resolve());
    signedIn(session).access.onLeave(leave);
    signedIn(session).access.onLeave(end)();
    made[0]!.onSignedOut?.("token_expired");
    expect(leave).toHaveBeenCalledOnce();
    expect(end).not.toHaveBeenCalled();
  });

  it("keeps no token that is refreshed while it ends", async () => {
    const settings = { apiKey: "k", accountsUrl: "https://accounts", tokenUrl: "https://token" };
    const grant = { kind: "firebase", settings, idToken: "old", refreshToken: "r", expiresAt: 0 } as const;
    keepGrant({ grant, isKept: false });
    const fresh = { id_token: "new", refresh_token: "r2", expires_in: "3600" };
    vi.stubGlobal("fetch", (url: string) =>
      Promise.resolve(Response.json(url.startsWith("https://token") ? fresh : { success: true, data: {} })),
    );
    const session = createSession();
    session.resume();
    const { access } = signedIn(session);
    access.onLeave(async () => {
      await access.rest.request("/api/push/devices/x", { method: "DELETE" });
    });
    await session.signOut();
    expect(await made[0]!.getToken({ forceRefresh: false })).toBe("new");
    expect(sessionStorage.length).toBe(0);
  });

  it("forgets a session that was kept on the device for longer than thirty days", async () => {
    const grant = { kind: "demo", token: "t" } as const;
    const day = 24 * 3600 * 1000;
    keepGrant({ grant, isKept: true }, Date.now() - 31 * day);
    const late = createSession();
    late.resume();
    expect(phaseOf(late)).toBe("signedOut");
    keepGrant({ grant, isKept: true }, Date.now() - 29 * day);
    const inTime = createSession();
    inTime.resume();
    expect(phaseOf(inTime)).toBe("signedIn");
    await inTime.signOut();
  });

  it("ends a kept session in every tab when one signs out", () => {
    keepGrant({ grant: { kind: "demo", token: "t" }, isKept: true });
    const session = createSession();
    session.resume();
    window.dispatchEvent(new StorageEvent("storage", { key: storageKey, newValue: null }));
    expect(phaseOf(session)).toBe("signedOut");
    expect(client.close).toHaveBeenCalledOnce();
  });
});
