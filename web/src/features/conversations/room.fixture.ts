/** A room for tests. */
import { NO_FILES } from "../../realtime/attached";
import { aRoom } from "../../realtime/testing/samples";
import type { LastMessage, Room, User } from "../../realtime/types";

export const me: User = { id: "me", name: "Maya Santos", avatar: null, role: "va" };

export function createUser(id: string, name: string): User {
  return { id, name, avatar: null, role: "company" };
}

export function createRoom(name: string, more: Partial<Room> = {}): Room {
  const other = createUser(`user-${name}`, name);
  return aRoom({
    id: `room-${name}`,
    lastMessageAt: null,
    otherParticipant: other,
    members: [me, other],
    ...more,
  });
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
