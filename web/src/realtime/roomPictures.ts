/**
 * Pictures of groups, whose addresses end: kept on the device, so that they can be seen without a network, and asked for
 * anew when an address leads to nothing any more.
 */
import { resolveImage } from "../lib/resolveImage";
import { nameOfDevice } from "./device";
import { keptFilesOf, type KeptFiles } from "./keptFiles";
import type { ChatClient, Room } from "./types";

/** A room is not asked for again within this time. */
const REST_MS = 5 * 60_000;
/** Of rooms that were asked for, and of pictures that are in the page's memory. */
const MOST = 200;
const FOLDER = "/api/chat/files/";

/** Of one client, which closes it. */
export class RoomPictures {
  readonly #client: ChatClient;
  readonly #base: string;
  /** What the addresses of the server's files begin with. */
  readonly #folder: string;
  /** By the id of a file: its bytes as an address of this page. */
  readonly #urls = new Map<string, string>();
  /** By the id of a room: when it was asked for last (epoch milliseconds). */
  readonly #asked = new Map<string, number>();
  /** By the id of a room: an address that led to nothing while there was no connection to ask for another. */
  readonly #wanted = new Map<string, string>();
  /** Files that are kept, or on their way to be. */
  readonly #kept = new Set<string>();
  readonly #ends: (() => void)[] = [];
  /** The list that was tidied after last, and what it shows; null before the first. */
  #tidied: { readonly rooms: readonly Room[]; readonly shown: string } | null = null;
  #isFollowing = false;
  #isClosed = false;

  /** `base`: the server's origin; empty for the page's own. */
  constructor(client: ChatClient, base: string) {
    this.#client = client;
    this.#base = base;
    this.#folder = resolveImage(FOLDER, base) ?? FOLDER;
    this.#ends.push(client.connection.subscribe(() => this.#followConnection()));
  }

  /** See `TellOfPicture`. The address is a full one where there is a base. */
  async tell(address: string, hasLoaded: boolean): Promise<string | null> {
    const fileId = this.#fileIdAt(address);
    const room = fileId !== null && this.#rooms.find((one) => this.#fileIdOf(one) === fileId);
    if (!room || this.#isClosed) return null;
    if (hasLoaded) {
      await this.#keep(room.id, fileId, address);
      return null;
    }
    const url = await this.#urlOf(room.id, fileId);
    if (url === null) void this.#renew(room.id, address);
    return url;
  }

  /** The list has come from the server: from now on, what a group has no more is not kept. */
  follow(): void {
    if (this.#isFollowing || this.#isClosed) return;
    this.#isFollowing = true;
    this.#ends.push(this.#client.rooms.subscribe(() => this.#tidy()));
    this.#tidy();
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#ends.splice(0)) end();
    this.#forgetUrls();
  }

  get #rooms(): readonly Room[] {
    return this.#client.rooms.getSnapshot().rooms;
  }

  async #keep(roomId: string, fileId: string, address: string): Promise<void> {
    const files = this.#files();
    if (files === null || this.#kept.has(fileId)) return;
    this.#kept.add(fileId);
    trim(this.#kept);
    if ((await files.readPicture(roomId, fileId)) !== undefined) return;
    const blob = await load(address).catch(() => null);
    // The group may have another one by now: what is not shown is not kept.
    const isShown = this.#rooms.some((room) => room.id === roomId && this.#fileIdOf(room) === fileId);
    const isKept = blob !== null && isShown && (await files.keepPicture(roomId, fileId, blob));
    if (!isKept) this.#kept.delete(fileId); // the next time that it is loaded
  }

  async #urlOf(roomId: string, fileId: string): Promise<string | null> {
    const blob = this.#urls.has(fileId) ? undefined : await this.#files()?.readPicture(roomId, fileId);
    if (this.#isClosed) return null;
    if (blob !== undefined && !this.#urls.has(fileId)) this.#urls.set(fileId, URL.createObjectURL(blob));
    for (const [id, url] of this.#urls) {
      if (this.#urls.size <= MOST) break;
      URL.revokeObjectURL(url);
      this.#urls.delete(id);
    }
    return this.#urls.get(fileId) ?? null;
  }

  /**
   * What it has by then comes with the room, unless the list has another address already. Without a connection it is asked
   * for after the next.
   */
  async #renew(roomId: string, address: string): Promise<void> {
    const room = this.#rooms.find(({ id }) => id === roomId);
    if (this.#isClosed || room === undefined || this.#addressOf(room) !== address) return;
    const { server, connection } = this.#client;
    if (connection.getSnapshot().phase !== "online") {
      this.#wanted.set(roomId, address);
      trim(this.#wanted);
      return;
    }
    if (Date.now() - (this.#asked.get(roomId) ?? -Infinity) < REST_MS) return;
    this.#asked.set(roomId, Date.now());
    trim(this.#asked);
    try {
      server.putRoom((await server.request<Room>(`/api/chat/rooms/${encodeURIComponent(roomId)}`)).data);
    } catch {
      // It is asked for again when it is wanted after the rest.
    }
  }

  #tidy(): void {
    const { rooms, hasOlder } = this.#client.rooms.getSnapshot();
    const files = this.#files();
    if (rooms === this.#tidied?.rooms || files === null) return;
    const fileIds = new Map(rooms.map((room) => [room.id, this.#fileIdOf(room)]));
    const shown = JSON.stringify([hasOlder, [...fileIds].sort()]);
    const isAsBefore = shown === this.#tidied?.shown;
    this.#tidied = { rooms, shown };
    if (!isAsBefore) void files.tidyPictures(fileIds, !hasOlder);
  }

  #followConnection(): void {
    const { phase } = this.#client.connection.getSnapshot();
    if (phase === "signedOut") this.#forgetUrls();
    if (phase !== "online") return;
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    for (const [roomId, address] of wanted) void this.#renew(roomId, address);
  }

  #forgetUrls(): void {
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
  }

  #files(): KeptFiles | null {
    const me = this.#client.me.getSnapshot();
    return me && keptFilesOf(nameOfDevice(this.#base, me.id));
  }

  /** Of a group's picture, as it is shown; null where there is none. */
  #addressOf({ otherParticipant }: Room): string | null {
    const image = otherParticipant?.role === "group" ? otherParticipant.avatar : null;
    return image === null ? null : resolveImage(image, this.#base);
  }

  #fileIdOf(room: Room): string | null {
    const address = this.#addressOf(room);
    return address === null ? null : this.#fileIdAt(address);
  }

  /** Null for what is not at this server. */
  #fileIdAt(address: string): string | null {
    if (!address.startsWith(this.#folder)) return null;
    return /^([^/?]+)\//.exec(address.slice(this.#folder.length))?.[1] ?? null;
  }
}

/** Null when the address leads to nothing. The server's cookies are none of its files' business. */
async function load(address: string): Promise<Blob | null> {
  const answer = await fetch(address, { credentials: "omit" });
  return answer.ok ? answer.blob() : null;
}

function trim(seen: { readonly size: number; keys(): Iterable<string>; delete(key: string): boolean }): void {
  for (const key of seen.keys()) {
    if (seen.size <= MOST) return;
    seen.delete(key);
  }
}
