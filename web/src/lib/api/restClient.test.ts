// @vitest-environment node
import { describe, expect, test, vi } from "vitest";
import { RestClient } from "./restClient";

function answer(status: number, body: unknown): Response {
  return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
}

function clientOf(send: typeof fetch, timeoutMs = 1_000) {
  const getToken = vi.fn(({ forceRefresh }: { forceRefresh: boolean }) =>
    Promise.resolve(forceRefresh ? "fresh" : "old"),
  );
  return { getToken, client: new RestClient({ serverUrl: "http://server/", getToken, fetch: send, timeoutMs }) };
}

describe("a REST request", () => {
  test("opens the envelope", async () => {
    const send = vi
      .fn<typeof fetch>()
      .mockResolvedValue(answer(200, { success: true, data: [1], page: { nextCursor: "2" } }));
    const { client } = clientOf(send);
    expect(await client.request("/api/things", { query: { limit: 5, before: undefined } })).toEqual({
      data: [1],
      nextCursor: "2",
    });
    expect(send.mock.calls[0]?.[0]).toBe("http://server/api/things?limit=5");
    expect(new Headers(send.mock.calls[0]?.[1]?.headers).get("Authorization")).toBe("Bearer old");
  });

  test("throws the server's refusal", async () => {
    const body = { success: false, error: "Slowly.", code: "rate_limited", details: { retryAfterMs: 700 } };
    const { client } = clientOf(() => Promise.resolve(answer(429, body)));
    await expect(client.request("/")).rejects.toMatchObject({
      code: "rate_limited",
      message: "Slowly.",
      retryAfterMs: 700,
    });
  });

  test("for a file gives it as it is, and throws the server's refusal of one", async () => {
    const file = await clientOf(() => Promise.resolve(answer(200, "PK"))).client.download("/file");
    expect(await file.text()).toBe("PK");
    const body = { success: false, error: "Slowly.", code: "rate_limited" };
    const { client } = clientOf(() => Promise.resolve(answer(429, body)));
    await expect(client.download("/file")).rejects.toMatchObject({ code: "rate_limited" });
  });

  test("is tried once more with a fresh token after a 401", async () => {
    const refused = { success: false, error: "Expired.", code: "token_expired" };
    const send = vi.fn<typeof fetch>().mockImplementation(() => Promise.resolve(answer(401, refused)));
    const { client, getToken } = clientOf(send);
    await expect(client.request("/")).rejects.toMatchObject({ code: "token_expired" });
    expect(getToken.mock.calls).toEqual([[{ forceRefresh: false }], [{ forceRefresh: true }]]);
  });

  test("is offline when nobody answers, and unavailable when somebody else does", async () => {
    await expect(
      clientOf(() => Promise.reject(new TypeError("fetch failed"))).client.request("/"),
    ).rejects.toMatchObject({
      code: "offline",
    });
    await expect(clientOf(() => Promise.resolve(answer(502, "<html>"))).client.request("/")).rejects.toMatchObject({
      code: "unavailable",
    });
  });

  test("ends after its time, and when its caller wants it no more", async () => {
    const never: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        const end = () => reject(init?.signal?.reason as Error);
        if (init?.signal?.aborted) end();
        else init?.signal?.addEventListener("abort", end);
      });
    await expect(clientOf(never, 10).client.request("/")).rejects.toMatchObject({ code: "timeout" });
    const wish = new AbortController();
    const asking = clientOf(never).client.request("/", { signal: wish.signal });
    wish.abort();
    await expect(asking).rejects.toMatchObject({ name: "AbortError" });
  });
});
