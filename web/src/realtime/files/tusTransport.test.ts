import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { offlineError } from "../../lib/api/chatError";
import { TusTransport } from "./tusTransport";

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

// As browsers get it; Node has another one.
vi.mock("tus-js-client", () => vi.importActual("tus-js-client/lib.es5/browser/index.js"));

/** What the page would send, and what it is answered with: nothing, as long as no answer is there. */
class FakeRequest {
  static sent: FakeRequest[] = [];
  static answers: (Answer | "broken")[] = [];
  readonly upload: { onprogress?: (event: object) => void } = {};
  readonly headers: Record<string, string> = {};
  onload: () => void = () => undefined;
  onerror: (cause: Error) => void = () => undefined;
  method = "";
  url = "";
  status = 0;
  responseText = "";
  isAborted = false;
  #answer: Answer | undefined;

  open(method: string, url: string): void {
    Object.assign(this, { method, url });
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  getResponseHeader(name: string): string | null {
    return this.#answer?.headers?.[name] ?? null;
  }

  send(): void {
    FakeRequest.sent.push(this);
    const answer = FakeRequest.answers.shift();
    if (answer === "broken") queueMicrotask(() => this.onerror(new Error("The connection broke.")));
    else if (answer !== undefined) queueMicrotask(() => this.#load(answer));
  }

  abort(): void {
    this.isAborted = true;
  }

  #load(answer: Answer): void {
    this.#answer = answer;
    this.status = answer.status;
    this.responseText = answer.body === undefined ? "" : JSON.stringify(answer.body);
    this.onload();
  }
}

const has = (bytes: number): Answer => ({
  status: 204,
  headers: { "Upload-Offset": String(bytes), "Upload-Length": "4" },
});
const refuses = (status: number, code: string): Answer => ({
  status,
  body: { success: false, error: "No.", code, details: { retryAfterMs: 700 } },
});
const blob = new Blob(["abcd"]);
const getToken = vi.fn<(options: { forceRefresh: boolean }) => Promise<string>>();

function upload(signal = new AbortController().signal, onProgress: (bytes: number) => void = () => undefined) {
  const transport = new TusTransport({ serverUrl: "https://chat.example/", getToken });
  return transport.upload(blob, "/up/1", { signal, onProgress, isFresh: false });
}

const requests = () => FakeRequest.sent.map(({ method, url, headers }) => [method, url, headers["Upload-Offset"]]);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  FakeRequest.sent = [];
  FakeRequest.answers = [];
  getToken.mockReset().mockResolvedValue("token");
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("an upload", () => {
  test("asks how much the server has, and sends the rest, each time with a token of that moment", async () => {
    FakeRequest.answers = [has(1), has(4)];
    getToken.mockResolvedValueOnce("first").mockResolvedValueOnce("second");
    const shown: number[] = [];
    await upload(undefined, (bytes) => shown.push(bytes));
    expect(requests()).toEqual([
      ["HEAD", "https://chat.example/up/1", undefined],
      ["PATCH", "https://chat.example/up/1", "1"],
    ]);
    expect(FakeRequest.sent.map(({ headers }) => headers.Authorization)).toEqual(["Bearer first", "Bearer second"]);
    expect([shown[0], shown.at(-1)]).toEqual([1, 4]);
  });

  test("says with each part how long the file is, which may be less than was announced", async () => {
    FakeRequest.answers = [
      { status: 200, headers: { "Upload-Offset": "1", "Upload-Length": "9" } },
      { status: 204, headers: { "Upload-Offset": "4" } },
    ];
    await upload();
    expect(FakeRequest.sent.at(-1)).toMatchObject({ method: "PATCH", headers: { "Upload-Length": "4" } });
    expect(FakeRequest.sent).toHaveLength(2);
  });

  test("that was announced just now is begun without a question", async () => {
    FakeRequest.answers = [has(4)];
    const transport = new TusTransport({ serverUrl: "https://chat.example/", getToken });
    const order = { signal: new AbortController().signal, onProgress: () => undefined };
    await transport.upload(blob, "/up/1", { ...order, isFresh: true });
    expect(requests()).toEqual([["PATCH", "https://chat.example/up/1", "0"]]);
  });

  test("that was announced just now goes on where it was when a token is refused in its middle", async () => {
    const chunk = 8 * 1024 * 1024;
    const has = (bytes: number): Answer => ({
      status: 204,
      headers: { "Upload-Offset": String(bytes), "Upload-Length": String(chunk + 1) },
    });
    FakeRequest.answers = [has(chunk), refuses(401, "token_expired"), has(chunk), has(chunk + 1)];
    const transport = new TusTransport({ serverUrl: "", getToken });
    const order = { signal: new AbortController().signal, onProgress: () => undefined, isFresh: true };
    await transport.upload(new Blob([new Uint8Array(chunk + 1)]), "/up/1", order);
    expect(requests()).toEqual([
      ["PATCH", "/up/1", "0"],
      ["PATCH", "/up/1", String(chunk)],
      ["HEAD", "/up/1", undefined],
      ["PATCH", "/up/1", String(chunk)],
    ]);
  });

  test("that the server has whole already sends nothing", async () => {
    FakeRequest.answers = [has(4)];
    await upload();
    expect(FakeRequest.sent).toHaveLength(1);
  });

  test("whose token was refused is tried once more with a new one", async () => {
    FakeRequest.answers = [refuses(401, "token_expired"), has(0), has(4)];
    await upload();
    expect(getToken.mock.calls.map(([{ forceRefresh }]) => forceRefresh)).toEqual([false, true, false]);
    FakeRequest.answers = [refuses(401, "token_expired"), refuses(401, "token_expired")];
    await expect(upload()).rejects.toMatchObject({ code: "unauthenticated" });
  });

  test.each([
    [{ status: 404 }, "not_found"],
    [{ status: 410 }, "gone"],
    [{ status: 503 }, "unavailable"],
    [{ status: 200, body: "a page of a hotel" }, "unavailable"],
    ["broken" as const, "offline"],
  ])("that is answered with %o fails with %s", async (answer, code) => {
    FakeRequest.answers = [answer];
    await expect(upload()).rejects.toMatchObject({ code });
    expect(FakeRequest.sent).toHaveLength(1);
  });

  test("fails as the server's refusal says", async () => {
    FakeRequest.answers = [has(0), refuses(429, "rate_limited")];
    await expect(upload()).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 700 });
  });

