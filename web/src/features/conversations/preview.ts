import type { Translate } from "../../lib/i18n/translate";
import { isolate } from "../../lib/text/isolation";
import type { AttachedInShort, LastMessage, Room, WaitingMessage } from "../../realtime/types";
import { filesInWords, type FilesInWords } from "../files";

/** The second line of a conversation in the list. */
export interface Preview {
  readonly kind: "typing" | "draft" | "refused" | "waiting" | "message" | "empty";
  readonly text: string;
  /** The mark before it. */
  readonly state?: WaitingMessage["state"];
  /** The files of the message. */
  readonly files?: FilesInWords;
}

export interface PreviewOptions {
  /** Ids of the others who are typing. */
  readonly typing: readonly string[];
  /** What was begun and not sent; empty when there is none, or when one is looking at it anyway. */
  readonly draft: string;
  /** What stands last in the conversation, when it is not on the server. */
  readonly waiting: WaitingMessage | null;
  /** The files of what waits. */
  readonly waitingFiles: AttachedInShort;
  /** Takes the marks out of what somebody wrote. */
  readonly plain: (text: string) => string;
  /** What the last message says where it is one of the system; null when that is not known here. */
  readonly event: string | null;
  readonly t: Translate;
}

type Tools = Pick<PreviewOptions, "plain" | "t">;

/** What matters most now: somebody types, then what failed, what was begun, what waits, and then the last message. */
export function previewOf(room: Room, options: PreviewOptions): Preview {
  const { typing, draft, waiting, plain, t } = options;
  if (typing.length > 0) return { kind: "typing", text: describeTyping(room, typing, t) };
  if (waiting?.state === "refused") return describeWaiting(waiting, options);
  if (draft.trim() !== "") return { kind: "draft", text: t("list.draft", { text: plain(draft.trim()) }) };
  if (waiting !== null) return describeWaiting(waiting, options);
  if (room.lastMessage === null) return { kind: "empty", text: t("list.noMessages") };
  return describeMessage(room, room.lastMessage, options);
}

function describeWaiting({ state, content }: WaitingMessage, { plain, t, waitingFiles }: PreviewOptions): Preview {
  const files = filesInWords(waitingFiles, plain(content), t);
  const text = t("list.you", { text: files?.text ?? plain(content) });
  return { kind: state === "refused" ? "refused" : "waiting", text, state, ...(files && { files }) };
}

function describeTyping(room: Room, typing: readonly string[], t: Translate): string {
  const member = room.members.find((user) => user.id === typing[0]);
  const isNamed = room.type === "group" && member !== undefined;
  return isNamed ? t("list.typingName", { name: firstNameOf(member.name) }) : t("list.typing");
}

function describeMessage(room: Room, message: LastMessage, options: PreviewOptions): Preview {
  const { plain, t } = options;
  const files = message.deletedAt === null ? filesInWords(message, plain(message.content), t) : null;
  const text = files?.text ?? textOf(message, { plain, t });
  return { kind: "message", text: sayWho(room, message, text, options), ...(files && { files }) };
}

function sayWho(room: Room, message: LastMessage, text: string, { t, event }: PreviewOptions): string {
  if (message.type === "system") return event ?? text;
  if (message.isOwn) return t("list.you", { text });
  return room.type === "group" ? `${isolate(firstNameOf(message.senderName))}: ${isolate(text)}` : text;
}

function textOf(message: LastMessage, { plain, t }: Tools): string {
  if (message.deletedAt !== null) return t("list.deleted");
  if (message.type === "image" || message.type === "file") return t(`files.${message.type}`, { count: 1 });
  return message.type === "text" ? plain(message.content) : message.content;
}

function firstNameOf(name: string): string {
  return name.split(" ")[0] ?? name;
}
