/** What a conversation needs of the rest of the client, and the answers it gets. */
import type { Store } from "../lib/store";
import type { ChatApi } from "./chatApi";
import type { KeptConversation, KeptUpTo } from "./device";
import type { Outbox } from "./outbox";
import type { PositionSender } from "./positionSender";
import type { RoomsModel } from "./rooms";
import type { TypingWatch } from "./typingWatch";
import type { Message, Room, User } from "./types";

export interface ConversationServices {
  readonly me: Store<User | null>;
  readonly api: ChatApi;
  readonly rooms: RoomsModel;
  readonly outbox: Outbox;
  readonly typing: TypingWatch;
  readonly delivered: PositionSender;
  /** The ends of conversations that were open before, in memory: shown without waiting for the disk. */
  readonly recent: Map<string, KeptConversation>;
  /** Whether the list of rooms has come from the server on this connection, and is not only remembered. */
  areRoomsFresh(): boolean;
  isConnected(): boolean;
  /** Whether there is no connection, and none in sight. */
  isHopeless(): boolean;
  request<T>(event: string, payload: unknown): Promise<T>;
  tell(event: string, payload: unknown): void;
  readKept(roomId: string): Promise<KeptConversation | undefined>;
  /** Which conversations are kept on the device, and how far. */
  listKept(): Promise<readonly KeptUpTo[]>;
  keep(conversation: KeptConversation): void;
  forget(roomId: string): void;
}

export interface JoinAnswer {
  readonly room: Room;
  readonly reload: boolean;
}

export interface SyncAnswer {
  readonly rooms: readonly {
    readonly roomId: string;
    readonly messages: readonly Message[];
    /** What the messages up to the given seq say now that have changed since the given change, in the order of `change`. */
    readonly changed: readonly Message[];
    readonly lastSeq: number;
    readonly lastChange: number;
    readonly cursors: Readonly<Record<string, { readonly lastReadSeq: number; readonly lastDeliveredSeq: number }>>;
    readonly reload: boolean;
  }[];
  readonly more: boolean;
}
