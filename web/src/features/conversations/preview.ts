import type { Translate } from "../../lib/i18n/translate";
import { isolate } from "../../lib/text/isolation";
import type { LastMessage, Room, User, WaitingMessage } from "../../realtime/types";

/** The second line of a conversation in the list. */
export interface Preview {
  readonly kind: "typing" | "draft" | "refused" | "waiting" | "message" | "empty";
  readonly text: string;
  /** The mark before it. */
  readonly state?: WaitingMessage["state"];
}

export interface PreviewOptions {
  /** Ids of the others who are typing. */
  readonly typing: readonly string[];
  /** What was begun and not sent; empty when there is none, or when one is looking at it anyway. */
  readonly draft: string;
  /** What stands last in the conversation, when it is not on the server. */
  readonly waiting: WaitingMessage | null;
  readonly t: Translate;
}

/** What matters most now: somebody types, then what failed, what was begun, what waits, and then the last message. */
export function previewOf(room: Room, { typing, draft, waiting, t }: PreviewOptions): Preview {
  if (typing.length > 0) return { kind: "typing", text: describeTyping(room, typing, t) };
  if (waiting?.state === "refused") return describeWaiting(waiting, t);
  if (draft.trim() !== "") return { kind: "draft", text: t("list.draft", { text: draft.trim() }) };
  if (waiting !== null) return describeWaiting(waiting, t);
  if (room.lastMessage === null) return { kind: "empty", text: t("list.noMessages") };
  return { kind: "message", text: describeMessage(room, room.lastMessage, t) };
}

function describeWaiting({ state, content }: WaitingMessage, t: Translate): Preview {
  return { kind: state === "refused" ? "refused" : "waiting", text: t("list.you", { text: content }), state };
}

function describeTyping(room: Room, typing: readonly string[], t: Translate): string {
  const member = room.members.find((user) => user.id === typing[0]);
  return isGroup(room) && member !== undefined ? t("list.typingName", { name: firstNameOf(member) }) : t("list.typing");
}

function describeMessage(room: Room, message: LastMessage, t: Translate): string {
  const text = textOf(message, t);
  if (message.type === "system") return text;
  if (message.isOwn) return t("list.you", { text });
  const sender = room.members.find((user) => user.id === message.senderId);
  return isGroup(room) && sender !== undefined ? `${isolate(firstNameOf(sender))}: ${isolate(text)}` : text;
}

function textOf(message: LastMessage, t: Translate): string {
  if (message.type === "image") return t("list.image");
  if (message.type === "file") return t("list.file");
  return message.content;
}

function isGroup(room: Room): boolean {
  return room.members.length > 2;
}

function firstNameOf(user: User): string {
  return user.name.split(" ")[0] ?? user.name;
}
