import { localeStore } from "../../lib/i18n/locale";
import { findServiceWorker } from "../../lib/serviceWorker";

/** What push asks of the browser. */
export interface PushBrowser {
  /** `homeScreen`: not here, but in the app once it is installed. */
  support(): "supported" | "homeScreen" | "unsupported";
  permission(): NotificationPermission;
  /** Asks the person. Only ever called from a click: asking on load teaches people to say no. */
  askPermission(): Promise<void>;
  onPermissionChange(listener: () => void): () => void;
  /** The subscriptions of the app's service worker; null where there is none, or the browser has no push. */
  findPushManager(): Promise<PushManager | null>;
  locale(): string;
  timeZone(): string;
  /** One after another, in all tabs: there is one subscription for them all. */
  exclusively<T>(task: () => Promise<T>): Promise<T>;
}

let lastTask: Promise<unknown> = Promise.resolve();

export const pageBrowser: PushBrowser = {
  support: () => {
    if (globalThis.isSecureContext && typeof Notification !== "undefined") return "supported";
    return isAppleTouch(navigator) && !isInstalled() ? "homeScreen" : "unsupported";
  },
  permission: () => Notification.permission,
  askPermission: async () => {
    await Notification.requestPermission();
  },
  onPermissionChange: (listener) => {
    let end: () => void = () => undefined;
    let isEnded = false;
    // Asking for what a browser does not know rejects; then a change is seen at the next start.
    const { permissions } = navigator as Partial<Navigator>;
    void permissions?.query({ name: "notifications" }).then(
      (status) => {
        if (isEnded) return;
        status.addEventListener("change", listener);
        end = () => status.removeEventListener("change", listener);
      },
      () => undefined,
    );
    return () => {
      isEnded = true;
      end();
    };
  },
  findPushManager: async () => {
    const registration = (await findServiceWorker()) as Partial<ServiceWorkerRegistration> | null;
    return registration?.pushManager ?? null;
  },
  locale: () => localeStore.getSnapshot(),
  timeZone: () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
  exclusively: async (task) => {
    const { locks } = navigator as Partial<Navigator>;
    if (locks) return await locks.request("hyred-push", task);
    const mine = lastTask.then(task, task);
    lastTask = mine.catch(() => undefined);
    return await mine;
  },
};

/** iPhones, and iPads, which call themselves Macs. There, only an installed app has notifications. */
export function isAppleTouch({ userAgent, maxTouchPoints }: Pick<Navigator, "userAgent" | "maxTouchPoints">): boolean {
  return /iPhone|iPad|iPod/.test(userAgent) || (userAgent.includes("Macintosh") && maxTouchPoints > 1);
}

function isInstalled(): boolean {
  return window.matchMedia("(display-mode: standalone)").matches;
}
