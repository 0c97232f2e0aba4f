/**
 * What the realtime layer knows and does, without React: the shapes of the wire contract (`wire.ts`), the states that
 * views follow, and `ChatClient`, the one object through which the app talks to the server.
 */
import { ChatError } from "../lib/api/chatError";
import type { RestAnswer, RestRequest } from "../lib/api/restClient";
import type { Store } from "../lib/store";
import type { FileTransport } from "./files/tusTransport";
import type { Files } from "./fileTypes";
import type {
  MemberRole,
  Message,
  MessageState,
  NotificationRecord,
  Presence,
  PresenceStatus,
  Profile,
  Quote,
  Room,
  User,
  Version,
} from "./wire";
import type { Drafts, RefusedEdits } from "./writingTypes";

export { ChatError };
export type * from "./fileTypes";
export type * from "./wire";
export type * from "./writingTypes";

// --- the connection

/**
 * - `connecting`: the first connect is under way.
 * - `online`: connected and caught up.
 * - `catchingUp`: connected again, fetching what was missed.
 * - `reconnecting`: the connection was lost and is being tried again; `retryAt` is when (epoch milliseconds).
 * - `offline`: the device says that it has no network.
 * - `signedOut`: the token was refused, or the session has ended; nothing is tried any more.
 */
export type ConnectionState =
  | { readonly phase: "connecting" }
  | { readonly phase: "online" }
  | { readonly phase: "catchingUp" }
  | { readonly phase: "reconnecting"; readonly retryAt: number | null }
  | { readonly phase: "offline" }
  | { readonly phase: "signedOut"; readonly reason: string };

// --- the list of conversations

export interface RoomsState {
  /** `loading` until rooms came from the cache or the server; `failed` when neither had any. */
  readonly phase: "loading" | "ready" | "failed";
  readonly error: ChatError | null;
  /** Latest activity first; empty rooms last. */
  readonly rooms: readonly Room[];
  /** Room id to the ids of the others who are typing there. */
  readonly typing: Readonly<Record<string, readonly string[]>>;
  /** User id to presence, of people one shares a room with. */
  readonly presence: Readonly<Record<string, Presence>>;
  readonly totalUnread: number;
  /** Whether there are older rooms, which `loadOlderRooms` adds. */
  readonly hasOlder: boolean;
}

// --- one conversation

/** The ticks: waiting here, on the server, on their device, seen; or refused for good. */
export type SendState = "queued" | "sent" | "delivered" | "read" | "refused";

/** A message as it will be once all that was done to it here is on the server. */
export interface ConversationItem extends MessageState {
  /** Stable from the moment of writing to long after the acknowledgement: React's key. */
  readonly key: string;
  /** Null while it waits in the queue. */
  readonly id: string | null;
  /** Null while it waits in the queue. */
  readonly seq: number | null;
  readonly clientMessageId: string | null;
  readonly senderId: string;
  readonly sender: User;
  readonly createdAt: string;
  readonly change: number;
  readonly isOwn: boolean;
  /** Of own messages; null for those of others. */
  readonly state: SendState | null;
  /** Why it was refused. */
  readonly error: ChatError | null;
  /** Of one that waits in the queue: the ids of its files on this device. Stored ones have `attachments`. */
  readonly fileIds?: readonly string[];
}

/** A message that somebody was led to. A new object each time. */
export interface Target {
  readonly seq: number;
  /** From which message one came, to go back to; null: from none. */
  readonly cameFrom: number | null;
  /** Whether the message gets the keyboard and the screen reader; a search keeps them in its field. */
  readonly takesFocus: boolean;
}

export interface ConversationState {
  readonly phase: "loading" | "ready" | "failed";
  /** `access_denied` and the like when `failed`. */
  readonly error: ChatError | null;
  readonly room: Room | null;
  /**
   * Stored messages by seq without a gap, then what waits in the queue, in the order of writing. While `hasNewer`, they are
   * a stretch of the past.
   */
  readonly items: readonly ConversationItem[];
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** Whether there are newer messages than `items`, to which `loadNewer` leads step by step, and `goToLatest` at once. */
  readonly hasNewer: boolean;
  readonly isLoadingNewer: boolean;
  /** Another number when `items` are other messages than before, and not more of them. */
  readonly stretch: number;
  /** Whether messages around one that somebody is led to are on their way, and why they could not be had. */
  readonly isSeeking: boolean;
  readonly seekFailure: ChatError | null;
  /** The message that somebody was led to last; it is among `items` when this changes. */
  readonly target: Target | null;
  /** Where the “new messages” line stands: before the message with this seq. Set when the room is opened; null: none. */
  readonly firstUnreadSeq: number | null;
  /** Ids of the others who are typing here. */
  readonly typing: readonly string[];
  /** Whether this is what the server has, on this connection, and not only what is remembered here. */
  readonly isCurrent: boolean;
}

