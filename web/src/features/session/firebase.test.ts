import { beforeEach, describe, expect, it, vi } from "vitest";

import { refreshGrant, signInWithPassword } from "./firebaseApi";
import { createTokenSource } from "./tokens";
import type { FirebaseGrant } from "./tokenSource";

const settings = {
  apiKey: "a key",
  accountsUrl: "https://id.example/v1/accounts",
  tokenUrl: "https://t.example/token",
};
const fetchStub = vi.fn<typeof fetch>();
const answer = (body: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(body), { status }));
const refusal = (message: string) => answer({ error: { code: 400, message } }, 400);
const refreshed = { id_token: "id-2", refresh_token: "refresh-2", expires_in: "3600" };

function createGrant(lifeMs: number): FirebaseGrant {
  return { kind: "firebase", settings, idToken: "id-1", refreshToken: "refresh-1", expiresAt: Date.now() + lifeMs };
}

beforeEach(() => {
  fetchStub.mockReset();
  vi.stubGlobal("fetch", fetchStub);
});

describe("signInWithPassword", () => {
  it("sends e-mail and password to the project's endpoint, and takes what it gives", async () => {
    fetchStub.mockReturnValue(answer({ idToken: "id-1", refreshToken: "refresh-1", expiresIn: "3600" }));
    const grant = await signInWithPassword(settings, "a@b.example", "secret");
    const [url, init] = fetchStub.mock.calls[0]!;
    expect(url).toBe("https://id.example/v1/accounts:signInWithPassword?key=a%20key");
    expect(JSON.parse(init?.body as string)).toEqual({
      email: "a@b.example",
      password: "secret",
      returnSecureToken: true,
    });
    expect(grant).toMatchObject({ idToken: "id-1", refreshToken: "refresh-1", settings });
    expect(grant.expiresAt - Date.now()).toBeGreaterThan(3_500_000);
  });

  it.each([
    ["INVALID_LOGIN_CREDENTIALS", "wrong_password"],
    ["EMAIL_NOT_FOUND", "wrong_password"],
    ["USER_DISABLED", "disabled"],
    ["TOO_MANY_ATTEMPTS_TRY_LATER : Access is disabled for a while.", "too_many"],
  ])("says of %s: %s", async (message, code) => {
    fetchStub.mockReturnValue(refusal(message));
    await expect(signInWithPassword(settings, "a@b.example", "x")).rejects.toMatchObject({ code });
  });

  it("tells no network from a service that is down", async () => {
    fetchStub.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    await expect(signInWithPassword(settings, "a", "x")).rejects.toMatchObject({ code: "offline" });
    fetchStub.mockReturnValueOnce(Promise.resolve(new Response("<html>", { status: 503 })));
    await expect(signInWithPassword(settings, "a", "x")).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("refreshGrant", () => {
  it("ends the session when the refresh token is no longer taken, and only then", async () => {
    fetchStub.mockReturnValueOnce(refusal("TOKEN_EXPIRED"));
    await expect(refreshGrant(createGrant(0))).rejects.toMatchObject({ code: "unauthenticated" });
    fetchStub.mockReturnValueOnce(answer({}, 502));
    await expect(refreshGrant(createGrant(0))).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("the tokens of a Firebase session", () => {
  const onRefresh = vi.fn();

  beforeEach(() => {
    onRefresh.mockClear();
    fetchStub.mockImplementation(() => answer(refreshed));
  });

  it("hands out the one it has while that is good for long enough", async () => {
    const tokens = createTokenSource(createGrant(600_000), onRefresh);
    expect(await tokens.getToken({ forceRefresh: false })).toBe("id-1");
    expect(fetchStub).not.toHaveBeenCalled();
  });

  it("gets a new one shortly before the end, and keeps what it got", async () => {
    const tokens = createTokenSource(createGrant(60_000), onRefresh);
    expect(await tokens.getToken({ forceRefresh: false })).toBe("id-2");
    expect(fetchStub.mock.calls[0]![1]?.body).toBe("grant_type=refresh_token&refresh_token=refresh-1");
    expect(onRefresh).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ refreshToken: "refresh-2" }));
  });

  it("makes one request for all who ask at the same time", async () => {
    const tokens = createTokenSource(createGrant(600_000), onRefresh);
    const asked = [1, 2, 3].map(() => tokens.getToken({ forceRefresh: true }));
    expect(await Promise.all(asked)).toEqual(["id-2", "id-2", "id-2"]);
    expect(fetchStub).toHaveBeenCalledOnce();
    expect(onRefresh).toHaveBeenCalledOnce();
  });

  it("tries again after a failure", async () => {
    fetchStub.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    const tokens = createTokenSource(createGrant(0), onRefresh);
    await expect(tokens.getToken({ forceRefresh: false })).rejects.toMatchObject({ code: "offline" });
    expect(await tokens.getToken({ forceRefresh: false })).toBe("id-2");
  });
});
