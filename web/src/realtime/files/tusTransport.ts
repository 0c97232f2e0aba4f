/** Carries bytes by tus, and ends uploads: one try each, from the byte that the server has. */
import { DetailedError, Upload, type HttpRequest, type UploadOptions } from "tus-js-client";
import { ChatError, offlineError, timeoutError, toChatError } from "../../lib/api/chatError";
import { openEnvelope } from "../../lib/api/envelope";
import { FreshStack } from "./freshStack";

export interface UploadOrder {
  readonly signal: AbortSignal;
  /** It was announced a moment ago: the server is not asked how much of it there is. */
  readonly isFresh: boolean;
  /** Is told how many bytes have been sent. */
  onProgress(bytes: number): void;
}

/** All that is asked of it may fail with a ChatError, and be asked again. */
export interface FileTransport {
  /** Resolves when the server has all of it. */
  upload(blob: Blob, path: string, order: UploadOrder): Promise<void>;
  /** Has the server forget an upload. */
  end(path: string): Promise<void>;
}

export interface TusOptions {
  /** The server's origin; empty for the page's own. */
  readonly serverUrl: string;
  getToken(options: { readonly forceRefresh: boolean }): Promise<string>;
}

// One request takes this much, so that what has arrived is known now and then, and a token is asked for anew.
const CHUNK_BYTES = 8 * 1024 * 1024;
// Longer than the server waits for 16 KB: what stands still for this long is tried anew.
const STALLED_MS = 45_000;

/** What tus-js-client would keep in the page's storage, and try again by itself, is kept and tried by the queue of files. */
const OPTIONS: UploadOptions = {
  chunkSize: CHUNK_BYTES,
  retryDelays: null,
  storeFingerprintForResuming: false,
  fingerprint: () => Promise.resolve(""),
};

export class TusTransport implements FileTransport {
  readonly #options: TusOptions;

  constructor(options: TusOptions) {
    this.#options = options;
  }

  async upload(blob: Blob, path: string, order: UploadOrder): Promise<void> {
    let { isFresh } = order;
    await this.#withToken((authorize) => {
      const carrying = { ...order, isFresh, authorize };
      isFresh = false; // a token may be refused in the middle: what has arrived until then is asked for
      return carry(blob, this.#addressOf(path), carrying);
    });
  }

  async end(path: string): Promise<void> {
    await this.#withToken((onBeforeRequest) =>
      Upload.terminate(this.#addressOf(path), { ...OPTIONS, onBeforeRequest }).catch((cause: unknown) => {
        throw failureOf(cause);
      }),
    );
  }

  /** A token that was refused is replaced once. */
  async #withToken(ask: (authorize: Authorize) => Promise<void>): Promise<void> {
    try {
      await ask(this.#authorizing(false));
    } catch (cause) {
      if (!isTokenRefused(cause)) throw cause;
      await ask(this.#authorizing(true));
    }
  }

  #authorizing(forceRefresh: boolean): Authorize {
    let isForced = forceRefresh;
    return async (request) => {
      const token = await this.#options.getToken({ forceRefresh: isForced });
      isForced = false;
      request.setHeader("Authorization", `Bearer ${token}`);
    };
  }

  #addressOf(path: string): string {
    return `${this.#options.serverUrl.replace(/\/$/, "")}${path}`;
  }
}

type Authorize = (request: HttpRequest) => Promise<void>;

interface Carrying extends UploadOrder {
  readonly authorize: Authorize;
}

function carry(blob: Blob, uploadUrl: string, { signal, isFresh, onProgress, authorize }: Carrying): Promise<void> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      end();
    };
    const stop = (reason: unknown): void => {
      void upload.abort();
      settle(() => reject(toChatError(reason)));
    };
    const abort = (): void => stop(signal.reason);
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => stop(timeoutError()), STALLED_MS);
    };
    const upload = new Upload(blob, {
      ...OPTIONS,
      uploadUrl,
      // It may have been announced as larger.
      headers: { "Upload-Length": String(blob.size) },
      ...(isFresh && { httpStack: new FreshStack(blob.size) }),
      // Requests wait for their token here; one that is not wanted any more by then must not go out.
      onBeforeRequest: async (request) => {
        watch();
        await authorize(request);
        signal.throwIfAborted();
      },
      onProgress: (bytes) => {
        watch();
        onProgress(bytes);
      },
      onSuccess: () => settle(resolve),
      onError: (cause) => settle(() => reject(failureOf(cause))),
    });
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    else upload.start();
  });
}

function isTokenRefused(cause: unknown): boolean {
  return cause instanceof ChatError && (cause.code === "unauthenticated" || cause.code === "token_expired");
}

// What answers to HEAD says so by its status alone.
const BY_STATUS: Readonly<Record<number, string>> = {
  401: "unauthenticated",
  403: "access_denied",
  404: "not_found",
  409: "conflict",
  410: "gone",
  413: "too_large",
};

/** The server's refusal; that it is unavailable where something else answers; or what kept the request from going out. */
function failureOf(cause: unknown): ChatError {
  if (!(cause instanceof DetailedError)) return toChatError(cause);
  const { originalResponse, causingError } = cause;
  if (!originalResponse) return causingError instanceof ChatError ? causingError : offlineError();
  const code = BY_STATUS[originalResponse.getStatus()];
  return code === undefined ? refusalIn(originalResponse.getBody()) : new ChatError(code, cause.message);
}

function refusalIn(body: string): ChatError {
  try {
    openEnvelope(JSON.parse(body));
  } catch (cause) {
    if (cause instanceof ChatError) return cause;
  }
  return new ChatError("unavailable", "The service is not available right now.");
}
