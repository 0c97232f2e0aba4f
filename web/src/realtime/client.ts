/** `ChatClient`: the parts of the realtime layer put together, and what happens among them. */
import { isRecord } from "../lib/api/envelope";
import { RestClient } from "../lib/api/restClient";
import { WritableStore } from "../lib/store";
import { ChatApi } from "./chatApi";
import { ClientPositions } from "./clientPositions";
import { Connection } from "./connection";
import { Conversations } from "./conversations";
import { keyOf } from "./conversationItems";
import { DraftBook } from "./drafts";
import type { DraftSync } from "./draftSync";
import { LocalFiles } from "./localFiles";
import { NotificationCentre } from "./notifications";
import { isOfMessage, performOnMessage } from "./messageActions";
import { Outbox } from "./outbox";
import type { QueuedAction } from "./outboxQueue";
import { browserPage, type Page } from "./page";
import { PreferencesModel } from "./preferences";
import { Person } from "./person";
import { asQuote } from "./quotes";
import { rememberRecent } from "./recent";
import { performAction } from "./roomActions";
import { isRoom, RoomsModel } from "./rooms";
import { openSocketIo, type OpenSocket } from "./socket";
import { WaitingMessages } from "./waiting";
import { TypingWatch } from "./typingWatch";
import type { KeptConversation } from "./device";
import type { KeptEdits } from "./refusedEdits";
import type { RoomPictures } from "./roomPictures";
import type {
  Action,
  ChatClient,
  ChatClientOptions,
  Conversation,
  FoundPage,
  Message,
  MessageQuery,
  PresenceStatus,
  Refusal,
  ReplyMode,
  Room,
  Server,
  User,
  Version,
} from "./types";

/** What tests put in place of the browser and the network. */
export interface Surroundings {
  readonly page?: Page;
  readonly openSocket?: OpenSocket;
  readonly fetch?: typeof fetch;
}

export function createChatClient(options: ChatClientOptions, surroundings: Surroundings = {}): ChatClient {
  return new Client(options, surroundings);
}

class Client implements ChatClient {
  readonly server: Server;
  readonly refusals = new WritableStore<Refusal | null>(null);
  readonly #serverUrl: string;
  readonly #page: Page;
  readonly #api: ChatApi;
  readonly #connection: Connection;
  readonly #person: Person;
  readonly #typing = new TypingWatch();
  readonly #rooms: RoomsModel;
  readonly files: LocalFiles;
  readonly #outbox: Outbox;
  readonly #waiting: WaitingMessages;
  readonly #positions: ClientPositions;
  readonly #notifications: NotificationCentre;
  readonly #preferences: PreferencesModel;
  readonly #drafts = new DraftBook();
  #draftSync: DraftSync | null = null;
  #pictures: RoomPictures | null = null;
  #refusedEdits: KeptEdits | null = null;
  readonly #conversations: Conversations;
  readonly #recent = new Map<string, KeptConversation>();
  readonly #ends: (() => void)[] = [];
  #areRoomsFresh = false;
  #isClosed = false;

