/** The REST routes that the realtime layer asks, by name. Each throws ChatError. */
import type { components } from "../lib/api/schema";
import type { RestAnswer, RestClient } from "../lib/api/restClient";
import type { DraftRecord } from "./draftSync";
import type {
  FoundPage,
  Message,
  MessageQuery,
  NotificationPreferences,
  NotificationRecord,
  PreferenceChange,
  PreferenceRequests,
  Presence,
  Room,
  User,
  Version,
} from "./types";

// As the server describes itself: what it answers has to fit the shapes that the views know, or this does not compile.
type Answers = components["schemas"];
// The description leaves open what types of message a room's last one may have; they are those of all messages.
type RoomAnswer = Answers["Room"] & Pick<Room, "lastMessage">;

const PAGE_SIZE = 50;
const FIRST_ROOMS = 500;
const PRESENCE_CHUNK = 100;
const PEOPLE_LIMIT = 20;
const DRAFT_PAGES = 5;

export interface NotificationPage {
  readonly records: readonly NotificationRecord[];
  /** Where the page after this one begins; null on the last one. */
  readonly nextCursor: string | null;
}

export interface NotificationQuery {
  readonly limit: number;
  /** The cursor of the page before. */
  readonly before?: string;
  readonly unreadOnly?: boolean;
}

export interface RoomPage {
  readonly rooms: readonly Room[];
  /** Where the older ones begin; null when there are none. */
  readonly nextCursor: string | null;
}

/** In all, and by room; rooms without any are left out. */
export type UnreadCounts = Readonly<Answers["UnreadCount"]>;

export class ChatApi implements PreferenceRequests {
  readonly #rest: RestClient;

  constructor(rest: RestClient) {
    this.#rest = rest;
  }

