/** What others use of push, in front of what is loaded later. */
import type { ShownContent } from "./content";
import { loadParts } from "./load";

/**
 * Shows a notification by the service worker, as a push with the same tag (the notification's id) would: whichever
 * comes second takes the place of the first, silently when it says the same. Returns false where there is no service
 * worker, or permission is missing.
 */
export async function showNotification(title: string, content: ShownContent): Promise<boolean> {
  return (await (await loadParts())?.showNotification(title, content)) ?? false;
}

/** Closes what is shown with one of these tags, by a push or by `showNotification`. */
export async function closeShownNotifications(tags: ReadonlySet<string>): Promise<void> {
  await (await loadParts())?.closeShownNotifications(tags);
}
