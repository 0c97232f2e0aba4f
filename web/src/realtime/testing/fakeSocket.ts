/** A server at the other end of a string: tests say what it answers, and see what it was told. */
import type { ChatSocket, OpenSocket, SocketAddress, SocketListeners } from "../socket";

type Answer = (payload: Record<string, unknown>) => unknown;

export class FakeServer {
  /** Every socket that was opened, the newest last. */
  readonly sockets: FakeSocket[] = [];
  /** Every event that arrived, with its payload. */
  readonly heard: [event: string, payload: unknown][] = [];
  /** Answers by event; an event without one is never acknowledged. Throw an envelope to refuse. */
  readonly answers = new Map<string, Answer>();
  /** What a connecting socket is told: null lets it in, "down" is a server that is not there. */
  refusal: ((token: string) => string | null) | null = null;

  readonly open: OpenSocket = (address, listeners) => {
    const socket = new FakeSocket(this, address, listeners);
    this.sockets.push(socket);
    return socket;
  };

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("No socket was opened.");
    return socket;
  }

  on(event: string, answer: Answer): void {
    this.answers.set(event, answer);
  }

  payloadsOf(event: string): unknown[] {
    return this.heard.filter(([name]) => name === event).map(([, payload]) => payload);
  }
}

export class FakeSocket implements ChatSocket {
  connected = false;
  isEnded = false;
  readonly token: string;
  readonly isPollingFirst: boolean;
  readonly #server: FakeServer;
  readonly #listeners: SocketListeners;

  constructor(server: FakeServer, { token, isPollingFirst }: SocketAddress, listeners: SocketListeners) {
    this.#server = server;
    this.token = token;
    this.isPollingFirst = isPollingFirst;
    this.#listeners = listeners;
  }

  connect(): void {
    queueMicrotask(() => {
      if (this.isEnded) return;
      const code = this.#server.refusal?.(this.token) ?? null;
      if (code !== null) {
        this.#listeners.onRefused(code === "down" ? null : code, code);
        return;
      }
      this.connected = true;
      this.#listeners.onConnect();
    });
  }

  end(): void {
    this.connected = false;
    this.isEnded = true;
  }

  send(event: string, payload: unknown, acknowledge?: (answer: unknown) => void): void {
    this.#server.heard.push([event, payload]);
    const answer = this.#server.answers.get(event);
    if (answer && acknowledge) queueMicrotask(() => acknowledge(envelopeOf(answer, payload)));
  }

  /** The server sends an event; one that was on its way arrives even when the socket was left. */
  emit(event: string, payload: unknown): void {
    this.#listeners.onEvent(event, payload);
  }

  /** The connection breaks. */
  break(): void {
    this.connected = false;
    this.#listeners.onDisconnect();
  }
}

/** Thrown by an answer: the server refuses. */
export class Refusal extends Error {
  readonly code: string;
  readonly details: unknown;

  constructor(code: string, details?: unknown) {
    super(`Refused: ${code}.`);
    this.code = code;
    this.details = details;
  }
}

function envelopeOf(answer: Answer, payload: unknown): unknown {
  try {
    return { success: true, data: answer(payload as Record<string, unknown>) };
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    return { success: false, error: cause.message, code: cause.code, details: cause.details };
  }
}
