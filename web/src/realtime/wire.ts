/** The shapes of the wire contract, as far as the web app and the library read them. */

export interface User {
  readonly id: string;
  readonly name: string;
  readonly avatar: string | null;
  readonly role: "va" | "company" | "admin" | "group";
}

export type MessageType = "text" | "image" | "file" | "system";
export type MessageStatus = "sent" | "delivered" | "read";

/** An emoji on a message; `userIds` are the first 20 of those who chose it. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly userIds: readonly string[];
  readonly isOwn: boolean;
}

export type AttachmentKind = "image" | "video" | "audio" | "voice" | "pdf" | "file";

/** What is known of a file, whether it is on its way or was sent. */
export interface FileFacts {
  readonly id: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly contentType: string;
  readonly kind: AttachmentKind;
  /** In pixels, of pictures and videos. */
  readonly width: number | null;
  readonly height: number | null;
  readonly durationMs: number | null;
  /** Up to 64 levels from 0 to 100, of voice. */
  readonly waveform: readonly number[] | null;
  /** What can be seen, in the sender's words, for those who cannot see it. */
  readonly alt: string | null;
}

/**
 * A file of a message, for its reader; `size` is that of what `url` leads to. The addresses need no token, and are good for
 * 45 minutes at least.
 */
export interface Attachment extends FileFacts {
  /** A ThumbHash in base64. */
  readonly placeholder: string | null;
  readonly url: string;
  /** At most 800 pixels on either side. */
  readonly previewUrl: string | null;
  /** At most 2,000 pixels on either side; null where the preview shows as much, or a screen can show the file itself. */
  readonly largePreviewUrl: string | null;
}

/** What previews of a message say of its files. */
export interface AttachedInShort {
  /** How many there are. */
  readonly attachments: number;
  /** The kind of all of them, `file` where there are several; null without files. */
  readonly attachmentKind: AttachmentKind | null;
  /** Whether something was written with them. Where nothing was, `content` is their names. */
  readonly hasCaption: boolean;
}

/** A message that another one answers, as it is now; `content` are its first 200 code points. */
export interface Quote extends AttachedInShort {
  readonly id: string;
  readonly seq: number;
  readonly senderId: string;
  readonly senderName: string;
  readonly content: string;
  readonly type: MessageType;
  readonly deletedAt: string | null;
}

/** What may become of a message after it was sent. */
export interface MessageState {
  readonly content: string;
  readonly type: MessageType;
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly editedAt: string | null;
  readonly deletedAt: string | null;
  readonly deletedBy: string | null;
  readonly replyTo: Quote | null;
  readonly mentions: readonly string[];
  readonly reactions: readonly Reaction[];
  readonly pinnedAt: string | null;
  /** Where nothing was written with them, `content` is their names, joined by `, `. */
  readonly attachments: readonly Attachment[];
}

/** What a message said before an edit, and since when. */
export interface Version {
  readonly content: string;
  readonly createdAt: string;
}

export interface Message extends MessageState {
  readonly id: string;
  readonly roomId: string;
  readonly seq: number;
  readonly clientMessageId: string | null;
  readonly senderId: string;
  readonly sender: User;
  readonly status: MessageStatus;
  readonly createdAt: string;
  /** The number of its newest change in its room; 0 without any. */
  readonly change: number;
  readonly isOwn: boolean;
}

export interface LastMessage extends AttachedInShort {
  readonly id: string;
  readonly seq: number;
  readonly content: string;
  readonly type: MessageType;
  /** Of a message of the system: what has happened. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly senderId: string;
  readonly senderName: string;
  readonly createdAt: string;
  readonly deletedAt: string | null;
  readonly isOwn: boolean;
}

/** When somebody works, on their own clock: `22:00` to `06:00` is a night. Days are 1 (Monday) to 7. */
export interface WorkingHours {
  readonly from: string;
  readonly until: string;
  readonly days: readonly number[];
}

/** A person with what their host tells of them, so that others can work with them. */
export interface Profile extends User {
  readonly headline: string | null;
  /** A name of the time zone database. */
  readonly timeZone: string | null;
  readonly workingHours: WorkingHours | null;
}

/** Somebody who has read a message; when, where that is known. */
export interface Reader {
  readonly userId: string;
  readonly readAt: string | null;
}

export type MemberRole = "owner" | "admin" | "member";

export interface Member extends User {
  /** In a group; nothing in a room of two. */
  readonly memberRole?: MemberRole | null;
}

export interface Room {
  readonly id: string;
  readonly type: "direct" | "support" | "group";
  readonly status: "active" | "archived" | "blocked";
  readonly title: string | null;
  readonly createdAt: string;
  readonly lastMessageAt: string | null;
  readonly lastSeq: number;
  /** The number of the newest change of any of its messages. */
  readonly lastChange: number;
  readonly lastReadSeq: number;
  readonly unreadCount: number;
  /** The seqs of its pinned messages. */
  readonly pinned: readonly number[];
  /** Put back to be read later, by oneself. */
  readonly markedUnread: boolean;
  /** Put aside by oneself; `status` is the host's. */
  readonly archived: boolean;
  /** Until when (ISO-8601) its pushes are silent. */
  readonly muted: string | null;
  readonly myRole: MemberRole;
  /** Whether it was oneself who blocked the other person. Nobody is told that they were blocked. */
  readonly blockedBy: "me" | null;
  readonly otherParticipant: User | null;
  readonly members: readonly Member[];
  readonly lastMessage: LastMessage | null;
}

export type PresenceStatus = "online" | "away" | "busy" | "offline";

export interface Presence {
  readonly userId: string;
  readonly online: boolean;
  readonly status: PresenceStatus;
  readonly lastSeenAt: string | null;
}

export interface NotificationRecord {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly read: boolean;
}