/** One open conversation. `close` it when its view goes; the store's last value stays readable. */
export interface Conversation extends Store<ConversationState> {
  readonly roomId: string;
  /** Loads the page before the oldest message. Does nothing while one is under way or none is left. */
  loadOlder(): Promise<void>;
  /** Loads the page after a stretch of the past. Does nothing while one is under way, or the present is shown. */
  loadNewer(): Promise<void>;
  /**
   * Leads to a message, however far back it is: with what was said before and after it, until `goToLatest`, or until
   * `loadNewer` has reached the present. A seq that the room does not have leads to the nearest. Never throws:
   * `seekFailure` says when it cannot be had. What is asked for last counts.
   */
  goTo(seq: number, how?: Partial<Omit<Target, "seq">>): Promise<void>;
  /** Leads to the first message since a moment (ISO-8601), as `goTo` does. */
  goToMoment(moment: string): Promise<void>;
  /** Shows the present again. */
  goToLatest(): void;
  /** Puts away `seekFailure`. */
  forgetSeek(): void;
  /**
   * Queues a message durably, shows it at once, and sends it when it can: with files, once all of them are ready.
   * `mentions` are ids of members, `fileIds` those of `ChatClient.files`. Cleans; does nothing for what shows nothing and
   * has no files.
   */
  send(content: string, replyTo?: Quote | null, mentions?: readonly string[], fileIds?: readonly string[]): void;
  /** Sends a refused message again, with the same clientMessageId. */
  retry(clientMessageId: string): void;
  /** Removes a refused or still queued message, or an action that was not sent. Returns whether it was there. */
  discard(clientMessageId: string): boolean;
  /** Somebody types here: refreshed and ended as the contract says; call with true on every key. */
  setTyping(isTyping: boolean): void;
  /** The messages up to `seq` were seen by a person: window focused, on screen. Coalesced, never backwards. */
  markRead(seq: number): void;
  /** Loads anew after `failed`. */
  reload(): void;
  close(): void;
}

// --- notifications

export interface NotificationsState {
  /** `loading` until the server's list has come in; `failed` when it cannot be had now. Items may be there in each. */
  readonly phase: "loading" | "ready" | "failed";
  /**
   * Newest first. At most 100, and more as older ones are asked for. Of messages only what came live, for toasts: a
   * conversation has one, which grows.
   */
  readonly items: readonly NotificationRecord[];
  /** All but those of messages; those that are not in `items` too, as far as they are known: exact up to 100. */
  readonly unreadCount: number;
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** The newest that arrived live, for a toast; null when there was none yet. A new object for each. */
  readonly latest: NotificationRecord | null;
}

export interface Notifications extends Store<NotificationsState> {
  /** Here at once, in other tabs, and on the server: now, or when there is a connection again. */
  markRead(id: string): void;
  markAllRead(): void;
  /** Loads the page after the oldest. Does nothing while one is under way or none is left. */
  loadOlder(): void;
  /** Loads anew after `failed`. */
  reload(): void;
}

/** What somebody wants to be told of, and how. */
export interface NotificationPreferences {
  /** By type of notification. A type that is not there is pushed and shown. */
  readonly types: Readonly<Record<string, NotificationChoice>>;
  readonly quietHours: QuietHours | null;
  /** In which the quiet hours are meant; null: that of the device seen last. */
  readonly timeZone: string | null;
  /** Whether notifications outside the app show what was written. */
  readonly preview: boolean;
  /** Room id to until when (ISO-8601) it is muted. */
  readonly mutedRooms: Readonly<Record<string, string>>;
}

export interface NotificationChoice {
  readonly push: boolean;
  readonly inApp: boolean;
}

/** On the person's own clock: `22:00` to `07:00` is a night. */
export interface QuietHours {
  readonly from: string;
  readonly until: string;
}

/** What is left out stays as it is. */
export type PreferenceChange = Partial<Omit<NotificationPreferences, "mutedRooms">>;

export interface PreferencesState {
  /** As they will be once all that was chosen is stored; null until they are known. */
  readonly preferences: NotificationPreferences | null;
  /** Why they are not known: neither is there until the server was asked. */
  readonly error: ChatError | null;
}

