/**
 * The one connection to the server: made, kept, checked after sleep, made again. Each attempt is a socket of its own, so
 * that nothing of an old one is left when a new one begins.
 */
import { ChatError, offlineError } from "../lib/api/chatError";
import { WritableStore } from "../lib/store";
import { backoffMs } from "./backoff";
import { bounded } from "./bounded";
import { EventListeners } from "./eventListeners";
import type { Page } from "./page";
import { Requests } from "./requests";
import type { ChatSocket, OpenSocket } from "./socket";
import { Timers } from "./timers";
import type { ChatClientOptions, ConnectionState } from "./types";

const REQUEST_TIMEOUT_MS = 10_000;
const TOKEN_TIMEOUT_MS = 15_000;
// From the engine's opening to the server's word on the token; the server gives up on its side after 10 s.
const ATTEMPT_TIMEOUT_MS = 20_000;
const PROBE_TIMEOUT_MS = 4_000;
const RETRY = { minMs: 400, maxMs: 10_000 };
// `navigator.onLine` has been wrong before: even "offline" is tried now and then.
const OFFLINE_RETRY_MS = 30_000;
const REFRESH_RETRY_MS = 10_000;
const REFUSALS_FOR_GOOD = new Set(["user_not_found", "signed_out", "account_changed"]);
const REFUSALS_OF_TOKEN = new Set(["token_expired", "unauthenticated"]);

export interface ConnectionOptions extends Pick<ChatClientOptions, "serverUrl" | "getToken" | "onSignedOut"> {
  readonly page: Page;
  readonly openSocket: OpenSocket;
  /** Fetches what was missed, after each connect; the connection counts as caught up when it resolves. */
  catchUp(): Promise<void>;
}

