/** The files of a room, the newest first, of several kinds in one list: the server lists one kind at a time. */
import type { AttachmentKind, Attachment, Message, Server } from "../../realtime/types";

export interface RoomFile {
  readonly message: Message;
  readonly attachment: Attachment;
}

interface Lane {
  readonly kind: AttachmentKind;
  readonly read: RoomFile[];
  cursor: string | null;
  /** Whether the server has been asked, so that without a cursor nothing is left. */
  isBegun: boolean;
}

const PAGE = 30;

export class RoomFiles {
  readonly #server: Server;
  readonly #path: string;
  readonly #lanes: readonly Lane[];

  constructor(server: Server, roomId: string, kinds: readonly AttachmentKind[]) {
    this.#server = server;
    this.#path = `/api/chat/rooms/${encodeURIComponent(roomId)}/files`;
    this.#lanes = kinds.map((kind) => ({ kind, read: [], cursor: null, isBegun: false }));
  }

  /** Whether there may be more. */
  get hasMore(): boolean {
    return this.#lanes.some((lane) => lane.read.length > 0 || mayGoOn(lane));
  }

  /** The next page. Throws ChatError; what was read before that is in the next page. */
  async next(signal: AbortSignal): Promise<readonly RoomFile[]> {
    const page: RoomFile[] = [];
    while (page.length < PAGE) {
      // What is newest is known when the next file of each kind is.
      await Promise.all(this.#lanes.map((lane) => this.#fill(lane, signal)));
      const newest = this.#newest();
      if (newest === undefined) break;
      page.push(newest);
    }
    return page;
  }

  async #fill(lane: Lane, signal: AbortSignal): Promise<void> {
    if (lane.read.length > 0 || !mayGoOn(lane)) return;
    const query = { kind: lane.kind, limit: PAGE, cursor: lane.cursor ?? undefined };
    const { data, nextCursor } = await this.#server.request<readonly RoomFile[]>(this.#path, { query, signal });
    lane.read.push(...data);
    lane.cursor = nextCursor;
    lane.isBegun = true;
  }

  #newest(): RoomFile | undefined {
    let first: Lane | undefined;
    for (const lane of this.#lanes) if (seqOf(lane) > (first === undefined ? 0 : seqOf(first))) first = lane;
    return first?.read.shift();
  }
}

function mayGoOn({ isBegun, cursor }: Lane): boolean {
  return !isBegun || cursor !== null;
}

/** Of its next file; 0 where there is none. */
function seqOf({ read }: Lane): number {
  return read[0]?.message.seq ?? 0;
}
