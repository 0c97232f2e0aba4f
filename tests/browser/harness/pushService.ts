/** A push service, as a process of its own (`push_service.py`): servers push to it, and it decrypts for browsers. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { PYTHON, ROOT } from "./server";

export interface PushPayload {
  readonly collapseKey: string;
  readonly title: string | null;
  readonly body: string | null;
  readonly badge: number;
  readonly withdrawn: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

/** As `PushSubscription.toJSON()` gives it. */
export interface Subscription {
  readonly endpoint: string;
  readonly expirationTime: null;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

export class PushService {
  private constructor(
    private readonly process: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(): Promise<PushService> {
    const environment = { ...process.env, PYTHONPATH: ROOT };
    const child = spawn(PYTHON, ["-m", "tests.browser.harness.push_service"], {
      cwd: ROOT,
      env: environment,
    });
    child.stderr.pipe(process.stderr);
    const [url] = (await once(createInterface(child.stdout), "line")) as [string];
    return new PushService(child, url);
  }

  /** What a server that pushes to it has to be told. */
  get host(): string {
    return new URL(this.url).host;
  }

  /** A browser subscribes, with the server's key. */
  async subscribe(applicationKey: string): Promise<Subscription> {
    const body = JSON.stringify({ applicationKey });
    const answer = await fetch(`${this.url}/subscriptions`, {
      method: "POST",
      body,
    });
    return (await answer.json()) as Subscription;
  }

  /** The push that comes after so many to an endpoint. Waits for it. */
  async takePush(endpoint: string, after: number, signal: AbortSignal): Promise<PushPayload> {
    const payload = (await this.ask(endpoint, after + 1, signal))[after];
    if (payload === undefined) throw new Error("No push came.");
    return payload;
  }

  /** What has come to an endpoint until now. */
  listPushes(endpoint: string): Promise<PushPayload[]> {
    return this.ask(endpoint, 0);
  }

  /** @throws what a real service would have refused. */
  private async ask(endpoint: string, count: number, signal?: AbortSignal): Promise<PushPayload[]> {
    const query = new URLSearchParams({
      endpoint,
      count: String(count),
    }).toString();
    const answer = await fetch(`${this.url}/pushes?${query}`, signal ? { signal } : {});
    const { payloads, problems } = (await answer.json()) as {
      payloads: PushPayload[];
      problems: string[];
    };
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return payloads;
  }

  async stop(): Promise<void> {
    const exit = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await exit;
  }
}