export class Connection {
  readonly state = new WritableStore<ConnectionState>({ phase: "connecting" });
  readonly events = new EventListeners();
  readonly #options: ConnectionOptions;
  readonly #requests = new Requests();
  readonly #timers = new Timers();
  readonly #endWatches: (() => void)[];
  #socket: ChatSocket | null = null;
  /** Counts attempts, so that what an old one still has to say is not heard. */
  #attempt = 0;
  #failures = 0;
  #mustRefresh = false;
  #isPollingFirst = false;
  #wasConnected = false;
  #isProbing = false;
  #isClosed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { page } = options;
    this.#endWatches = [
      page.onNetworkChange(() => (page.isOnline() ? this.reconnectNow() : this.#goOffline())),
      page.onWake(() => this.reconnectNow()),
      this.events.on("auth_expiring", () => void this.#renewSession()),
      this.events.on("error", (payload) => this.#hearError(payload)),
    ];
  }

  get isConnected(): boolean {
    return this.#socket?.connected === true;
  }

  /** No connection, and none in sight: what has nothing to show should say so. */
  get isHopeless(): boolean {
    const { phase } = this.state.getSnapshot();
    return phase === "offline" || phase === "signedOut" || (phase === "reconnecting" && this.#failures > 1);
  }

  start(): void {
    if (this.#options.page.isOnline()) void this.#connect();
    else this.#goOffline();
  }

  /** Sends an event and returns its acknowledgement's data. Throws ChatError, `offline` when not connected. */
  async request<T>(event: string, payload: unknown, timeoutMs = REQUEST_TIMEOUT_MS): Promise<T> {
    const socket = this.#socket;
    if (socket?.connected !== true) throw offlineError();
    try {
      return (await this.#requests.send(socket, event, payload, timeoutMs)) as T;
    } catch (cause) {
      if (cause instanceof ChatError && cause.code === "timeout") void this.#probe();
      throw cause;
    }
  }

  /** Sends an event that is worth nothing later, such as typing: dropped when not connected. */
  tell(event: string, payload: unknown): void {
    if (this.#socket?.connected === true) this.#socket.send(event, payload);
  }

  /** Tries at once; a connection that stands is asked for a sign of life. */
  reconnectNow(): void {
    if (this.#isOver()) return;
    if (this.isConnected) void this.#probe();
    else {
      this.#failures = 0;
      void this.#connect();
    }
  }

  /** Ends the session for good. */
  signOut(reason: string): void {
    if (this.#isOver()) return;
    this.#drop();
    this.#timers.close();
    this.state.set({ phase: "signedOut", reason });
    this.#options.onSignedOut?.(reason);
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
    this.#timers.close();
    for (const end of this.#endWatches.splice(0)) end();
    this.events.clear();
  }

  async #connect(): Promise<void> {
    this.#drop();
    const attempt = this.#attempt;
    const isFirst = this.state.getSnapshot().phase === "connecting";
    if (!isFirst && this.#options.page.isOnline()) this.state.set({ phase: "reconnecting", retryAt: null });
    const token = await this.#token(attempt);
    if (token === null || attempt !== this.#attempt || this.#isOver()) return;
    const whenCurrent = (act: () => void) => attempt === this.#attempt && act();
    this.#timers.set("attempt", ATTEMPT_TIMEOUT_MS, () => this.#retryOtherwise());
    const address = { serverUrl: this.#options.serverUrl, token, isPollingFirst: this.#isPollingFirst };
    this.#socket = this.#options.openSocket(address, {
      onConnect: () => whenCurrent(() => void this.#settle(attempt)),
      onRefused: (code, message) => whenCurrent(() => this.#hearRefusal(code, message)),
      onDisconnect: () => whenCurrent(() => this.#retryLater()),
      onEvent: (name, payload) => whenCurrent(() => this.events.emit(name, payload)),
    });
    this.#socket.connect();
  }

  async #token(attempt: number): Promise<string | null> {
    try {
      return await bounded(this.#options.getToken({ forceRefresh: this.#mustRefresh }), TOKEN_TIMEOUT_MS);
    } catch (cause) {
      if (attempt !== this.#attempt || this.#isOver()) return null;
      if (isRefusal(cause)) this.signOut(cause.code);
      else this.#retryLater();
      return null;
    }
  }

  /** Connected: catches up, again after a pause when that fails, and is online. */
  async #settle(attempt: number): Promise<void> {
    this.#timers.cancel("attempt");
    this.#mustRefresh = false;
    if (this.#wasConnected) this.state.set({ phase: "catchingUp" });
    this.#wasConnected = true;
    try {
      await this.#options.catchUp();
    } catch (cause) {
      if (attempt !== this.#attempt) return;
      if (isRefusal(cause)) {
        this.signOut(cause.code);
        return;
      }
      this.#timers.set("catchUp", backoffMs(this.#failures++, RETRY), () => void this.#settle(attempt));
      return;
    }
    if (attempt !== this.#attempt) return;
    this.#failures = 0;
    this.state.set({ phase: "online" });
  }

  #hearRefusal(code: string | null, message: string): void {
    if (code !== null && REFUSALS_FOR_GOOD.has(code)) this.signOut(code);
    else if (code === null) this.#retryOtherwise();
    else if (!REFUSALS_OF_TOKEN.has(code)) this.#retryLater();
    else if (this.#mustRefresh) this.signOut(code || message);
    else {
      this.#mustRefresh = true;
      void this.#connect();
    }
  }

  /** The server says why it is about to disconnect. */
  #hearError(payload: unknown): void {
    const error = payload as { code?: unknown; event?: unknown } | null;
    if (error?.event === "connect" && error.code === "token_expired") this.#mustRefresh = true;
  }

  /** A fresh token over the live socket. When it cannot be had, the session ends and the next connect tries again. */
  async #renewSession(triesLeft = 4): Promise<void> {
    try {
      const token = await bounded(this.#options.getToken({ forceRefresh: true }), TOKEN_TIMEOUT_MS);
      await this.request("authenticate", { token });
    } catch {
      if (triesLeft > 0) this.#timers.set("renew", REFRESH_RETRY_MS, () => void this.#renewSession(triesLeft - 1));
    }
  }

  async #probe(): Promise<void> {
    const attempt = this.#attempt;
    if (this.#isProbing || this.#socket === null) return;
    this.#isProbing = true;
    try {
      await this.#requests.send(this.#socket, "sync", { rooms: {} }, PROBE_TIMEOUT_MS);
    } catch (cause) {
      // A refusal is a sign of life, too.
      const isDead = cause instanceof ChatError && cause.code === "timeout";
      if (isDead && attempt === this.#attempt && !this.#isOver()) void this.#connect();
    } finally {
      this.#isProbing = false;
    }
  }

  /** The server was not reached: with every second failure the other way is tried, and kept when it works. */
  #retryOtherwise(): void {
    if (this.#failures % 2 === 1) this.#isPollingFirst = !this.#isPollingFirst;
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#isOver()) return;
    if (!this.#options.page.isOnline()) {
      this.#goOffline();
      return;
    }
    this.#drop();
    const delayMs = backoffMs(this.#failures++, RETRY);
    this.state.set({ phase: "reconnecting", retryAt: Date.now() + delayMs });
    this.#timers.set("retry", delayMs, () => void this.#connect());
  }

  #goOffline(): void {
    if (this.#isOver()) return;
    this.#drop();
    this.state.set({ phase: "offline" });
    this.#timers.set("retry", OFFLINE_RETRY_MS, () => void this.#connect());
  }

  /** Leaves the socket of this attempt, and all that waits for it. */
  #drop(): void {
    this.#attempt++;
    for (const name of ["attempt", "retry", "catchUp", "renew"]) this.#timers.cancel(name);
    this.#socket?.end();
    this.#socket = null;
    this.#requests.failAll();
  }

  #isOver(): boolean {
    return this.#isClosed || this.state.getSnapshot().phase === "signedOut";
  }
}

/** The server does not take our token, not even a fresh one; or there is none to be had any more. */
function isRefusal(cause: unknown): cause is ChatError {
  return cause instanceof ChatError && (REFUSALS_FOR_GOOD.has(cause.code) || REFUSALS_OF_TOKEN.has(cause.code));
}
