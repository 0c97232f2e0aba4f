import type { Notifications, NotificationRecord } from "../../realtime/types";
import { roomOf, targetOf, type Navigate } from "./target";

/** What may be read at once, in another tab or on another device, is not worth a sound here. */
const delayMs = 700;

/** Shows the browser's own notifications while the page is hidden, one for each room, and takes back what was read. */
export class BrowserNotifications {
  readonly #notifications: Notifications;
  readonly #onNavigate: Navigate;
  readonly #shown = new Map<string, Notification>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #last: NotificationRecord | null;

  constructor(notifications: Notifications, onNavigate: Navigate) {
    this.#notifications = notifications;
    this.#onNavigate = onNavigate;
    this.#last = notifications.getSnapshot().latest;
  }

  start(): () => void {
    const end = this.#notifications.subscribe(() => this.#follow());
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
    for (const [tag, notification] of [...this.#shown]) {
      if (!this.#isUnread(tag)) this.#close(tag, notification);
    }
    if (latest === null || latest === this.#last) return;
    this.#last = latest;
    const tag = tagOf(latest);
    clearTimeout(this.#timers.get(tag));
    this.#timers.set(
      tag,
      setTimeout(() => this.#show(tag, latest), delayMs),
    );
  }

  #show(tag: string, record: NotificationRecord): void {
    this.#timers.delete(tag);
    if (!document.hidden || !this.#isUnread(tag)) return;
    const notification = createNotification(tag, record);
    if (notification === null) return;
    notification.onclick = () => this.#open(tag, notification, record);
    notification.onclose = () => this.#shown.get(tag) === notification && this.#shown.delete(tag);
    this.#shown.set(tag, notification);
  }

  #open(tag: string, notification: Notification, record: NotificationRecord): void {
    window.focus();
    this.#close(tag, notification);
    this.#notifications.markRead(record.id);
    const target = targetOf(record);
    if (target !== null) this.#onNavigate(target);
  }

  #close(tag: string, notification: Notification): void {
    this.#shown.delete(tag);
    notification.close();
  }

  #isUnread(tag: string): boolean {
    return this.#notifications.getSnapshot().items.some((item) => !item.read && tagOf(item) === tag);
  }
}

/** A room has one notification, that of its newest message. */
function tagOf(record: NotificationRecord): string {
  return roomOf(record) ?? record.id;
}

function createNotification(tag: string, { title, body }: NotificationRecord): Notification | null {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return null;
  try {
    return new Notification(title, { body, tag, icon: "/icons/icon-192.png" });
  } catch {
    // Chrome on Android has them only for service workers: there, Web Push is what reaches a hidden page.
    return null;
  }
}
