/** What a page puts on the wire: how often it has sent each message. */
import type { Page } from "playwright-core";

const SEND = /"send_message",\{[^]*?"clientMessageId":"([^"]+)"/g;

/** Counts of `send_message` by clientMessageId, of all pages that are watched. */
export class Sends {
  readonly counts = new Map<string, number>();

  watch(page: Page): void {
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => this.count(payload.toString())));
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().includes("/socket.io/")) this.count(request.postData() ?? "");
    });
  }

  private count(payload: string): void {
    for (const [, id] of payload.matchAll(SEND)) {
      if (id !== undefined) this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
    }
  }
}
