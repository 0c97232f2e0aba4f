import type { Notifications, NotificationRecord } from "../../realtime/types";
import { targetOf, type Navigate } from "./target";

/** What may be read at once, in another tab or on another device, is not worth a sound here. */
const delayMs = 700;

export interface Alert {
  readonly title: string;
  readonly body: string;
}

export interface AlertSurroundings {
  readonly onNavigate: Navigate;
  /** What it says, once it is known what the person wants; null when they do not want it now. */
  describe(record: NotificationRecord): Promise<Alert | null>;
  /** Has the service worker show it, which then sees to clicks and to closing it. False where there is none. */
  show(record: NotificationRecord, alert: Alert): Promise<boolean>;
  close(id: string): void;
}

/** Shows the browser's own notifications while the page is hidden, and takes back what was read. */
export class BrowserNotifications {
  readonly #notifications: Notifications;
  readonly #surroundings: AlertSurroundings;
  /** Those of the page itself. The notification's id is their tag: as it grows, one takes the place of the other. */
  readonly #shown = new Map<string, Notification>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #last: NotificationRecord | null;

  /** What comes after `last` is shown. */
  constructor(notifications: Notifications, last: NotificationRecord | null, surroundings: AlertSurroundings) {
    this.#notifications = notifications;
    this.#surroundings = surroundings;
    this.#last = last;
  }

  start(): () => void {
    const end = this.#notifications.subscribe(() => this.#follow());
    this.#follow();
    return () => {
      end();
      for (const timer of this.#timers.values()) clearTimeout(timer);
      for (const notification of this.#shown.values()) notification.close();
      this.#timers.clear();
      this.#shown.clear();
    };
  }

  #follow(): void {
    const { latest } = this.#notifications.getSnapshot();
    for (const [id, notification] of [...this.#shown]) {
      if (!this.#isUnread(id)) this.#close(id, notification);
    }
    if (latest === null || latest === this.#last) return;
    this.#last = latest;
    clearTimeout(this.#timers.get(latest.id));
    this.#timers.set(
      latest.id,
      setTimeout(() => void this.#show(latest), delayMs),
    );
  }

  async #show(record: NotificationRecord): Promise<void> {
    this.#timers.delete(record.id);
    if (!this.#isOwed(record)) return;
    const alert = await this.#surroundings.describe(record);
    if (alert === null || !this.#isOwed(record)) return;
    const isShown = await this.#surroundings.show(record, alert);
    const isUnread = this.#isUnread(record.id);
    if (isShown && !isUnread) this.#surroundings.close(record.id);
    if (!isShown && isUnread) this.#showFromPage(record, alert);
  }

  #showFromPage(record: NotificationRecord, alert: Alert): void {
    const { id } = record;
    const notification = createNotification(id, alert);
    if (notification === null) return;
    notification.onclick = () => this.#open(notification, record);
    notification.onclose = () => this.#shown.get(id) === notification && this.#shown.delete(id);
    this.#shown.set(id, notification);
  }

  #open(notification: Notification, record: NotificationRecord): void {
    window.focus();
    this.#close(record.id, notification);
    this.#notifications.markRead(record.id);
    const target = targetOf(record);
    if (target !== null) this.#surroundings.onNavigate(target);
  }

  #close(id: string, notification: Notification): void {
    this.#shown.delete(id);
    notification.close();
  }

  #isOwed({ id }: NotificationRecord): boolean {
    return document.hidden && this.#isUnread(id) && isAllowed();
  }

  #isUnread(id: string): boolean {
    return this.#notifications.getSnapshot().items.some((item) => !item.read && item.id === id);
  }
}

function isAllowed(): boolean {
  return typeof Notification !== "undefined" && Notification.permission === "granted";
}

function createNotification(tag: string, { title, body }: Alert): Notification | null {
  try {
    return new Notification(title, { body, tag, icon: "/icons/icon-192.png" });
  } catch {
    // Chrome on Android has them only for service workers: there, Web Push is what reaches a hidden page.
    return null;
  }
}
