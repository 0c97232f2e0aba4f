/** What the push side of the service worker asks of the world around it, so that tests can stand in for that. */
import { keptOwners, type PushOwner } from "../features/push/owner";
import type { ShownBefore, ShownOptions } from "../features/push/content";
import type { WorkerMessage } from "../features/push/messages";
import { readAppConfig, type MarketplacePages } from "../features/session/appConfig";
import { matchLocale } from "../lib/i18n/locale";

/** A window of the app, as far as it is used here. */
export interface AppWindow {
  readonly id: string;
  /** The address that it was opened at; where it is now, only the window knows. */
  readonly url: string;
  readonly visibilityState: DocumentVisibilityState;
  postMessage(message: WorkerMessage, transfer?: Transferable[]): void;
  focus(): Promise<unknown>;
}

export interface Shown extends ShownBefore {
  close(): void;
}

export interface Surroundings {
  /** Null when nobody is signed in here; undefined when that cannot be known. */
  findOwner(): Promise<PushOwner | null | undefined>;
  show(title: string, options: ShownOptions): Promise<void>;
  listShown(tag: string): Promise<readonly Shown[]>;
  listWindows(): Promise<readonly AppWindow[]>;
  /** A path of ours, or a page of the marketplace. */
  openWindow(path: string): Promise<unknown>;
  /** Where the server says that they are, as it was last heard: a click may open a window for a moment only. */
  findPages(): Promise<MarketplacePages>;
  /** The number on the app's icon, where there is such a thing. */
  setBadge(count: number): Promise<void>;
  endSubscription(): Promise<void>;
  readonly locale: string;
  /** Whether the browser ends subscriptions whose pushes do not each show something: WebKit. */
  readonly mustShow: boolean;
}

export function surroundingsOf(self: ServiceWorkerGlobalScope, knownSettings: () => Promise<Response>): Surroundings {
  const { registration, clients, navigator } = self;
  return {
    findOwner: () => keptOwners.find(),
    show: (title, options) => registration.showNotification(title, options),
    listShown: (tag) => registration.getNotifications({ tag }),
    listWindows: () => clients.matchAll({ type: "window", includeUncontrolled: true }),
    openWindow: (path) => clients.openWindow(new URL(path, self.location.origin)),
    findPages: () => knownSettings().then(async (answer) => readAppConfig(await answer.json())),
    setBadge: (count) => setBadge(navigator, count),
    endSubscription: async () => {
      await (await registration.pushManager.getSubscription())?.unsubscribe();
    },
    locale: matchLocale([navigator.language]),
    mustShow: isWebKit(navigator.userAgent),
  };
}

/** Browsers that have no badge, or refuse it outside an installed app, do without. */
async function setBadge(navigator: Partial<WorkerNavigator>, count: number): Promise<void> {
  const shown = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  await shown?.catch(() => undefined);
}

export function isWebKit(userAgent: string): boolean {
  return userAgent.includes("AppleWebKit") && !/Chrom(e|ium)\//.test(userAgent);
}
