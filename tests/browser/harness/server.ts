/** A real `hyred-chat serve`: a process of its own with a database of its own, that journeys may kill and start again. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { PATIENCE_MS } from "./patience";

export const ROOT = resolve(import.meta.dirname, "../../..");
export const PYTHON = process.env.PYTHON ?? join(ROOT, ".venv/bin/python");
const MAX_LOG_LINES = 2_000;
/** It makes a database first, while the tests of the server may be starting theirs: waited for longer than other things. */
const START_MS = 2 * PATIENCE_MS;
/** The host's site; journeys answer for it. */
export const MARKETPLACE = "https://www.marketplace.example";
export const API_KEY = "an-api-key-of-the-host-0123456789";

/** Without limits on rates: journeys write hundreds of messages in a moment. Pushes come soon. */
const SETTINGS = {
  HOST: "127.0.0.1",
  HYRED_JOB_URL: `${MARKETPLACE}/jobs/{id}`, // but none for contracts
  HYRED_ADMIN_API_KEYS: API_KEY,
  HYRED_PUSH_GRACE_SECONDS: "1",
  HYRED_RATE_LIMIT_MESSAGES_BURST: "100000",
  HYRED_RATE_LIMIT_MESSAGES_PER_MINUTE: "0",
  HYRED_RATE_LIMIT_EVENTS_BURST: "100000",
  HYRED_RATE_LIMIT_EVENTS_PER_MINUTE: "0",
  HYRED_RATE_LIMIT_REQUESTS_BURST: "100000",
  HYRED_RATE_LIMIT_REQUESTS_PER_MINUTE: "0",
};

export class Server {
  private process: ChildProcess | null = null;
  private readonly log: string[] = [];

  private constructor(
    private readonly home: string,
    private readonly port: number,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** A server that is ready, with the demo world. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), "hyred-journeys-")), await findFreePort(), settings);
    await server.start().catch(async (cause: unknown) => {
      await server.end("SIGKILL");
      await rm(server.home, { recursive: true, force: true });
      throw cause;
    });
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Again after `kill`: on the same port, with the same data. */
  async start(): Promise<void> {
    const child = spawn(PYTHON, ["-m", "hyred_chat", "serve"], {
      cwd: ROOT,
      env: this.environment(),
      stdio: "pipe",
    });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => this.keep(chunk));
    const deadline = performance.now() + START_MS;
    while (!(await this.isReady())) {
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(this.log.join(""));
      await new Promise((resolve) => setTimeout(resolve, 25)); // between two looks: a port has no event to wait for
    }
  }

  /** For the next journey, when the last one failed and left it dead. */
  async revive(): Promise<void> {
    if (this.process === null) await this.start();
  }

  /** SIGKILL: it gets no chance to do anything. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Stops it in order, its database too, and removes its data. */
  async remove(): Promise<void> {
    await this.revive(); // its database outlived it, and ends with its next server
    await this.end("SIGTERM");
    await rm(this.home, { recursive: true, force: true });
  }

  /** What it has logged as faults of its own since the last call. */
  takeFaults(): string[] {
    const lines = this.log.splice(0).join("").split("\n");
    return lines.filter((line) => line.includes(" error ") || line.includes("never awaited"));
  }

  private async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.process;
    this.process = null;
    if (child?.exitCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/api/health/ready`)).ok;
    } catch {
      return false;
    }
  }

  private environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("HYRED_"));
    const own = {
      PYTHONPATH: join(ROOT, "src"),
      PORT: String(this.port),
      HYRED_DATA_DIR: join(this.home, "data"),
    };
    return {
      ...Object.fromEntries(inherited),
      ...SETTINGS,
      ...this.settings,
      ...own,
    };
  }

  private keep(chunk: Buffer): void {
    this.log.push(chunk.toString());
    this.log.splice(0, this.log.length - MAX_LOG_LINES);
  }
}

async function findFreePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  listener.close();
  await once(listener, "close");
  if (address === null || typeof address === "string") throw new Error("The listener has no port.");
  return address.port;
}
