/**
 * What a browser does about pushes where no real push service can be asked: it subscribes at the one beside the server,
 * and hands what comes from there to the service worker, which is the real one and shows real notifications.
 */
import type { BrowserContext, Worker } from "playwright-core";

import { PATIENCE_MS } from "./patience";
import type { PushPayload, PushService, Subscription } from "./pushService";
import type { Screen } from "./screen";
import { eventually, gone, seen } from "./waiting";

/** A notification that the service worker shows. */
export interface Shown {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
}

interface Asking extends Window {
  findSubscription(): Promise<[Subscription, string] | null>;
  makeSubscription(key: string): Promise<Subscription>;
  endSubscription(): Promise<boolean>;
}

/** Of the service worker's own names, those that are needed here. */
interface WorkerScope extends EventTarget {
  setTimeout(act: () => void, milliseconds: number): unknown;
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: object;
  readonly PushEvent: new (type: string, options: { data: string }) => Event;
  readonly NotificationEvent: new (type: string, options: { notification: Notification; action: string }) => Event;
  readonly WindowClient: {
    readonly prototype: { focus(this: { url: string }): Promise<unknown> };
  };
}

/** A worker whose windows are noted instead of opened: a click that no person made may open none. */
interface Noting {
  opened: string[];
  focused: string[];
}

interface ClickOptions {
  readonly reply?: string | null;
  /** 0 where none will answer: the worker's own patience is enough. */
  readonly patienceMs?: number;
}

export class PushBrowser {
  private subscribed: {
    readonly key: string;
    readonly subscription: Subscription;
  } | null = null;
  private taken = 0;

  private constructor(
    private readonly context: BrowserContext,
    private readonly service: PushService,
  ) {}

  /** On a device whose pages have not been opened yet. */
  static async install(context: BrowserContext, service: PushService, origin: string): Promise<PushBrowser> {
    const browser = new PushBrowser(context, service);
    await context.grantPermissions(["notifications"], { origin });
    await context.exposeFunction("findSubscription", () => browser.find());
    await context.exposeFunction("makeSubscription", (key: string) => browser.subscribe(key));
    await context.exposeFunction("endSubscription", () => browser.unsubscribe());
    await context.addInitScript(standIn);
    return browser;
  }

  get isSubscribed(): boolean {
    return this.subscribed !== null;
  }

  /** Where the push service takes what is for this browser. */
  get endpoint(): string {
    if (this.subscribed === null) throw new Error("This browser has not subscribed.");
    return this.subscribed.subscription.endpoint;
  }

  /** The next push to this browser, once it has come and the service worker has it. */
  async takePush(): Promise<PushPayload> {
    await eventually(() => this.isSubscribed).toBe(true);
    const payload = await this.service.takePush(this.endpoint, this.taken, AbortSignal.timeout(PATIENCE_MS));
    this.taken += 1;
    await (await this.worker()).evaluate(receive, JSON.stringify(payload));
    return payload;
  }

  /** The next push, once the service worker shows a notification, and no other. */
  async takeShown(): Promise<PushPayload> {
    const payload = await this.takePush();
    await eventually(async () => (await this.shown()).length).toBe(1);
    return payload;
  }

  /** What the service worker shows now. */
  async shown(): Promise<Shown[]> {
    const worker = await this.worker();
    return worker.evaluate(async () => {
      const { registration } = self as unknown as WorkerScope;
      return (await registration.getNotifications()).map(({ tag, title, body }) => ({ tag, title, body }));
    });
  }

  /**
   * Somebody clicks on what is shown, or answers it there. The windows have `patienceMs` to say who is there.
   * @returns where the worker sent them.
   */
  async click(tag: string, { reply = null, patienceMs = PATIENCE_MS }: ClickOptions = {}): Promise<Noting> {
    const worker = await this.worker();
    return worker.evaluate(clickOn, {
      tag,
      action: reply === null ? "" : "reply",
      reply,
      patienceMs,
    });
  }

  private find(): [Subscription, string] | null {
    return this.subscribed && [this.subscribed.subscription, this.subscribed.key];
  }

  private async subscribe(key: string): Promise<Subscription> {
    const subscription = await this.service.subscribe(key);
    this.subscribed = { key, subscription };
    this.taken = 0;
    return subscription;
  }