export interface Preferences extends Store<PreferencesState> {
  /** Stores a change, after those before it. Rejects with a ChatError when it was not stored, and is taken back. */
  choose(change: PreferenceChange): Promise<void>;
  /** Loads anew after an error. */
  reload(): void;
}

/** All throw ChatError. */
export interface PreferenceRequests {
  getPreferences(): Promise<NotificationPreferences>;
  putPreferences(change: PreferenceChange): Promise<NotificationPreferences>;
}

// --- people and groups

export const reportReasons = ["spam", "fraud", "harassment", "off_platform", "other"] as const;

/** Of a person or of a message. */
export interface Report {
  readonly userId?: string | undefined;
  readonly messageId?: string | undefined;
  readonly reason: (typeof reportReasons)[number];
  readonly note?: string | undefined;
}

/** For requests that need their answer at once: `roomRequests.ts` makes them, when they are needed. */
export interface Server {
  /** Any route of the REST API. Throws ChatError. */
  request<T>(path: string, request?: RestRequest): Promise<RestAnswer<T>>;
  /** Calls `listener` with the payload of each event of this name, as it comes; the answer ends that. */
  on(event: string, listener: (payload: unknown) => void): () => void;
  /** A room as the server has just said that it is. */
  putRoom(room: Room): void;
  /** What carries the bytes of files. It is loaded when it is wanted, and rejects where it cannot be had. */
  transport(): Promise<FileTransport>;
}

/** What is asked of the server about people and groups. All throw ChatError. */
export interface RoomRequests {
  /** Tells the moderators; `existing` when one has told them of it before. */
  report(report: Report): Promise<{ readonly existing: boolean }>;
  /** Whom one has blocked, newest first. */
  listBlocked(): Promise<readonly User[]>;
  /** Somebody with what the host tells of them. */
  findProfile(userId: string): Promise<Profile>;
  /** Makes a group, of which one is the owner. The same `clientRoomId` again finds the one that was made. Returns its id. */
  makeGroup(group: {
    readonly title: string;
    readonly memberIds: readonly string[];
    readonly clientRoomId: string;
  }): Promise<string>;
  rename(roomId: string, title: string): Promise<void>;
  /** Gives a group the picture that was uploaded as this file; null: it has none any more. Twice is no error. */
  setPicture(roomId: string, fileId: string | null): Promise<void>;
  /** Lets somebody in, or gives a member another role. */
  putMember(roomId: string, userId: string, role?: MemberRole): Promise<void>;
  removeMember(roomId: string, userId: string): Promise<void>;
  /** Who is in a room by now: news of large ones do not say. */
  refresh(roomId: string): Promise<void>;
  /** One message by its place; undefined when there is none. */
  findMessage(roomId: string, seq: number): Promise<Message | undefined>;
}

// --- what waits to be sent

/** Something that is to be so, and that is tried until it is: doing it twice does no harm. */
export type Action = RoomAction | MessageAction;

export type RoomAction =
  /** `seq`: the newest message that was known of: what comes after it brings the room back. */
  | { readonly kind: "archive"; readonly archived: boolean; readonly seq: number }
  | { readonly kind: "markUnread"; readonly unread: boolean }
  /** Until when (ISO-8601); null ends it. */
  | { readonly kind: "mute"; readonly until: string | null }
  /** `userId` is one's own. */
  | { readonly kind: "leave"; readonly userId: string }
  | { readonly kind: "block"; readonly userId: string; readonly blocked: boolean };

/** What is to become of a message. */
export type MessageAction =
  | { readonly kind: "react"; readonly messageId: string; readonly emoji: string; readonly on: boolean }
  | { readonly kind: "pin"; readonly messageId: string; readonly on: boolean }
  | { readonly kind: "delete"; readonly messageId: string }
  | EditAction;

/** One's own message says something else. One that still waits has no id yet, and is known by its clientMessageId. */
export interface EditAction {
  readonly kind: "edit";
  readonly messageId: string | null;
  readonly clientMessageId: string | null;
  readonly content: string;
  /** What it said, and at which change: where it says something else by now, nothing is overwritten. */
  readonly before: string;
  readonly ifChange: number;
  /** Ids of members; where they are not given, they stay as they are. */
  readonly mentions?: readonly string[];
}

/** An action that the server has refused, and that is undone. */
export interface Refusal {
  readonly action: Action;
  readonly roomId: string;
  readonly error: ChatError;
}

