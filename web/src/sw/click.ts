/** Somebody clicked on a notification, or answered in it. */
import type { PushTarget, WorkerMessage } from "../features/push/messages";
import { textOf } from "../features/push/content";
import { pageOf, targetOf } from "../features/notifications/target";
import { isRecord } from "../lib/api/envelope";
import { keepRead } from "./read";
import { keepReply } from "./reply";
import { whoIsThere, type AskedWindows, type PeopledWindow } from "./windows";
import type { AppWindow, Surroundings } from "./worker";

/**
 * To what it tells of: in the window that shows it, else in any of the same person, else in one that is frozen, else in a
 * new one. A page of the marketplace has a new window in any case.
 */
export async function follow(worker: Surroundings, data: unknown): Promise<void> {
  const details = isRecord(data) ? data : {};
  const target = targetOf({ data: details });
  const [{ people, silent }, page] = await Promise.all([windowsOf(worker, details.userId), findPage(worker, target)]);
  if (page !== null) {
    await Promise.all([worker.openWindow(page), markRead(people[0], details)]);
    return;
  }
  const wanted = target?.kind === "chat" ? target.chatRoomId : null;
  const onTarget = wanted === null ? undefined : people.find(({ roomId }) => roomId === wanted);
  const window = (onTarget ?? people[0])?.window ?? silent[0];
  await lead(worker, window, details, onTarget === undefined ? target : null);
}

/** Leads a window to the target, and to the front; a new one where there is none. */
async function lead(
  worker: Surroundings,
  window: AppWindow | undefined,
  details: Record<string, unknown>,
  target: PushTarget | null,
): Promise<void> {
  window?.postMessage(followingOf(details, target));
  // It may have been closed since it was listed.
  const isInFront = await window?.focus().then(
    () => true,
    () => false,
  );
  if (isInFront !== true) await worker.openWindow(pathOf(targetOf({ data: details })));
}

function followingOf(details: Record<string, unknown>, target: PushTarget | null): WorkerMessage {
  const [notificationId, userId] = [textIn(details, "notificationId"), textIn(details, "userId")];
  return { kind: "push.follow", target, notificationId, userId };
}

/** Null when it has none, or nobody can say where it is. */
async function findPage(worker: Surroundings, target: PushTarget | null): Promise<string | null> {
  if (target === null || target.kind === "chat") return null;
  const pages = await worker.findPages().catch(() => null);
  return (pages && pageOf(target, pages)) ?? null;
}

/** In a window of the person; without one, the next that opens tells the server. */
async function markRead(person: PeopledWindow | undefined, details: Record<string, unknown>): Promise<void> {
  const [notificationId, userId] = [textIn(details, "notificationId"), textIn(details, "userId")];
  person?.window.postMessage(followingOf(details, null));
  if (person === undefined && notificationId !== null && userId !== null) await keepRead(userId, notificationId);
}

/** Into the queue of what this person has written; a window sends it, a new one if there is none. */
export async function reply(worker: Surroundings, data: unknown, text: string): Promise<void> {
  const details = isRecord(data) ? data : {};
  const { chatRoomId: roomId, userId } = details;
  const owner = await worker.findOwner();
  // Somebody else's by now: nothing is written in their name.
  if (typeof roomId !== "string" || typeof userId !== "string" || owner?.userId !== userId) {
    await follow(worker, data);
    return;
  }
  const [isKept, windows] = await Promise.all([keepReply({ userId, roomId, text }), windowsOf(worker, userId)]);
  if (windows.people.length > 0) return;
  if (!isKept) {
    const { locale } = owner;
    const body = textOf("push.replyLostBody", locale, { text });
    await worker.show(textOf("push.replyLost", locale), {
      tag: `lost ${roomId}`,
      body,
      data,
      icon: "/icons/icon-192.png",
    });
    return;
  }
  await lead(worker, windows.silent[0], details, { kind: "chat", chatRoomId: roomId });
}

async function windowsOf(worker: Surroundings, userId: unknown): Promise<AskedWindows> {
  const { people, silent } = await whoIsThere(await worker.listWindows());
  const isTheirs = (person: PeopledWindow): boolean => typeof userId !== "string" || person.userId === userId;
  return { people: people.filter(isTheirs), silent };
}

function textIn(details: Record<string, unknown>, name: string): string | null {
  const value = details[name];
  return typeof value === "string" ? value : null;
}

/** Always one of ours, made here: no payload says where to go. */
function pathOf(target: PushTarget | null): string {
  return target?.kind === "chat" ? `/chat/${encodeURIComponent(target.chatRoomId)}` : "/chat";
}