  constructor(options: ChatClientOptions, surroundings: Surroundings) {
    this.#serverUrl = options.serverUrl;
    this.#page = surroundings.page ?? browserPage;
    const rest = new RestClient({ ...options, ...(surroundings.fetch && { fetch: surroundings.fetch }) });
    this.#api = new ChatApi(rest);
    this.#connection = new Connection({
      serverUrl: options.serverUrl,
      getToken: (how) => options.getToken(how),
      onSignedOut: (reason) => options.onSignedOut?.(reason),
      page: this.#page,
      openSocket: surroundings.openSocket ?? openSocketIo,
      catchUp: () => this.#catchUp(),
    });
    const request = <T>(event: string, payload: unknown) => this.#connection.request<T>(event, payload);
    const isConnected = () => this.#connection.isConnected;
    this.#person = new Person(options, (found) => this.#attach(found));
    this.server = {
      request: (path, request) => rest.request(path, request),
      on: (event, listener) => this.#connection.events.on(event, listener),
      putRoom: (room) => this.#rooms.put(room),
      transport: async () => new (await import("./files/tusTransport")).TusTransport(options),
    };
    this.files = new LocalFiles({ isConnected, server: this.server, tus: options, outbox: () => this.#outbox });
    this.#outbox = new Outbox({
      files: this.files,
      isConnected,
      request,
      onStored: (message) => this.#hearStored(message),
      perform: (entry) => this.#perform(entry),
      onDone: (entry) => {
        this.#rooms.settle(entry);
        this.#preferences.settle(entry);
      },
      keepRefused: async ({ action, roomId }, error) =>
        action.kind === "edit" && (await this.refusedEdits())?.keep(roomId, action, error),
      onRefused: ({ action, roomId }, error) => this.refusals.set({ action, roomId, error }),
    });
    this.#rooms = new RoomsModel(
      this.#api,
      this.#typing,
      this.#outbox.actions,
      () => this.me.getSnapshot()?.id ?? null,
    );
    this.#waiting = new WaitingMessages(this.#outbox.queue);
    this.#positions = new ClientPositions({
      rooms: this.#rooms,
      request,
      onRead: (roomId, seq) => this.#person.found?.tabs.tell({ kind: "read", roomId, seq }),
    });
    this.#notifications = new NotificationCentre({
      api: this.#api,
      isConnected,
      lastReadSeqOf: (roomId) => this.#rooms.find(roomId)?.lastReadSeq ?? 0,
    });
    this.#preferences = new PreferencesModel(this.#api, this.#outbox.actions);
    this.#conversations = new Conversations(
      {
        me: this.me,
        api: this.#api,
        rooms: this.#rooms,
        outbox: this.#outbox,
        typing: this.#typing,
        delivered: this.#positions.delivered,
        recent: this.#recent,
        areRoomsFresh: () => this.#areRoomsFresh,
        isConnected,
        isHopeless: () => this.#connection.isHopeless,
        request,
        tell: (event, payload) => this.#connection.tell(event, payload),
        markRead: (roomId, seq) => this.#positions.markRead(roomId, seq),
        readKept: async (roomId) => (await this.#person.soon())?.device.readConversation(roomId),
        listKept: async () => (await this.#person.soon())?.device.readKept() ?? [],
        keep: (conversation) => this.#keep(conversation),
        forget: (roomId) => this.#forget(roomId),
      },
      this.#connection.events,
    );
    this.#listen();
    void this.#person.recognise();
    this.#connection.start();
  }

  get me() {
    return this.#person.me;
  }

  get connection() {
    return this.#connection.state;
  }

  get rooms() {
    return this.#rooms.state;
  }

  get waiting() {
    return this.#waiting;
  }

  get notifications() {
    return this.#notifications;
  }

  get preferences() {
    return this.#preferences;
  }

  get drafts() {
    return this.#drafts;
  }

  readonly open = (roomId: string): Conversation => this.#conversations.open(roomId);

  readonly act = (roomId: string, action: Action, holdMs?: number): string => this.#outbox.act(roomId, action, holdMs);

  readonly markRoomRead = (roomId: string): void => {
    const room = this.#rooms.find(roomId);
    if (room === undefined) return;
    if (room.markedUnread) this.act(roomId, { kind: "markUnread", unread: false });
    this.#positions.markRead(roomId, room.lastSeq);
  };

  readonly listVersions = (messageId: string): Promise<readonly Version[]> => this.#api.listVersions(messageId);

  readonly startConversation = async (userId: string): Promise<string> => {
    const roomId = await this.#api.createRoom(userId);
    // The list should have it when its view opens; if that fails, joining brings it.
    if (!this.#rooms.find(roomId))
      await this.#api.getRoom(roomId).then(
        (room) => this.#rooms.put(room),
        () => undefined,
      );
    return roomId;
  };

  readonly searchPeople = (query: string, signal?: AbortSignal): Promise<readonly User[]> =>
    this.#api.searchPeople(query, signal);

  readonly searchMessages = (query: MessageQuery, cursor: string | null, signal?: AbortSignal): Promise<FoundPage> =>
    this.#api.searchMessages(query, cursor, signal);

  readonly pictures = async (): Promise<RoomPictures | null> => {
    const loaded = await import("./roomPictures").catch(() => null);
    if (loaded === null || this.#isClosed) return null;
    return (this.#pictures ??= new loaded.RoomPictures(this, this.#serverUrl));
  };

  readonly refusedEdits = async (): Promise<KeptEdits | null> => {
    const loaded = await import("./refusedEdits").catch(() => null);
    const device = this.#person.found?.device;
    if (!loaded || !device || this.#isClosed) return null;
    return (this.#refusedEdits ??= new loaded.KeptEdits(device, this.#drafts, this.refusals));
  };

  readonly setStatus = (status: PresenceStatus): void => this.#connection.tell("update_status", { status });

  readonly reloadRooms = (): void => void this.#loadRooms().catch(() => undefined);
  readonly loadOlderRooms = (): void => void this.#rooms.loadOlder();

  readonly reconnectNow = (): void => this.#connection.reconnectNow();

  readonly close = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const end of this.#ends.splice(0)) end();
    this.#conversations.close();
    this.#notifications.close();
    this.#rooms.close();
    this.#draftSync?.close();
    this.#pictures?.close();
    this.#refusedEdits?.close();
    this.#drafts.close();
    this.#outbox.close();
    this.files.close();
    this.#positions.close();
    this.#connection.close();
    this.#person.close();
  };

  readonly signOut = async (): Promise<void> => {
    this.#person.found?.tabs.tell({ kind: "signedOut" });
    this.close();
    await this.#person.forget();
  };

  async #perform({ roomId, action }: QueuedAction): Promise<Message | undefined> {
    const request = (event: string, payload: object) => this.#connection.request<Message>(event, payload);
    if (isOfMessage(action)) return performOnMessage(request, action);
    await performAction(this.#api, roomId, action);
    if (action.kind === "leave") this.#removeRoom(roomId);
    return undefined;
  }

  #listen(): void {
    const { events, state } = this.#connection;
    events.on("room_updated", (payload) => isRoom(payload) && this.#hearRoom(payload));
    events.on("presence_changed", (payload) => this.#rooms.hearPresence(payload));
    events.on("user_status_updated", (payload) => this.#rooms.hearStatus(payload));
    events.on("user_typing", (payload) => this.#typing.hear(payload));
    events.on("user_left", (payload) => isRecord(payload) && this.#hearLeft(payload));
    events.on("draft_changed", (payload) => this.#draftSync?.hear(payload));
    events.on("notification", (payload) => this.#notifications.hear(payload));
    events.on("notification_withdrawn", (payload) => this.#notifications.hearWithdrawn(payload));
    this.#ends.push(
      state.subscribe(() => this.#followConnection()),
      this.#outbox.queue.subscribe(() => this.#draftSync?.review()),
      this.#rooms.state.subscribe(() => this.#notifications.clearRead()),
      this.#page.onHide(() => this.#flush()),
      this.#page.onVisibilityChange(() => this.#tellVisibility()),
    );
  }

  /** After each connect: all at once, as none of it waits for another. */
  async #catchUp(): Promise<void> {
    this.#tellVisibility();
    this.#outbox.resume();
    this.files.keeper?.resume();
    void this.#preferences.load();
    await Promise.all([this.#identify(), this.#loadRooms(), this.#conversations.rejoin()]);
    this.#positions.resume();
    // Who it is, and how far rooms are read, is known now. Nothing waits for the bell.
    void this.#notifications.resume();
    void this.#resumeDrafts();
    void this.pictures().then((pictures) => pictures?.follow());
  }

  /** Nobody waits for it: the first load does without. */
  async #resumeDrafts(): Promise<void> {
    if (this.#draftSync === null) {
      const loaded = await import("./draftSync").catch(() => null);
      if (loaded === null || this.#isClosed) return;
      this.#draftSync ??= new loaded.DraftSync({
        book: this.#drafts,
        isConnected: () => this.#connection.isConnected,
        request: (event, payload) => this.#connection.request(event, payload),
        listDrafts: () => this.#api.listDrafts(),
        isSending: (roomId) => this.#outbox.isSending(roomId),
        findReply: (roomId, messageId) => this.#findReply(roomId, messageId),
      });
    }
    await this.#draftSync.resume();
  }

  /** To a message that this device has, or that is one of the newest. */
  async #findReply(roomId: string, messageId: string): Promise<ReplyMode | null> {
    const isIt = ({ id }: Message): boolean => id === messageId;
    const kept = this.#recent.get(roomId) ?? (await this.#person.found?.device.readConversation(roomId));
    const message = kept?.messages.find(isIt) ?? (await this.#api.listMessages(roomId).catch(() => [])).find(isIt);
    return message?.deletedAt === null ? { kind: "reply", key: keyOf(message), quote: asQuote(message) } : null;
  }

  #hearStored(message: Message): void {
    this.#conversations.put(message);
    if (message.clientMessageId !== null) this.#draftSync?.hearOwn(message.roomId, message);
  }

  /** What a visible page shows needs no push; what a hidden one gets does. */
  #tellVisibility(): void {
    if (this.#page.isVisible()) {
      void this.#drafts.refresh();
      if (this.#connection.isConnected) void this.#preferences.load();
    }
    this.#connection.tell("set_visibility", { isVisible: this.#page.isVisible() });
  }

  async #identify(): Promise<void> {
    const isSame = await this.#person.confirm(await this.#api.getMe());
    // The token speaks for somebody else than the caches that are shown: nothing of the one may reach the other.
    if (!isSame) this.#connection.signOut("account_changed");
  }

  async #loadRooms(): Promise<void> {
    await this.#rooms.load();
    this.#areRoomsFresh = true;
    this.#positions.hearAll();
  }

  #hearRoom(room: Room): void {
    this.#rooms.put(room);
    this.#positions.hear(room);
    this.#preferences.hearMuted(room.id, room.muted);
    if (room.lastMessage?.isOwn === true) this.#draftSync?.hearOwn(room.id, room.lastMessage);
  }

  /** Others hear of somebody's last socket there; one's own event says that one is no member any more. */
  #hearLeft(payload: Record<string, unknown>): void {
    this.#typing.hear({ ...payload, isTyping: false });
    const { chatRoomId, userId } = payload;
    if (typeof chatRoomId !== "string" || userId !== this.me.getSnapshot()?.id) return;
    this.#removeRoom(chatRoomId);
  }

  #removeRoom(roomId: string): void {
    this.files.keeper?.forgetRoom(roomId);
    this.#rooms.remove(roomId);
    this.#conversations.removed(roomId);
  }

  #followConnection(): void {
    const { phase } = this.#connection.state.getSnapshot();
    if (this.#connection.isConnected) return;
    this.#areRoomsFresh = false;
    this.#typing.forget();
    this.#rooms.disconnected();
    this.#conversations.disconnected();
    if (phase !== "signedOut") void this.#person.recognise().then(() => this.#giveUpRooms());
  }

  /** Nothing is kept, and nothing can be had. */
  #giveUpRooms(): void {
    if (!this.#connection.isHopeless) return;
    this.#rooms.fail(null);
    this.#notifications.giveUp();
    this.#preferences.giveUp(null);
  }

  /** The person is known: what this device keeps for them comes in. */
  async #attach({ device, tabs, lockName }: NonNullable<Person["found"]>): Promise<void> {
    tabs.on((message) => {
      if (message.kind === "read") this.#rooms.markRead(message.roomId, message.seq);
      else if (message.kind === "signedOut") this.#connection.signOut("signed_out");
    });
    await Promise.all([
      this.#rooms.attach(device),
      this.#drafts.attach(device, tabs),
      this.#preferences.attach(device, tabs),
      this.#notifications.attach(device, tabs, lockName),
      this.#outbox.attach(device, tabs, lockName).then(() => this.files.attach(device, tabs)),
    ]);
    this.#outbox.resume();
  }

  #keep(conversation: KeptConversation): void {
    rememberRecent(this.#recent, conversation);
    this.#drafts.forgetDeleted(conversation);
    void this.refusedEdits().then((edits) => edits?.forgetDeleted(conversation));
    void this.#person.found?.device.keepConversation(conversation);
  }

  #forget(roomId: string): void {
    this.#recent.delete(roomId);
    void this.refusedEdits().then((edits) => edits?.forgetRoom(roomId));
    void this.#person.found?.device.forgetConversation(roomId);
  }

  #flush(): void {
    this.#outbox.release();
    this.#conversations.flush();
    this.#rooms.flush();
    this.#drafts.flush();
    this.#draftSync?.flush();
  }
}