export interface WaitingMessage {
  readonly clientMessageId: string;
  readonly roomId: string;
  readonly content: string;
  readonly createdAt: string;
  /** Rises with every message written on this device. */
  readonly order: number;
  readonly state: "queued" | "refused";
  /** The message that it answers. */
  readonly replyTo?: Quote | null;
  /** Ids of the members whom it mentions. */
  readonly mentions?: readonly string[];
  /** Ids of the files that go with it, on this device. */
  readonly fileIds?: readonly string[];
}

/** Room id to the message that stands last in its conversation, when that one is not on the server. */
export type WaitingByRoom = Readonly<Record<string, WaitingMessage | undefined>>;

// --- search

/** What somebody looks for among the messages of all their rooms, or of one. */
export interface MessageQuery {
  readonly text: string;
  readonly roomId?: string | undefined;
  readonly senderId?: string | undefined;
  readonly has?: "file" | "image" | "link" | undefined;
  /** Moments (ISO-8601), both included. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

export interface FoundMessage {
  readonly message: Message;
  readonly room: Pick<Room, "id" | "title" | "otherParticipant">;
  /** Where the words are in the message's content: `[start, end)` in code points. */
  readonly highlights: readonly (readonly [number, number])[];
}

export interface FoundPage {
  /** Newest first. */
  readonly found: readonly FoundMessage[];
  /** Where the older ones begin; null when there are none. A page may hold few, or none, and still lead on. */
  readonly nextCursor: string | null;
}

// --- the whole

export interface ChatClientOptions {
  /** The server's origin; empty for the page's own. */
  readonly serverUrl: string;
  /**
   * A stable name for who signs in, such as a user id: the caches open by it even when no token can be had (offline).
   * Without it the token's subject serves.
   */
  readonly account?: string;
  /**
   * A token that is valid now. Called on each connect, on `auth_expiring`, and once more after a 401. Rejects with a
   * ChatError `unauthenticated` when the person has to sign in again; after any other failure it is asked again.
   */
  getToken(options: { readonly forceRefresh: boolean }): Promise<string>;
  /** Called once when the token is refused for good. */
  onSignedOut?(reason: string): void;
}

export interface RoomPictures {
  /** See `TellOfPicture`. */
  tell(address: string, hasLoaded: boolean): Promise<string | null>;
}

export interface ChatClient {
  readonly me: Store<User | null>;
  readonly connection: Store<ConnectionState>;
  readonly rooms: Store<RoomsState>;
  readonly waiting: Store<WaitingByRoom>;
  /** What the server refused last, for a word about it; null as long as it has refused nothing. A new object for each. */
  readonly refusals: Store<Refusal | null>;
  readonly notifications: Notifications;
  readonly preferences: Preferences;
  readonly server: Server;
  readonly drafts: Drafts;
  readonly files: Files;
  /** The conversation of a room, shared by all who ask: each `open` needs its own `close`. */
  open(roomId: string): Conversation;
  /**
   * Has something be so in a room: it is shown at once, and told to the server, now or when there is a connection, after
   * what was written there before. What can be undone is held for a while, or until the page is hidden. Returns what
   * `discard` knows it by.
   */
  act(roomId: string, action: Action, holdMs?: number): string;
  /** All of a room was seen, or is said to have been: up to its newest message, and no mark is left. */
  markRoomRead(roomId: string): void;
  /** What a message said before it was edited, oldest first. Throws ChatError. */
  listVersions(messageId: string): Promise<readonly Version[]>;
  /** The room with somebody, made if there was none. Returns its id. Throws ChatError. */
  startConversation(userId: string): Promise<string>;
  /** People to start a conversation with, by name. Throws ChatError. */
  searchPeople(query: string, signal?: AbortSignal): Promise<readonly User[]>;
  /** Messages by their words: a page, or the one that a cursor leads to. Throws ChatError. */
  searchMessages(query: MessageQuery, cursor: string | null, signal?: AbortSignal): Promise<FoundPage>;
  /** What keeps and renews the pictures of groups: loaded when it is wanted; null where it cannot be had. Never rejects. */
  pictures(): Promise<RoomPictures | null>;
  /** Texts that were refused; null until it is known who is signed in, and where they cannot be had. Never rejects. */
  refusedEdits(): Promise<RefusedEdits | null>;
  setStatus(status: PresenceStatus): void;
  /** Loads the list anew after `failed`. */
  reloadRooms(): void;
  /** Adds older rooms to the list, if there are any. */
  loadOlderRooms(): void;
  /** Tries to connect now instead of at `retryAt`. */
  reconnectNow(): void;
  /** Ends the connection; nothing that waits is lost. */
  close(): void;
  /** `close`, and removes what this device keeps for this person: cache, queue, drafts. */
  signOut(): Promise<void>;
}
