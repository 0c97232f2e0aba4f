/** Requests under way on a socket: each is answered, refused, late, or over with its connection, and always settled. */
import { offlineError, timeoutError } from "../lib/api/chatError";
import { openEnvelope } from "../lib/api/envelope";
import type { ChatSocket } from "./socket";

export class Requests {
  readonly #waiting = new Set<{ fail: (cause: Error) => void }>();

  /** Sends an event and returns the data of its acknowledgement. Throws ChatError. */
  send(socket: ChatSocket, event: string, payload: unknown, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = { fail: (cause: Error) => settle(() => reject(cause)) };
      const timer = setTimeout(() => request.fail(timeoutError()), timeoutMs);
      const settle = (finish: () => void): void => {
        if (!this.#waiting.delete(request)) return;
        clearTimeout(timer);
        finish();
      };
      this.#waiting.add(request);
      socket.send(event, payload, (answer) => {
        try {
          const { data } = openEnvelope(answer);
          settle(() => resolve(data));
        } catch (cause) {
          request.fail(cause as Error);
        }
      });
    });
  }

  /** The connection is gone: nobody will answer. */
  failAll(): void {
    for (const request of [...this.#waiting]) request.fail(offlineError());
  }
}
