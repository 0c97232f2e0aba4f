/** Quotes of messages that are here: always of what the message says now. */
import { cut } from "../lib/text/cut";
import { inShort } from "./attached";
import type { Message, Quote } from "./types";

/** Code points, as the server quotes. */
const MAX_QUOTED = 200;

/** `message` with its quote as `quoted` is now; itself when that changes nothing. */
export function quoteOf(message: Message, quoted: Message): Message {
  const { replyTo } = message;
  if (replyTo?.deletedAt !== null) return message; // what is deleted stays so
  const now = asQuote(quoted);
  const isSame = now.content === replyTo.content && now.deletedAt === null && now.senderName === replyTo.senderName;
  return isSame ? message : { ...message, replyTo: now };
}

/** What of a message its quotes show. */
export function asQuote(
  message: Pick<Message, "id" | "seq" | "senderId" | "sender" | "content" | "type" | "deletedAt" | "attachments">,
): Quote {
  const { id, seq, senderId, sender, content, type, deletedAt, attachments } = message;
  const quoted = { id, seq, senderId, senderName: sender.name, content: cut(content, MAX_QUOTED), type, deletedAt };
  return { ...quoted, ...inShort(content, attachments) };
}