  test("fails when there is no token", async () => {
    getToken.mockRejectedValue(offlineError());
    await expect(upload()).rejects.toMatchObject({ code: "offline" });
    expect(FakeRequest.sent).toEqual([]);
  });

  test("that stands still is given up", async () => {
    FakeRequest.answers = [has(0)];
    const failing = expect(upload()).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(45_000);
    await failing;
    expect(FakeRequest.sent.at(-1)?.isAborted).toBe(true);
  });

  test("that goes on slowly is not given up", async () => {
    FakeRequest.answers = [has(0)];
    const ending = new AbortController();
    const going = upload(ending.signal);
    await vi.advanceTimersByTimeAsync(40_000);
    FakeRequest.sent[1]?.upload.onprogress?.({ lengthComputable: true, loaded: 1 });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(FakeRequest.sent[1]?.isAborted).toBe(false);
    ending.abort();
    await expect(going).rejects.toThrow();
  });

  test("that is not wanted any more while it waits for its token is never sent", async () => {
    let arrive: (token: string) => void = () => undefined;
    getToken.mockReturnValue(new Promise((resolve) => (arrive = resolve)));
    const ending = new AbortController();
    const failing = expect(upload(ending.signal)).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(0);
    ending.abort();
    arrive("late");
    await failing;
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeRequest.sent).toEqual([]);
  });
});

describe("the end of an upload", () => {
  const end = () => new TusTransport({ serverUrl: "", getToken }).end("/up/1");

  test("is told to the server", async () => {
    FakeRequest.answers = [{ status: 204 }];
    await end();
    expect(requests()).toEqual([["DELETE", "/up/1", undefined]]);
  });

  test("fails as the server's refusal says", async () => {
    FakeRequest.answers = [{ status: 409 }];
    await expect(end()).rejects.toMatchObject({ code: "conflict" });
    FakeRequest.answers = ["broken"];
    await expect(end()).rejects.toMatchObject({ code: "offline" });
  });
});
