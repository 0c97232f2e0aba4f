/**
 * Pictures of groups, whose addresses end: kept on the device, so that they can be seen without a network, and asked for
 * anew when an address leads to nothing any more.
 */
import { nameOfDevice } from "./device";
import { keptFilesOf, type KeptFiles } from "./keptFiles";
import type { ChatClient, Room } from "./types";

/** A room is not asked for again within this time. */
const REST_MS = 5 * 60_000;
/** Of rooms that were asked for, and of pictures that are in the page's memory. */
const MOST = 200;
const ADDRESS = /\/api\/chat\/files\/([^/?]+)\//;

const all = new WeakMap<ChatClient, RoomPictures>();

/** Those of a client. `base`: the server's origin; empty for the page's own. */
export function picturesOf(client: ChatClient, base: string): RoomPictures {
  const known = all.get(client) ?? new RoomPictures(client, base);
  all.set(client, known);
  return known;
}

/** As long as its client. */
export class RoomPictures {
  readonly #client: ChatClient;
  readonly #base: string;
  /** By the id of a file: its bytes as an address of this page. */
  readonly #urls = new Map<string, string>();
  /** By the id of a room: when it was asked for last (epoch milliseconds). */
  readonly #asked = new Map<string, number>();
  /** By the id of a room: an address that led to nothing while there was no connection to ask for another. */
  readonly #wanted = new Map<string, string>();
  /** Files that are kept, or on their way to be. */
  readonly #kept = new Set<string>();
  #current = "";

  constructor(client: ChatClient, base: string) {
    this.#client = client;
    this.#base = base;
    client.rooms.subscribe(() => this.#tidy());
    client.connection.subscribe(() => this.#followConnection());
    this.#tidy();
  }

  /** See `TellOfPicture`. */
  async tell(address: string, hasLoaded: boolean): Promise<string | null> {
    const fileId = fileIdOf(address);
    const room =
      fileId !== null && this.#client.rooms.getSnapshot().rooms.find((one) => fileIdOf(avatarOf(one)) === fileId);
    if (!room) return null;
    if (hasLoaded) {
      await this.#keep(room.id, fileId, address);
      return null;
    }
    const url = await this.#urlOf(room.id, fileId);
    if (url === null) void this.#renew(room.id, address);
    return url;
  }

  /** From the browser's own cache, which has just loaded it. */
  async #keep(roomId: string, fileId: string, address: string): Promise<void> {
    const files = this.#files();
    if (files === null || this.#kept.has(fileId)) return;
    this.#kept.add(fileId);
    trim(this.#kept);
    if ((await files.readPicture(roomId, fileId)) !== undefined) return;
    try {
      const answer = await fetch(new URL(address, this.#base || location.origin), {
        credentials: "omit",
        cache: "force-cache",
      });
      if (answer.ok) await files.keepPicture(roomId, fileId, await answer.blob());
    } catch {
      this.#kept.delete(fileId); // the next time that it is loaded
    }
  }

  async #urlOf(roomId: string, fileId: string): Promise<string | null> {
    const blob = this.#urls.has(fileId) ? undefined : await this.#files()?.readPicture(roomId, fileId);
    if (blob !== undefined && !this.#urls.has(fileId)) this.#urls.set(fileId, URL.createObjectURL(blob));
    for (const [id, url] of this.#urls) {
      if (this.#urls.size <= MOST) break;
      URL.revokeObjectURL(url);
      this.#urls.delete(id);
    }
    return this.#urls.get(fileId) ?? null;
  }

  /** What it has by then comes with the room. Without a connection it is asked for after the next, unless the list has it. */
  async #renew(roomId: string, address: string): Promise<void> {
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

  /** What a group has no more is not kept. */
  #tidy(): void {
    const { rooms, phase, hasOlder } = this.#client.rooms.getSnapshot();
    if (phase !== "ready" || hasOlder) return; // of the others nothing is known
    const pictures = new Map(
      rooms.flatMap((room) => {
        const fileId = fileIdOf(avatarOf(room));
        return fileId === null ? [] : [[room.id, fileId] as const];
      }),
    );
    const current = [...pictures.values()].sort().join();
    const files = this.#files();
    if (current === this.#current || files === null) return;
    this.#current = current;
    void files.tidyPictures(pictures);
  }

  #followConnection(): void {
    const { phase } = this.#client.connection.getSnapshot();
    if (phase === "online") this.#renewWanted();
    if (phase !== "signedOut") return;
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
  }

  #renewWanted(): void {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    const now = new Map(this.#client.rooms.getSnapshot().rooms.map((room) => [room.id, avatarOf(room)]));
    for (const [roomId, address] of wanted) if (now.get(roomId) === address) void this.#renew(roomId, address);
  }

  #files(): KeptFiles | null {
    const me = this.#client.me.getSnapshot();
    return me && keptFilesOf(nameOfDevice(this.#base, me.id));
  }
}

function avatarOf({ otherParticipant }: Room): string | null {
  return otherParticipant?.role === "group" ? otherParticipant.avatar : null;
}

function fileIdOf(address: string | null): string | null {
  return ADDRESS.exec(address ?? "")?.[1] ?? null;
}

function trim(seen: { readonly size: number; keys(): Iterable<string>; delete(key: string): boolean }): void {
  for (const key of seen.keys()) {
    if (seen.size <= MOST) return;
    seen.delete(key);
  }
}
