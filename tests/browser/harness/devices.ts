/** Browsers of people: each device is a browser context, with a storage and a network of its own. */
import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";

import { Guard, reportBreaches } from "./guard";
import type { Person } from "./host";
import { PATIENCE_MS } from "./patience";
import { Screen } from "./screen";
import type { Server } from "./server";
import { keepSession } from "./session";

export const DESK = { width: 1440, height: 900 };
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

/**
 * With the service worker, which keeps the app for when there is no network, takes what other apps share, and hears of
 * pushes. It fetches all of the app once more, so only the journeys that need it have it.
 */
export const WITH_WORKER: BrowserContextOptions = { serviceWorkers: "allow" };

export class Devices {
  private readonly contexts: BrowserContext[] = [];
  /** Those that have a service worker. */
  private readonly workers = new WeakSet<BrowserContext>();
  private readonly guards: Guard[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly server: Server,
  ) {}

  /** A new device, without a service worker unless that is asked for; with a person, one on which they are signed in. */
  async unpack(options: BrowserContextOptions = {}, person?: Person): Promise<BrowserContext> {
    const context = await this.browser.newContext({
      baseURL: this.server.url,
      viewport: DESK,
      locale: "en-US",
      timezoneId: "UTC",
      colorScheme: "light",
      serviceWorkers: "block",
      ...options,
    });
    this.contexts.push(context);
    if (options.serviceWorkers === "allow") this.workers.add(context);
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(reportBreaches);
    if (person) await context.addInitScript(keepSession, person.token);
    return context;
  }

  /** Another tab of a device. */
  async openTab(context: BrowserContext, path: string): Promise<Screen> {
    const screen = await this.openBlank(context);
    await screen.page.goto(path);
    return screen;
  }

  async openBlank(context: BrowserContext): Promise<Screen> {
    const page = await context.newPage();
    const guard = new Guard(page);
    this.guards.push(guard);
    return new Screen(page, guard, this.workers.has(context));
  }

  /** Somebody at a new device, with the app open and online at a path, and their list there. */
  async signIn(person: Person, options: BrowserContextOptions = {}, path = "/chat"): Promise<Screen> {
    const screen = await this.openTab(await this.unpack(options, person), path);
    await screen.account.or(screen.composer).first().waitFor();
    await screen.whenOnline();
    return screen;
  }

  /** Somebody in their conversation with somebody, of which they hear all that happens. */
  async openConversation(
    person: Person,
    other: Person,
    roomId: string,
    options?: BrowserContextOptions,
  ): Promise<Screen> {
    const screen = await this.openRoom(person, roomId, options);
    await screen.whenOpen(other.name);
    return screen;
  }

  /** Somebody in any conversation, of which they hear all that happens. */
  async openRoom(person: Person, roomId: string, options?: BrowserContextOptions): Promise<Screen> {
    const screen = await this.signIn(person, options, `/chat/${roomId}`);
    await screen.whenJoined(roomId);
    return screen;
  }

  async closeAll(): Promise<string[]> {
    const faults = this.guards.flatMap((guard) => guard.faults());
    await Promise.all(this.contexts.map((context) => context.close()));
    return faults;
  }
}
