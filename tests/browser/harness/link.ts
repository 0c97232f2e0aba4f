/**
 * The network between a browser and the server, as a proxy that a journey may slow down, cut or let swallow everything.
 * Chromium's own “offline” leaves open WebSockets alone; this leaves nothing alone.
 */
import { once } from "node:events";
import {
  createServer as createHttpServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { connect, createServer, type AddressInfo, type Server as TcpServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";

type State = "open" | "cut" | "swallowing";

export class Link {
  /** How long each byte is on its way, in each direction. */
  delayMs = 0;
  private state: State = "open";
  /** What is called with each part that goes towards the server. */
  private watch: (bytes: number) => void = () => undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly front: TcpServer,
    private readonly proxy: TcpServer,
  ) {
    front.on("connection", (browser: Socket) => this.join(browser));
  }

  static async open(): Promise<Link> {
    const proxy = createHttpServer(answerRequest).on("connect", answerConnect);
    const front = createServer();
    for (const server of [proxy, front]) await once(server.listen(0, "127.0.0.1"), "listening");
    return new Link(front, proxy);
  }

  /** For a browser context: all that it does goes over this link. */
  get proxyOptions(): { proxy: { server: string; bypass: string } } {
    return {
      proxy: {
        server: `http://127.0.0.1:${portOf(this.front)}`,
        bypass: "<-loopback>",
      },
    };
  }

  /** Nothing gets through, and both sides know. */
  cut(): void {
    this.state = "cut";
    for (const socket of this.sockets) socket.destroy();
  }

  /** Nothing gets through, and nobody is told. */
  swallow(): void {
    this.state = "swallowing";
  }

  /** Swallows everything once this many bytes more have gone towards the server; the answer is when they have. */
  async swallowAfter(bytes: number): Promise<void> {
    let left = bytes;
    await new Promise<void>((resolve) => {
      this.watch = (count) => {
        left -= count;
        if (left > 0) return;
        this.watch = () => undefined;
        this.swallow();
        resolve();
      };
    });
  }

  /** From now on; what was swallowed stays swallowed. */
  mend(): void {
    this.cut();
    this.state = "open";
  }

  async close(): Promise<void> {
    this.cut();
    for (const server of [this.front, this.proxy]) {
      server.close();
      await once(server, "close");
    }
  }

  private join(browser: Socket): void {
    if (this.state === "cut") {
      browser.destroy();
      return;
    }
    const inside = connect(portOf(this.proxy), "127.0.0.1");
    this.carry(browser, inside);
    this.carry(inside, browser);
    browser.on("data", (bytes) => {
      if (this.state === "open") this.watch(bytes.length);
    });
  }

  private carry(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on("data", (bytes) => this.later(() => to.write(bytes)));
    from.on("end", () => this.later(() => to.end()));
    from.on("error", () => to.destroy());
    from.on("close", () => {
      this.sockets.delete(from);
      to.destroySoon();
    });
  }

  private later(act: () => void): void {
    const unlessSwallowed = (): void => {
      if (this.state === "open") act();
    };
    if (this.delayMs === 0) unlessSwallowed();
    else setTimeout(unlessSwallowed, this.delayMs);
  }
}

function answerRequest(asked: IncomingMessage, answer: ServerResponse): void {
  const { method, headers } = asked;
  const inner = forward(asked.url ?? "", { method, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  inner.on("error", () => answer.destroy());
  answer.on("close", () => inner.destroy());
  asked.pipe(inner);
}

function answerConnect(asked: IncomingMessage, browser: Duplex): void {
  const [host, port] = (asked.url ?? "").split(":");
  const server = connect(Number(port), host, () => browser.write("HTTP/1.1 200 OK\r\n\r\n"));
  for (const [from, to] of [
    [browser, server],
    [server, browser],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
  }
}

function portOf(server: TcpServer): number {
  return (server.address() as AddressInfo).port;
}
