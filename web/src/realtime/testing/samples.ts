/** Rooms, people and messages as the server would send them, for tests. */
import { UNCHANGED } from "../unchanged";
import type { Attachment, EditAction, Message, NotificationRecord, Room, User } from "../types";

export const MAYA: User = { id: "maya", name: "Maya Santos", avatar: null, role: "va" };
export const JUNIPER: User = { id: "juniper", name: "Juniper & Pine", avatar: null, role: "company" };

/** A message of Juniper's to Maya, unless it says otherwise. */
export function aMessage(seq: number, change: Partial<Message> = {}): Message {
  return {
    id: `message-${seq}`,
    roomId: "room",
    seq,
    clientMessageId: null,
    senderId: JUNIPER.id,
    sender: JUNIPER,
    content: `text ${seq}`,
    type: "text",
    status: "sent",
    metadata: null,
    createdAt: momentOf(seq),
    ...UNCHANGED,
    isOwn: false,
    ...change,
  };
}

export function anOwnMessage(seq: number, change: Partial<Message> = {}): Message {
  return aMessage(seq, { senderId: MAYA.id, sender: MAYA, isOwn: true, clientMessageId: `own-${seq}`, ...change });
}

/** Another text for that message. */
export function anEdit(seq: number, content: string): EditAction {
  const [messageId, clientMessageId] = [`message-${seq}`, `own-${seq}`];
  return { kind: "edit", messageId, clientMessageId, content, before: `text ${seq}`, ifChange: 0 };
}

/** Messages of Juniper's from one seq to another. */
export function aRun(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => aMessage(from + index));
}

export function aRoom(change: Partial<Room> = {}): Room {
  return {
    id: "room",
    type: "direct",
    status: "active",
    title: null,
    createdAt: momentOf(0),
    lastMessageAt: momentOf(1),
    lastSeq: 0,
    lastChange: 0,
    pinned: [],
    lastReadSeq: 0,
    unreadCount: 0,
    markedUnread: false,
    archived: false,
    muted: null,
    myRole: "member",
    blockedBy: null,
    otherParticipant: JUNIPER,
    members: [MAYA, JUNIPER],
    lastMessage: null,
    ...change,
  };
}

export function aNotification(id: string, seq: number, change: Partial<NotificationRecord> = {}): NotificationRecord {
  return {
    id,
    title: JUNIPER.name,
    body: "text",
    type: "chat_message",
    data: { chatRoomId: "room", seq },
    createdAt: momentOf(seq),
    read: false,
    ...change,
  };
}

export function momentOf(minute: number): string {
  return new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();
}

let filesMade = 0;

/** A photograph, unless it says otherwise. */
export function anAttachment(change: Partial<Attachment> = {}): Attachment {
  const id = `file-${++filesMade}`;
  return {
    id,
    name: `${id}.jpg`,
    size: 1000,
    contentType: "image/jpeg",
    kind: "image",
    width: 800,
    height: 600,
    durationMs: null,
    waveform: null,
    placeholder: null,
    url: `/api/chat/files/${id}/content`,
    previewUrl: `/api/chat/files/${id}/preview`,
    largePreviewUrl: null,
    alt: null,
    ...change,
  };
}
