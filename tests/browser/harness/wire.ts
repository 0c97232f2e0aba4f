/** What goes between a page and the server: what the page has asked for, said and been told so far. */
import type { Page, Request, WebSocket } from "playwright-core";

/** The bell's list, which is asked for last after each connect. */
const NOTIFICATIONS = /\/api\/notifications\?/;
const POLLING = "/socket.io/";
/** Between the packets of one request of the polling transport. */
const SEPARATOR = "\x1e";
/** An event, or the acknowledgement of one: its number, if there is one, and what it carries. */
const PACKET = /^4([23])(\d*)(\[[^]*\])$/;

interface Sent {
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export class Wire {
  /** Sockets that the page has opened. */
  connections = 0;
  /** Events, in the order in which they were sent. */
  readonly sent: Sent[] = [];
  private socket: WebSocket | null = null;
  /** Rooms by the numbers of the acknowledgements that are awaited. */
  private readonly joining = new Map<string, string>();
  private readonly joined = new Set<string>();
  private readonly asked = new Set<Request>();
  private isListed = false;

  /** Before the page is opened. */
  constructor(page: Page) {
    page.on("websocket", (socket) => this.follow(socket));
    page.on("request", (request) => this.ask(request, page));
    page.on("requestfinished", (request) => {
      if (this.asked.delete(request)) this.isListed = true;
    });
  }

  /** All that was before this document's first connection is there: what comes now is news. */
  get hasCaughtUp(): boolean {
    return this.isListed && this.asked.size === 0;
  }

  /** Over the live connection; rooms that were joined by polling are not known here. */
  hasJoined(roomId: string): boolean {
    return this.joined.has(roomId);
  }

  count(event: string): number {
    return this.sent.filter((one) => one.event === event).length;
  }

  private follow(socket: WebSocket): void {
    this.connections += 1;
    this.socket = socket;
    this.joined.clear();
    socket.on("framesent", ({ payload }) => this.hear(socket, payload, true));
    socket.on("framereceived", ({ payload }) => this.hear(socket, payload, false));
    socket.on("close", () => {
      if (socket === this.socket) this.joined.clear();
    });
  }

  private ask(request: Request, page: Page): void {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) this.forget();
    else if (NOTIFICATIONS.test(request.url())) this.asked.add(request);
    else if (request.method() === "POST" && request.url().includes(POLLING)) {
      for (const packet of (request.postData() ?? "").split(SEPARATOR)) this.noteSent(packet);
    }
  }

  /** The page is another one from now on. */
  private forget(): void {
    this.socket = null;
    this.isListed = false;
    for (const known of [this.asked, this.joined, this.joining]) known.clear();
  }

  private hear(socket: WebSocket, payload: string | Buffer, isSent: boolean): void {
    const packet = payload.toString();
    if (isSent) this.noteSent(packet);
    else if (socket === this.socket) this.noteAnswer(packet);
  }

  private noteSent(packet: string): void {
    const [, kind, number = "", content] = PACKET.exec(packet) ?? [];
    if (kind !== "2" || content === undefined) return;
    const [event, payload] = JSON.parse(content) as [string, Sent["payload"]];
    this.sent.push({ event, payload });
    if (event === "join_chat") this.joining.set(number, String(payload.chatRoomId));
    if (event === "leave_chat") this.joined.delete(String(payload.chatRoomId));
  }

  private noteAnswer(packet: string): void {
    const [, kind, number = "", content] = PACKET.exec(packet) ?? [];
    const roomId = this.joining.get(number);
    if (kind !== "3" || content === undefined || roomId === undefined) return;
    this.joining.delete(number);
    const [answer] = JSON.parse(content) as [{ readonly success: boolean }];
    if (answer.success) this.joined.add(roomId);
  }
}
