/** A world around the service worker that tests command, and that remembers what was done to it. */
import type { ShownOptions } from "../features/push/content";
import type { WindowState, WorkerMessage } from "../features/push/messages";
import type { MarketplacePages } from "../features/session/appConfig";
import type { PushOwner } from "../features/push/owner";
import type { AppWindow, Shown, Surroundings } from "./worker";

export const MAYA: PushOwner = { userId: "maya", locale: "en", key: "key", endpoint: "https://push.example/1" };

/** A window that answers like the app's page: null when nobody is signed in there; `frozen` when it says nothing. */
export class FakeWindow implements AppWindow {
  readonly id: string;
  readonly heard: WorkerMessage[] = [];
  isFocused = false;
  isGone = false;

  constructor(
    readonly state: WindowState | null | "frozen",
    readonly visibilityState: DocumentVisibilityState = "hidden",
    readonly url = "https://chat.example/",
  ) {
    this.id = JSON.stringify(state);
  }

  postMessage(message: WorkerMessage, transfer?: Transferable[]): void {
    if (message.kind !== "push.whoIsThere") this.heard.push(message);
    else if (this.state !== "frozen") (transfer?.[0] as MessagePort).postMessage(this.state);
  }

  focus(): Promise<unknown> {
    if (this.isGone) return Promise.reject(new TypeError("The window is gone."));
    this.isFocused = true;
    return Promise.resolve();
  }
}

export class FakeShown implements Shown {
  constructor(
    readonly title: string,
    readonly options: ShownOptions,
    readonly close: () => void,
  ) {}

  get body(): string {
    return this.options.body ?? "";
  }

  get data(): unknown {
    return this.options.data as unknown;
  }
}

export class FakeSurroundings implements Surroundings {
  owner: PushOwner | null | undefined = MAYA;
  locale = "en-GB";
  mustShow = false;
  windows: FakeWindow[] = [];
  shown: FakeShown[] = [];
  /** All that was ever shown. */
  readonly history: FakeShown[] = [];
  readonly opened: string[] = [];
  readonly badges: number[] = [];
  isUnsubscribed = false;
  pages: MarketplacePages = { jobUrl: null, contractUrl: null };

  findPages = () => Promise.resolve(this.pages);
  findOwner = () => Promise.resolve(this.owner);
  listWindows = () => Promise.resolve(this.windows);
  listShown = (tag: string) => Promise.resolve(this.shown.filter(({ options }) => options.tag === tag));

  show = (title: string, options: ShownOptions) => {
    const notification: FakeShown = new FakeShown(title, options, () => {
      this.shown = this.shown.filter((other) => other !== notification);
    });
    this.shown = [...this.shown.filter((other) => other.options.tag !== options.tag), notification];
    this.history.push(notification);
    return Promise.resolve();
  };

  openWindow = (path: string) => {
    this.opened.push(path);
    return Promise.resolve(null);
  };

  setBadge = (count: number) => {
    this.badges.push(count);
    return Promise.resolve();
  };

  endSubscription = () => {
    this.isUnsubscribed = true;
    return Promise.resolve();
  };
}