  async getMe(): Promise<User> {
    return (await this.#rest.request<Answers["User"]>("/api/users/me")).data;
  }

  /**
   * The newest rooms, or those from a cursor on: 500, or `count` where that is more. The server ends an answer by its
   * size, too, and goes on with the next one.
   */
  async listRooms({ count = 0, from = null }: { count?: number; from?: string | null } = {}): Promise<RoomPage> {
    const rooms: Room[] = [];
    let cursor = from;
    do {
      const query = { cursor: cursor ?? undefined };
      const { data, nextCursor } = await this.#rest.request<RoomAnswer[]>("/api/chat/rooms", { query });
      rooms.push(...data);
      cursor = nextCursor;
    } while (cursor !== null && rooms.length < Math.max(count, FIRST_ROOMS));
    return { rooms, nextCursor: cursor };
  }

  async countUnread(): Promise<UnreadCounts> {
    return (await this.#rest.request<Answers["UnreadCount"]>("/api/chat/unread-count")).data;
  }

  async getRoom(roomId: string): Promise<Room> {
    return (await this.#rest.request<RoomAnswer>(pathOf(roomId))).data;
  }

  /** The page before a seq, or the newest one; oldest first. */
  async listMessages(roomId: string, before?: number): Promise<Message[]> {
    const path = pathOf(roomId, "messages");
    return (await this.#rest.request<Answers["Message"][]>(path, { query: { limit: PAGE_SIZE, before } })).data;
  }

  /** The page after a seq; oldest first. */
  async listMessagesAfter(roomId: string, after: number): Promise<Message[]> {
    const path = pathOf(roomId, "messages");
    return (await this.#rest.request<Answers["Message"][]>(path, { query: { limit: PAGE_SIZE, after } })).data;
  }

  /** A seq, or the nearest that there is, with as many before it as behind it; oldest first. */
  async listMessagesAround(roomId: string, around: number): Promise<Message[]> {
    const path = pathOf(roomId, "messages");
    return (await this.#rest.request<Answers["Message"][]>(path, { query: { limit: PAGE_SIZE, around } })).data;
  }

  /** The last message before a moment (ISO-8601); undefined when there is none. */
  async findMessageBefore(roomId: string, before: string): Promise<Message | undefined> {
    const path = pathOf(roomId, "messages");
    return (await this.#rest.request<Answers["Message"][]>(path, { query: { limit: 1, before } })).data[0];
  }

  async listVersions(messageId: string): Promise<Version[]> {
    return (await this.#rest.request<Version[]>(`/api/chat/messages/${encodeURIComponent(messageId)}/versions`)).data;
  }

  async archiveRoom(roomId: string, archived: boolean, seq: number): Promise<void> {
    await this.#rest.request(pathOf(roomId, "archive"), { method: "PUT", body: { archived, seq } });
  }

  async leaveRoom(roomId: string, myId: string): Promise<void> {
    await this.#rest.request(pathOf(roomId, "members", encodeURIComponent(myId)), { method: "DELETE" });
  }

  async markUnread(roomId: string, unread: boolean): Promise<void> {
    await this.#rest.request(pathOf(roomId, "unread"), { method: "PUT", body: { unread } });
  }

  async blockUser(userId: string, blocked: boolean): Promise<void> {
    await this.#rest.request(`/api/users/${encodeURIComponent(userId)}/block`, { method: "PUT", body: { blocked } });
  }

  /** What one has begun to write, newest first; `isWhole` is false when there is more than anybody begins. */
  async listDrafts(): Promise<{ drafts: DraftRecord[]; isWhole: boolean }> {
    const drafts: DraftRecord[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < DRAFT_PAGES; page++) {
      const query = { cursor: cursor ?? undefined };
      const answer: RestAnswer<Answers["Draft"][]> = await this.#rest.request("/api/chat/drafts", { query });
      drafts.push(...answer.data);
      cursor = answer.nextCursor;
      if (cursor === null) break;
    }
    return { drafts, isWhole: cursor === null };
  }

  async createRoom(participantId: string): Promise<string> {
    const request = { method: "POST", body: { participantId } } as const;
    return (await this.#rest.request<Answers["CreatedRoom"]>("/api/chat/rooms", request)).data.roomId;
  }

  async searchPeople(query: string, signal?: AbortSignal): Promise<User[]> {
    const request = { query: { query, limit: PEOPLE_LIMIT }, signal };
    return (await this.#rest.request<Answers["User"][]>("/api/users", request)).data;
  }

  /** Messages by their words, newest first: the page at the cursor, or the first. */
  async searchMessages(query: MessageQuery, cursor: string | null, signal?: AbortSignal): Promise<FoundPage> {
    const { text, ...filters } = query;
    const request = { query: { q: text, ...filters, cursor: cursor ?? undefined }, signal };
    const { data, nextCursor } = await this.#rest.request<Answers["FoundMessage"][]>("/api/chat/search", request);
    return { found: data, nextCursor };
  }

  async listPresence(userIds: readonly string[]): Promise<Presence[]> {
    const found: Presence[] = [];
    for (let start = 0; start < userIds.length; start += PRESENCE_CHUNK) {
      const chunk = userIds.slice(start, start + PRESENCE_CHUNK).join(",");
      found.push(
        ...(await this.#rest.request<Answers["Presence"][]>("/api/chat/presence", { query: { userIds: chunk } })).data,
      );
    }
    return found;
  }

  /** Newest first. Of conversations the list of rooms tells. */
  async listNotifications({ limit, before, unreadOnly = false }: NotificationQuery): Promise<NotificationPage> {
    const query = { limit, before, unread: String(unreadOnly), messages: "false" };
    const { data, nextCursor } = await this.#rest.request<Answers["Notification"][]>("/api/notifications", { query });
    return { records: data, nextCursor };
  }

  async readNotification(id: string): Promise<void> {
    await this.#rest.request(`/api/notifications/${encodeURIComponent(id)}/read`, { method: "PUT" });
  }

  async readAllNotifications(): Promise<void> {
    await this.#rest.request("/api/notifications/read-all", { method: "PUT", query: { messages: "false" } });
  }

  async getPreferences(): Promise<NotificationPreferences> {
    return (await this.#rest.request<Answers["Preferences"]>("/api/notifications/preferences")).data;
  }

  async putPreferences(change: PreferenceChange): Promise<NotificationPreferences> {
    const request = { method: "PUT", body: change } as const;
    return (await this.#rest.request<Answers["Preferences"]>("/api/notifications/preferences", request)).data;
  }

  /** Until when (ISO-8601); null ends it. */
  async muteRoom(roomId: string, until: string | null): Promise<void> {
    await this.#rest.request(pathOf(roomId, "mute"), { method: "PUT", body: { until } });
  }
}

function pathOf(roomId: string, ...parts: readonly string[]): string {
  return ["/api/chat/rooms", encodeURIComponent(roomId), ...parts].join("/");
}
