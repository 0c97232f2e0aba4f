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
