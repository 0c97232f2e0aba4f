/** Notifications that the service worker shows for the page, and that the page takes back. */
import { findServiceWorker } from "../../lib/serviceWorker";
import { optionsOf, type ShownContent } from "./content";

export async function showNotification(title: string, content: ShownContent): Promise<boolean> {
  const registration = await findServiceWorker();
  if (registration === null) return false;
  try {
    const [before] = await registration.getNotifications({ tag: content.tag });
    await registration.showNotification(title, optionsOf(title, content, before));
    return true;
  } catch {
    return false;
  }
}

export async function closeShownNotifications(tags: ReadonlySet<string>): Promise<void> {
  if (tags.size > 0) await closeShown(({ tag }) => tags.has(tag));
}

export async function closeAllNotifications(): Promise<void> {
  await closeShown(() => true);
}

/** Never throws: a notification that cannot be found is one that somebody else has closed. */
export async function closeShown(isMeant: (notification: Notification) => boolean): Promise<void> {
  const registration = await findServiceWorker();
  const shown = (await registration?.getNotifications().catch(() => [])) ?? [];
  for (const notification of shown) if (isMeant(notification)) notification.close();
}
