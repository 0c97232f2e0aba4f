/** Actions on rooms: what they make of the list, and which requests tell the server. */
import { NO_FILES } from "./attached";
import type { ChatApi } from "./chatApi";
import type { Queue, QueuedAction } from "./outboxQueue";
import { isOfMessage } from "./messageActions";
import type { Action, Room, RoomAction } from "./types";

/** The rooms as they are once the server has taken these actions; the same objects where they change nothing. */
export function applyActions(rooms: readonly Room[], actions: Queue<QueuedAction>): readonly Room[] {
  return actions.reduce(
    (before, { roomId, action }) =>
      action.kind === "leave" ? without(before, roomId) : mapChanged(before, (room) => apply(room, roomId, action)),
    rooms,
  );
}

function without(rooms: readonly Room[], roomId: string): readonly Room[] {
  return rooms.some(({ id }) => id === roomId) ? rooms.filter(({ id }) => id !== roomId) : rooms;
}

/** Tells the server. Throws ChatError. */
export async function performAction(api: ChatApi, roomId: string, action: RoomAction): Promise<void> {
  switch (action.kind) {
    case "archive":
      return api.archiveRoom(roomId, action.archived, action.seq);
    case "markUnread":
      return api.markUnread(roomId, action.unread);
    case "mute":
      return api.muteRoom(roomId, action.until);
    case "leave":
      return api.leaveRoom(roomId, action.userId);
    case "block":
      return api.blockUser(action.userId, action.blocked);
  }
}

function apply(room: Room, roomId: string, action: Exclude<Action, { kind: "leave" }>): Room {
  if (isOfMessage(action)) return action.kind === "delete" ? deleteLast(room, action.messageId) : room;
  if (action.kind === "block") return isWith(room, action.userId) ? block(room, action.blocked) : room;
  if (room.id !== roomId) return room;
  if (action.kind === "archive") {
    const isArchived = action.archived && (room.lastSeq <= action.seq || room.muted !== null);
    return change(room, "archived", isArchived);
  }
  return action.kind === "mute" ? change(room, "muted", action.until) : change(room, "markedUnread", action.unread);
}

/** What the list shows of a deleted message says nothing of it any more. */
function deleteLast(room: Room, messageId: string): Room {
  const last = room.lastMessage;
  if (last?.id !== messageId || last.deletedAt !== null) return room;
  return { ...room, lastMessage: { ...last, content: "", type: "text", deletedAt: last.createdAt, ...NO_FILES } };
}

function change<Name extends keyof Room>(room: Room, name: Name, value: Room[Name]): Room {
  return room[name] === value ? room : { ...room, [name]: value };
}

/** Blocks are between two people: groups go on. */
function isWith(room: Room, userId: string): boolean {
  return room.type !== "group" && room.otherParticipant?.id === userId;
}

/** Whether somebody else keeps the two apart as well, the server says: until then the end of one's own block is its end. */
function block(room: Room, isBlocked: boolean): Room {
  if (isBlocked === (room.blockedBy === "me")) return room;
  return { ...room, status: isBlocked ? "blocked" : "active", blockedBy: isBlocked ? "me" : null };
}

function mapChanged<T>(items: readonly T[], map: (item: T) => T): readonly T[] {
  const mapped = items.map(map);
  return mapped.some((item, index) => item !== items[index]) ? mapped : items;
}