  private unsubscribe(): boolean {
    const wasSubscribed = this.isSubscribed;
    this.subscribed = null;
    return wasSubscribed;
  }

  private async worker(): Promise<Worker> {
    return this.context.serviceWorkers()[0] ?? (await this.context.waitForEvent("serviceworker"));
  }
}

/** Waits until the page says that this device is reached. */
export async function whenReached(screen: Screen): Promise<void> {
  const menu = screen.page.getByRole("menu");
  if (!(await menu.isVisible())) await screen.openMenu();
  await seen(menu.getByRole("menuitem", { name: "Notifications are on", exact: true }));
  await screen.page.keyboard.press("Escape");
  await gone(menu);
}

/** Runs in the page before its own scripts. */
function standIn(): void {
  const page = window as unknown as Asking;
  const bytesOf = (text: string): ArrayBuffer =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0))
      .buffer;
  const textOf = (bytes: Uint8Array): string =>
    btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  const wrap = (subscription: Subscription, key: string): object => ({
    endpoint: subscription.endpoint,
    expirationTime: null,
    options: { userVisibleOnly: true, applicationServerKey: bytesOf(key) },
    getKey: (name: "p256dh" | "auth") => bytesOf(subscription.keys[name]),
    toJSON: () => subscription,
    unsubscribe: () => page.endSubscription(),
  });
  Object.assign(PushManager.prototype, {
    getSubscription: async () => {
      const found = await page.findSubscription();
      return found && wrap(...found);
    },
    subscribe: async ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
      const key = textOf(new Uint8Array(applicationServerKey));
      return wrap(await page.makeSubscription(key), key);
    },
  });
  // The browser has given its permission already; the page learns of it when it has asked.
  const NAME = "journeys.permission";
  Object.defineProperty(Notification, "permission", {
    get: () => localStorage.getItem(NAME) ?? "default",
  });
  Notification.requestPermission = () => {
    localStorage.setItem(NAME, "granted");
    return Promise.resolve("granted");
  };
}

/** Runs in the service worker, until it has done what it does about a push. */
async function receive(data: string): Promise<void> {
  const worker = self as unknown as WorkerScope;
  const event = new worker.PushEvent("push", { data });
  const tasks: Promise<unknown>[] = [];
  Object.defineProperty(event, "waitUntil", {
    value: (task: Promise<unknown>) => tasks.push(task),
  });
  worker.dispatchEvent(event);
  await Promise.all(tasks);
}

interface Click {
  readonly tag: string;
  readonly action: string;
  readonly reply: string | null;
  /** How long a window may take to answer on a busy machine; the worker itself gives up on it soon. */
  readonly patienceMs: number;
}

/** Runs in the service worker. */
async function clickOn(click: Click): Promise<Noting> {
  const worker = self as unknown as WorkerScope;
  const noted: Noting = { opened: [], focused: [] };
  const openWindow = (url: string | URL): Promise<null> => {
    const { origin, pathname, href } = new URL(url, worker.location.origin);
    noted.opened.push(origin === worker.location.origin ? pathname : href);
    return Promise.resolve(null);
  };
  Object.defineProperty(worker.clients, "openWindow", {
    value: openWindow,
    configurable: true,
  });
  worker.WindowClient.prototype.focus = function () {
    noted.focused.push(new URL(this.url).pathname);
    return Promise.resolve(this);
  };
  const [notification] = await worker.registration.getNotifications({
    tag: click.tag,
  });
  if (notification === undefined) throw new Error("No such notification is shown.");
  const event = new worker.NotificationEvent("notificationclick", {
    notification,
    action: click.action,
  });
  const tasks: Promise<unknown>[] = [];
  Object.defineProperty(event, "waitUntil", {
    value: (task: Promise<unknown>) => tasks.push(task),
  });
  if (click.reply !== null) Object.defineProperty(event, "reply", { value: click.reply });
  const { setTimeout: usual } = worker;
  worker.setTimeout = (act, milliseconds) => usual.call(worker, act, Math.max(milliseconds, click.patienceMs));
  worker.dispatchEvent(event);
  await Promise.all(tasks);
  worker.setTimeout = usual;
  return noted;
}
