/** Somebody clicked on a notification, or answered in it. */
import type { PushTarget } from "../features/push/messages";
import { textOf } from "../features/push/content";
import { targetOf } from "../features/notifications/target";
import { isRecord } from "../lib/api/envelope";
import { keepReply } from "./reply";
import { whoIsThere, type PeopledWindow } from "./windows";
import type { Surroundings } from "./worker";

/** To what it tells of: in the window that shows it, else in any of the same person, else in a new one. */
export async function follow(worker: Surroundings, data: unknown): Promise<void> {
  const details = isRecord(data) ? data : {};
  const target = targetOf({ data: details });
  const windows = await windowsOf(worker, details.userId);
  const wanted = target?.kind === "chat" ? target.chatRoomId : null;
  const onTarget = wanted === null ? undefined : windows.find(({ roomId }) => roomId === wanted);
  const found = onTarget ?? windows[0];
  if (found === undefined) {
    await worker.openWindow(pathOf(target));
    return;
  }
  const notificationId = typeof details.notificationId === "string" ? details.notificationId : null;
  const isThere = found === onTarget;
  found.window.postMessage({ kind: "push.follow", target: isThere ? null : target, notificationId });
  // It may have been closed since it answered.
  await found.window.focus().catch(() => worker.openWindow(pathOf(target)));
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
  if (windows.length > 0) return;
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
  await worker.openWindow(pathOf({ kind: "chat", chatRoomId: roomId }));
}

async function windowsOf(worker: Surroundings, userId: unknown): Promise<PeopledWindow[]> {
  const people = await whoIsThere(await worker.listWindows());
  return typeof userId === "string" ? people.filter((person) => person.userId === userId) : people;
}

/** Always one of ours, made here: no payload says where to go. Pages of jobs and contracts are not this app's. */
function pathOf(target: PushTarget | null): string {
  return target?.kind === "chat" ? `/chat/${encodeURIComponent(target.chatRoomId)}` : "/chat";
}
