/** Addresses of files end: which ones hold, and new ones for those that do not. */
import { ChatError } from "../../lib/api/chatError";
import { WritableStore } from "../../lib/store";
import type { FilePlace, FileVariant } from "../../realtime/keptFiles";
import type { Attachment, Message, Server } from "../../realtime/types";

/** How many messages are asked for at once: the server's most. */
const PAGE = 100;
/** Those that are wanted within this time are asked for together. */
const GATHER_MS = 30;
/** A message is not asked for again within this time. */
const REST_MS = 20_000;
const MAX_FRESH = 500;

/** When a message was asked for last (epoch milliseconds), and whether it still has its files. */
interface Asked {
  readonly at: number;
  readonly isThere: Promise<boolean> | null;
}

const NEVER: Asked = { at: 0, isThere: null };

type Fresh = ReadonlyMap<string, Attachment>;

interface Wanted {
  readonly seqs: Set<number>;
  readonly answer: Promise<readonly Message[]>;
}

export class Addresses {
  /** Attachments as they were read last, by id. */
  readonly fresh = new WritableStore<Fresh>(new Map());
  readonly #server: Server;
  readonly #wanted = new Map<string, Wanted>();
  /** By the ids of messages. */
  readonly #asked = new Map<string, Asked>();

  constructor(server: Server) {
    this.#server = server;
  }

  /** The attachment with the addresses that hold for the longest time. */
  newest(attachment: Attachment): Attachment {
    const fresh = this.fresh.getSnapshot().get(attachment.id);
    return fresh && (endOf(fresh.url) ?? 0) >= (endOf(attachment.url) ?? 0) ? fresh : attachment;
  }

  /**
   * Reads a message again, together with others of its room. Returns whether its files are still there. Throws ChatError
   * when that cannot be known now.
   */
  async renew(place: FilePlace): Promise<boolean> {
    const asked = this.#asked.get(place.messageId) ?? NEVER;
    if (asked.isThere !== null && Date.now() - asked.at < REST_MS) return asked.isThere;
    const isThere = this.#read(place);
    this.#asked.set(place.messageId, { at: Date.now(), isThere });
    trim(this.#asked);
    // What could not be asked may be asked again at once.
    isThere.catch(() => this.#asked.delete(place.messageId));
    return isThere;
  }

  async #read({ roomId, messageId, seq }: FilePlace): Promise<boolean> {
    const messages = await this.#ask(roomId, seq);
    const found = messages.find(({ id }) => id === messageId);
    if (found?.deletedAt !== null || found.attachments.length === 0) return false;
    const fresh = new Map(this.fresh.getSnapshot());
    for (const attachment of found.attachments) fresh.set(attachment.id, attachment);
    trim(fresh);
    this.fresh.set(fresh);
    return true;
  }

  #ask(roomId: string, seq: number): Promise<readonly Message[]> {
    const wanted = this.#wanted.get(roomId);
    if (wanted) {
      wanted.seqs.add(seq);
      return wanted.answer;
    }
    const seqs = new Set([seq]);
    const answer = new Promise((resolve) => setTimeout(resolve, GATHER_MS)).then(() => {
      this.#wanted.delete(roomId);
      return this.#readPages(roomId, seqs);
    });
    this.#wanted.set(roomId, { seqs, answer });
    return answer;
  }

  /** One request for each stretch of the room in which some are wanted. */
  async #readPages(roomId: string, seqs: ReadonlySet<number>): Promise<readonly Message[]> {
    const sorted = [...seqs].sort((a, b) => a - b);
    const found: Message[] = [];
    for (let first = sorted.shift(); first !== undefined; first = sorted.shift()) {
      const start = first;
      let last = start;
      while (sorted[0] !== undefined && sorted[0] - start < PAGE) last = sorted.shift() ?? last;
      const query = { after: start - 1, limit: last - start + 1 };
      const path = `/api/chat/rooms/${encodeURIComponent(roomId)}/messages`;
      found.push(...(await this.#readPage(path, query)));
    }
    return found;
  }

  async #readPage(path: string, query: Readonly<Record<string, number>>): Promise<readonly Message[]> {
    try {
      return (await this.#server.request<readonly Message[]>(path, { query })).data;
    } catch (cause) {
      // Whoever is no member any more has no files of the room, either.
      if (cause instanceof ChatError && ["access_denied", "not_found"].includes(cause.code)) return [];
      throw cause;
    }
  }
}

/** A path on the server; null where there is no such picture. */
export function addressOf(attachment: Attachment, variant: FileVariant): string | null {
  if (variant === "content") return attachment.url;
  return variant === "preview" ? attachment.previewUrl : attachment.largePreviewUrl;
}

/** Until when an address holds (epoch milliseconds); null when it does not say. */
export function endOf(url: string): number | null {
  const until = new URLSearchParams(url.split("?")[1]).get("until");
  return until === null || !/^\d+$/.test(until) ? null : Number(until) * 1000;
}

function trim(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= MAX_FRESH) return;
    map.delete(key);
  }
}
