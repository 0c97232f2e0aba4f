import type { Message } from "./types";

type Fate = "change" | "editedAt" | "deletedAt" | "deletedBy" | "replyTo" | "mentions" | "reactions" | "pinnedAt";

/** Of a message to which nothing has happened since it was sent, and which answers none. */
export const UNCHANGED: Pick<Message, Fate> = {
  change: 0,
  editedAt: null,
  deletedAt: null,
  deletedBy: null,
  replyTo: null,
  mentions: [],
  reactions: [],
  pinnedAt: null,
};
