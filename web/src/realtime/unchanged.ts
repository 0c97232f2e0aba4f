import type { Message } from "./types";

type Fate =
  "change" | "editedAt" | "deletedAt" | "deletedBy" | "replyTo" | "mentions" | "reactions" | "pinnedAt" | "attachments";

/** Of a message to which nothing has happened since it was sent, which answers none, and has no files. */
export const UNCHANGED: Pick<Message, Fate> = {
  change: 0,
  editedAt: null,
  deletedAt: null,
  deletedBy: null,
  replyTo: null,
  mentions: [],
  reactions: [],
  pinnedAt: null,
  attachments: [],
};
