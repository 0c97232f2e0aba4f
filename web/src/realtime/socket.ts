/** The socket that a connection lives on: what we use of socket.io-client, so that tests may bring their own. */
import { io } from "socket.io-client";
import { isRecord } from "../lib/api/envelope";

export interface ChatSocket {
  readonly connected: boolean;
  connect(): void;
  /** Ends it for good; nothing of it is heard afterwards. */
  end(): void;
  send(event: string, payload: unknown, acknowledge?: (answer: unknown) => void): void;
}

export interface SocketListeners {
  onConnect(): void;
  /** `code` is the server's refusal of the token; null when the server was not reached. */
  onRefused(code: string | null, message: string): void;
  onDisconnect(): void;
  onEvent(name: string, payload: unknown): void;
}

export interface SocketAddress {
  readonly serverUrl: string;
  readonly token: string;
  /** Begin with polling and go over to WebSocket if that works; else the other way round. */
  readonly isPollingFirst: boolean;
}

export type OpenSocket = (address: SocketAddress, listeners: SocketListeners) => ChatSocket;

const CONNECT_TIMEOUT_MS = 10_000;

/** One attempt, and the connection that it becomes: trying again is the business of `Connection`. */
export const openSocketIo: OpenSocket = ({ serverUrl, token, isPollingFirst }, listeners) => {
  const socket = io(serverUrl || undefined, {
    autoConnect: false,
    forceNew: true,
    reconnection: false,
    timeout: CONNECT_TIMEOUT_MS,
    // WebSocket first saves two round trips; polling is for proxies that let no WebSocket through.
    transports: isPollingFirst ? ["polling", "websocket"] : ["websocket", "polling"],
    tryAllTransports: true,
    withCredentials: false,
    auth: (give: (auth: object) => void) => give({ token }),
  });
  socket.on("connect", () => listeners.onConnect());
  socket.on("disconnect", () => listeners.onDisconnect());
  socket.on("connect_error", (error: Error & { data?: unknown }) => {
    const code = isRecord(error.data) && typeof error.data.code === "string" ? error.data.code : null;
    listeners.onRefused(code, error.message);
  });
  let [hasStarted, isOpen] = [false, false];
  socket.io.on("open", () => (isOpen = true));
  socket.onAny((name: string, payload: unknown) => listeners.onEvent(name, payload));
  return {
    get connected() {
      return socket.connected;
    },
    connect: () => {
      hasStarted = true;
      socket.connect();
      // A proxy that takes a WebSocket and drops it at once: the library would wait for its timeout.
      socket.io.engine.on("close", () => !isOpen && listeners.onRefused(null, "closed"));
    },
    end: () => {
      socket.offAny();
      socket.off();
      socket.disconnect();
      // `disconnect` leaves an engine alone that is still opening.
      if (hasStarted) socket.io.engine.close();
    },
    send: (event, payload, acknowledge) => {
      if (acknowledge) socket.emit(event, payload, acknowledge);
      else socket.emit(event, payload);
    },
  };
};
