/** REST requests: the envelope opened, the token added and refreshed once, every wait bounded. */
import { ChatError, offlineError, timeoutError } from "./chatError";
import { openEnvelope } from "./envelope";

const TIMEOUT_MS = 15_000;

export interface RestClientOptions {
  /** The server's origin; empty for the page's own. */
  readonly serverUrl: string;
  getToken(options: { readonly forceRefresh: boolean }): Promise<string>;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

export interface RestRequest {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's own. */
  readonly timeoutMs?: number;
}

export interface RestAnswer<T> {
  readonly data: T;
  readonly nextCursor: string | null;
}

export class RestClient {
  readonly #options: RestClientOptions;

  constructor(options: RestClientOptions) {
    this.#options = options;
  }

  /** Asks for `path`. Throws ChatError: the server's refusal, `offline`, or `timeout`; `AbortError` as fetch does. */
  async request<T>(path: string, request: RestRequest = {}): Promise<RestAnswer<T>> {
    const response = await this.#ask(path, request);
    const { data, nextCursor } = openEnvelope(await readJson(response, request.signal));
    return { data: data as T, nextCursor };
  }

  /** Asks for a file. Throws as `request` does. */
  async download(path: string, request: RestRequest = {}): Promise<Blob> {
    const response = await this.#ask(path, request);
    if (!response.ok) openEnvelope(await readJson(response, request.signal));
    return response.blob();
  }

  async #ask(path: string, request: RestRequest): Promise<Response> {
    const first = await this.#send(path, request, false);
    return first.status === 401 ? this.#send(path, request, true) : first;
  }

  async #send(path: string, request: RestRequest, forceRefresh: boolean): Promise<Response> {
    const token = await this.#options.getToken({ forceRefresh });
    const timeout = AbortSignal.timeout(request.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    const send = this.#options.fetch ?? fetch;
    try {
      return await send(addressOf(this.#options.serverUrl, path, request.query), {
        method: request.method ?? "GET",
        headers: headersOf(token, request.body),
        signal,
        cache: "no-store",
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      });
    } catch (cause) {
      throw failureOf(cause, request.signal, timeout);
    }
  }
}

function addressOf(serverUrl: string, path: string, query: RestRequest["query"] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return `${serverUrl.replace(/\/$/, "")}${path}${text && `?${text}`}`;
}

function headersOf(token: string, body: unknown): Record<string, string> {
  const headers = { Authorization: `Bearer ${token}`, Accept: "application/json" };
  return body === undefined ? headers : { ...headers, "Content-Type": "application/json" };
}

async function readJson(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    if (signal?.aborted) throw cause;
    // The connection broke in the middle, or something that is not the server has answered.
    throw response.ok ? offlineError() : new ChatError("unavailable", "The service is not available right now.");
  }
}

function failureOf(cause: unknown, signal: AbortSignal | undefined, timeout: AbortSignal): unknown {
  if (signal?.aborted) return cause;
  return timeout.aborted ? timeoutError() : offlineError();
}
