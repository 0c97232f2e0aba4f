/** A room for tests. */
import { NO_FILES } from "../../realtime/attached";
import type { LastMessage, Room, User } from "../../realtime/types";

export const me: User = { id: "me", name: "Maya Santos", avatar: null, role: "va" };

export function createUser(id: string, name: string): User {
  return { id, name, avatar: null, role: "company" };
}

export function createRoom(name: string, more: Partial<Room> = {}): Room {
  const other = createUser(`user-${name}`, name);
  return {
    id: `room-${name}`,
    type: "direct",
    status: "active",
    title: null,
    createdAt: "2026-03-01T00:00:00.000Z",
    lastMessageAt: null,
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
    otherParticipant: other,
    members: [me, other],
    lastMessage: null,
    ...more,
  };
}

export function createLastMessage(content: string, more: Partial<LastMessage> = {}): LastMessage {
  return {
    id: "message",
    seq: 1,
    content,
    type: "text",
    senderId: "someone",
    metadata: null,
    senderName: "Somebody",
    createdAt: "2026-03-01T00:00:00.000Z",
    deletedAt: null,
    ...NO_FILES,
    isOwn: false,
    ...more,
  };
}
