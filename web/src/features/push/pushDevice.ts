import { ChatError } from "../../lib/api/chatError";
import type { RestClient } from "../../lib/api/restClient";
import { WritableStore } from "../../lib/store";
import { bounded } from "../../realtime/bounded";
import type { PushOwner, PushOwners } from "./owner";
import type { PushBrowser } from "./pageBrowser";
import { closeAllNotifications } from "./shown";
import { subscribeWith, SUBSCRIBE_TIMEOUT_MS } from "./subscription";

/**
 * - `homeScreen`: unsupported here, but not in the installed app.
 * - `default`: nobody was asked yet.
 * - `denied`: only the browser's settings can change it.
 * - `working`: allowed, and being set up.
 * - `subscribed`: pushes come, also when the app is closed.
 * - `noServerPush`, `noBrowserPush`, `failed`: allowed, and shown only while the app is open.
 */
export type PushState =
  | "unsupported"
  | "homeScreen"
  | "default"
  | "denied"
  | "working"
  | "subscribed"
  | "noServerPush"
  | "noBrowserPush"
  | "failed";

export interface PushDeviceOptions {
  readonly rest: Pick<RestClient, "request">;
  readonly browser: PushBrowser;
  readonly owners: PushOwners;
  readonly appVersion: string;
  readonly closeNotifications?: () => Promise<void>;
}

/** The endpoint goes in the body: addresses end up in the access logs of proxies. */
const DEVICES = "/api/push/devices";
const REMOVE_TIMEOUT_MS = 2_000;
/** With these, what was registered before still holds. */
const PASSING = new Set(["offline", "timeout", "unavailable"]);

/** This browser as a device that pushes reach: allowed by a click, registered at each start, removed on signing out. */
export class PushDevice {
  readonly state: WritableStore<PushState>;
  readonly #options: PushDeviceOptions;
  #userId: string | null = null;
  /** One registration after another. */
  #registering: Promise<void> = Promise.resolve();
  /** What the server was told last; null when that failed or is in doubt. */
  #registered: string | null = null;

  constructor(options: PushDeviceOptions) {
    this.#options = options;
    this.state = new WritableStore<PushState>(this.#supportedState());
  }

  /** Somebody is signed in. Registers if that is allowed; follows the permission until the answer is called. */
  start(userId: string): () => void {
    this.#userId = userId;
    if (this.#options.browser.support() !== "supported") return () => undefined;
    void this.refresh();
    return this.#options.browser.onPermissionChange(() => void this.refresh());
  }

  /** Asks for permission, where that was not answered before, and subscribes. Never throws. */
  async allow(): Promise<void> {
    const { browser } = this.#options;
    if (browser.support() !== "supported") return;
    if (browser.permission() === "default") await browser.askPermission().catch(() => undefined);
    await this.refresh();
  }

  /** Registers what is not registered yet, or is not the same any more: person, language, time zone. Never throws. */
  async refresh(): Promise<void> {
    const state = this.#supportedState();
    if (state !== "working") {
      this.#registered = null;
      this.state.set(state);
      return;
    }
    this.#registering = this.#registering.then(() => this.#registerWhatIsNew());
    await this.#registering;
  }

  /** The browser says that the subscription is another one now, or none. */
  async renew(): Promise<void> {
    this.#registering = this.#registering.then(() => {
      this.#registered = null;
    });
    await this.refresh();
  }

  /** `userId` signs out: the device is theirs no more, and the subscription ends. Never throws; bounded in time. */
  async remove(userId: string | null): Promise<void> {
    this.#userId = null;
    if (userId === null) return;
    const removing = this.#options.browser.exclusively(() => this.#remove(userId));
    await bounded(removing, REMOVE_TIMEOUT_MS).catch(() => undefined);
  }

  /** `working` stands for all that may follow once it is allowed. */
  #supportedState(): PushState {
    const support = this.#options.browser.support();
    if (support !== "supported") return support;
    const permission = this.#options.browser.permission();
    return permission === "granted" ? "working" : permission;
  }

  async #registerWhatIsNew(): Promise<void> {
    const userId = this.#userId;
    if (userId !== null && this.#registered !== this.#signature()) await this.#register(userId);
  }

  async #register(userId: string): Promise<void> {
    if (this.state.getSnapshot() !== "subscribed") this.state.set("working");
    const signature = this.#signature();
    try {
      const state = await this.#options.browser.exclusively(() => this.#subscribe(userId));
      this.#registered = signature;
      this.#show(state);
    } catch (error) {
      this.#show(await this.#stateAfter(error, userId));
    }
  }

  async #subscribe(userId: string): Promise<PushState> {
    const { rest, browser, owners, appVersion } = this.#options;
    const { key } = (await rest.request<{ key: string | null }>("/api/push/web-key")).data;
    const pushes = await browser.findPushManager();
    if (key === null) return "noServerPush";
    if (pushes === null) return "noBrowserPush";
    const before = await owners.find();
    const subscribing = subscribeWith(pushes, key, before?.key ?? null);
    const subscription = await bounded(subscribing, SUBSCRIBE_TIMEOUT_MS);
    if (this.#userId !== userId) return this.state.getSnapshot();
    const { endpoint } = subscription;
    const [locale, timeZone] = [browser.locale(), browser.timeZone()];
    await this.#own({ userId, locale, key, endpoint }, before);
    const device = { platform: "web", appVersion, locale, timeZone, subscription: subscription.toJSON() };
    await rest.request(DEVICES, { method: "PUT", body: { token: endpoint, ...device } });
    return "subscribed";
  }

  /** Before the server knows: a push must not come earlier than the service worker knows whose it is. */
  async #own(owner: PushOwner, before: PushOwner | null | undefined): Promise<void> {
    if (before && before.userId !== owner.userId) await this.#closeNotifications();
    await this.#options.owners.keep(owner);
  }

  async #stateAfter(error: unknown, userId: string): Promise<PushState> {
    const isPassing = error instanceof ChatError && PASSING.has(error.code);
    const owner = await this.#options.owners.find();
    return isPassing && owner?.userId === userId ? "subscribed" : "failed";
  }

  async #remove(userId: string): Promise<void> {
    const { rest, browser, owners } = this.#options;
    const owner = await owners.find();
    // Nobody's, or somebody else's who has signed in since: then it is theirs to end.
    if (owner === null || (owner !== undefined && owner.userId !== userId)) return;
    await owners.forget();
    await this.#closeNotifications();
    const subscription = (await (await browser.findPushManager())?.getSubscription()) ?? null;
    const endpoint = subscription?.endpoint ?? owner?.endpoint;
    if (endpoint === undefined) return;
    const signal = AbortSignal.timeout(REMOVE_TIMEOUT_MS);
    const body = { token: endpoint };
    await rest.request(`${DEVICES}/remove`, { method: "POST", body, signal }).catch(() => undefined);
    await subscription?.unsubscribe();
  }

  #closeNotifications(): Promise<void> {
    return (this.#options.closeNotifications ?? closeAllNotifications)();
  }

  #show(state: PushState): void {
    // Taken back meanwhile, by the person in the browser's settings or by signing out.
    if (this.#supportedState() === "working" && this.#userId !== null) this.state.set(state);
  }

  #signature(): string {
    const { browser } = this.#options;
    return JSON.stringify([this.#userId, browser.locale(), browser.timeZone()]);
  }
}
