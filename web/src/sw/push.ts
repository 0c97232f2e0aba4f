/** A push has come: show it, or take away what an earlier one has shown. */
import { optionsOf, seqOf, textOf } from "../features/push/content";
import type { PushOwner } from "../features/push/owner";
import type { Push } from "./payload";
import { whoIsThere } from "./windows";
import type { Surroundings } from "./worker";

/** Several that say nothing take one another's place. */
const PLAIN_TAG = "hyred-chat";

/*
 * We subscribe with userVisibleOnly, as browsers demand. What they do about a push that shows nothing:
 *
 * - Chromium counts, when the event is over, what the registration shows then, whatever push it came by. With nothing
 *   shown and no tab of the site to be seen it takes from a small daily budget, and without one it shows a notification
 *   of its own (“updated in the background”). Closing one does not count as showing. So while the conversation is on
 *   screen nothing is owed; a withdrawal with no window open costs of the budget, if it takes away the last one, and
 *   showing something only to close it would not help.
 * - Firefox has a budget too, which visits fill up.
 * - WebKit ends the subscription after the third such push, wherever its windows are: it must see one, if only for a
 *   moment.
 *
 * What nobody can read is shown as a plain notification, for the same reason.
 */

export async function receivePush(worker: Surroundings, push: Push | null): Promise<void> {
  const owner = await worker.findOwner();
  // Signed out without the push service having heard of it: what it sends is not for whoever sits here now.
  if (owner === null) {
    await Promise.all([worker.endSubscription().catch(() => undefined), showNothing(worker, PLAIN_TAG)]);
    return;
  }
  if (push === null) {
    await showPlain(worker, owner);
    return;
  }
  const showing = push.isWithdrawn ? withdraw(worker, push.collapseKey) : show(worker, push, owner);
  await Promise.all([showing, push.badge === null ? undefined : worker.setBadge(push.badge)]);
}

async function show(worker: Surroundings, push: Push, owner: PushOwner | undefined): Promise<void> {
  const { collapseKey: tag, title, body, data, isSilent } = push;
  if (await isOnScreen(worker, data.chatRoomId, owner)) {
    await showNothing(worker, tag);
    return;
  }
  const shown = await worker.listShown(tag);
  // One that tells of a later message was sent later, and overtook this one: unless that message was deleted since.
  const isOutdated = !isSilent && shown.some((other) => (seqOf(other.data) ?? 0) > (seqOf(data) ?? Infinity));
  if (isOutdated) return;
  const locale = owner?.locale ?? worker.locale;
  const content = { tag, body, data: { ...data, userId: owner?.userId ?? null }, locale, isSilent };
  await worker.show(title, optionsOf(title, content, shown[0]));
}

async function withdraw(worker: Surroundings, tag: string): Promise<void> {
  for (const notification of await worker.listShown(tag)) notification.close();
  await showNothing(worker, tag);
}

async function showPlain(worker: Surroundings, owner: PushOwner | undefined): Promise<void> {
  const locale = owner?.locale ?? worker.locale;
  const data = { userId: owner?.userId ?? null };
  const title = textOf("push.new", locale);
  const [before] = await worker.listShown(PLAIN_TAG);
  await worker.show(title, optionsOf(title, { tag: PLAIN_TAG, body: "", data, locale }, before));
}

/** Where even nothing has to be shown. */
async function showNothing(worker: Surroundings, tag: string): Promise<void> {
  if (!worker.mustShow) return;
  await worker.show("Hyred Chat", { tag, silent: true });
  for (const notification of await worker.listShown(tag)) notification.close();
}

/** Whether its person looks at the conversation: the server may not have known yet when it pushed. */
async function isOnScreen(worker: Surroundings, roomId: unknown, owner: PushOwner | undefined): Promise<boolean> {
  const seen = (await worker.listWindows()).filter(({ visibilityState }) => visibilityState === "visible");
  if (typeof roomId !== "string" || seen.length === 0) return false;
  const { people } = await whoIsThere(seen);
  return people.some((person) => person.roomId === roomId && (owner === undefined || person.userId === owner.userId));
}
