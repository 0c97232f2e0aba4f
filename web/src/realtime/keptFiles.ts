/**
 * Files that this device keeps, so that what was seen can be seen without a network: by the ids of files, not by their
 * addresses, and only of messages that it keeps, too. What was deleted, and what was said in a room that one has left,
 * goes with its message.
 */

/** Which bytes of a file: the file itself, or a picture of it. */
export type FileVariant = "content" | "preview" | "large";

/** Which message a file belongs to. */
export interface FilePlace {
  readonly roomId: string;
  readonly messageId: string;
  /** Of the message in its room. */
  readonly seq: number;
}

const MAX_BYTES = 100_000_000;
/** Of one file: larger ones are not kept. */
const MAX_FILE_BYTES = 5_000_000;
/** More would make looking through them slow. */
const MAX_FILES = 2_000;
/** What was used again after so long moves to the end of those that go first. */
const FRESH_MS = 24 * 3_600_000;
const USED_AT = "x-used-at";
const FOLDER = "/kept-files";
/** Of groups: they belong to no message. */
const PICTURES = "/kept-pictures";

/** What is kept beside a person's database (`nameOfDevice`); null where the browser keeps nothing. */
export function keptFilesOf(device: string): KeptFiles | null {
  if (!("caches" in globalThis)) return null;
  const name = `${device} files`;
  const known = all.get(name) ?? new KeptFiles(name);
  all.set(name, known);
  return known;
}

const all = new Map<string, KeptFiles>();

export class KeptFiles {
  readonly #name: string;
  /** Room id to the ids of its messages that are kept. Files of other messages of these rooms are not taken. */
  readonly #messages = new Map<string, ReadonlySet<string>>();
  #making: Promise<unknown> = Promise.resolve();
  /** What has yet to begin. */
  #makingRoom: Promise<unknown> | null = null;
  #isRemoved = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** Undefined when it is not there, or cannot be had. Never throws. */
  read(place: FilePlace, fileId: string, variant: FileVariant): Promise<Blob | undefined> {
    return this.#read(addressOf(place, fileId, variant));
  }

  /** The picture of a group, as `read`. */
  readPicture(roomId: string, fileId: string): Promise<Blob | undefined> {
    return this.#read(pictureAddressOf(roomId, fileId));
  }

  /** Keeps the picture of a group. Never throws. Returns false when it could not be written: another try may help. */
  async keepPicture(roomId: string, fileId: string, blob: Blob): Promise<boolean> {
    if (blob.size > MAX_FILE_BYTES) return true;
    const isKept = await this.#make(async () => this.#put(await this.#open(), pictureAddressOf(roomId, fileId), blob));
    if (isKept) await this.#makeRoomSoon();
    return isKept;
  }

  /**
   * Keeps no other pictures of these groups: room ids to ids of files, null for a group without one. `areAll`: nor of any
   * other group. Never throws.
   */
  async tidyPictures(fileIds: ReadonlyMap<string, string | null>, areAll: boolean): Promise<void> {
    await this.#make(() =>
      this.#removePictures((roomId, fileId) => (fileIds.has(roomId) ? fileIds.get(roomId) !== fileId : areAll)),
    );
  }

  /** Keeps bytes, unless they are too many, or of a message that is not kept. Never throws. */
  async keep(place: FilePlace, fileId: string, variant: FileVariant, blob: Blob): Promise<void> {
    if (blob.size > MAX_FILE_BYTES || !this.#isKept(place)) return;
    try {
      const cache = await this.#open();
      await this.#put(cache, addressOf(place, fileId, variant), blob);
      // It was deleted while it was written down.
      if (!this.#isKept(place)) await this.#remove(place.roomId, (messageId) => messageId === place.messageId);
      await this.#makeRoomSoon();
    } catch {
      // A full disk, or a cache that is denied: it is loaded again when it is wanted.
    }
  }

  /** Keeps no more of a room than of these messages, and nothing of rooms that are not among `roomIds`. Never throws. */
  async tidy(roomId: string, messageIds: ReadonlySet<string>, roomIds: ReadonlySet<string>): Promise<void> {
    const before = this.#messages.get(roomId);
    const isLess = before === undefined || [...before].some((id) => !messageIds.has(id));
    this.#messages.set(roomId, messageIds);
    if (!isLess) return;
    await this.#make(async () => {
      await this.#remove(roomId, (id) => !messageIds.has(id));
      for (const other of await this.#rooms()) if (!roomIds.has(other)) await this.#remove(other, () => true);
    });
  }

  /** Nothing of a room is kept any more. Never throws. */
  async forgetRoom(roomId: string): Promise<void> {
    this.#messages.set(roomId, new Set());
    await this.#make(async () => {
      await this.#remove(roomId, () => true);
      await this.#removePictures((room) => room === roomId);
    });
  }

  /** Nothing is kept any more, now and later. */
  async destroy(): Promise<void> {
    this.#isRemoved = true;
    all.delete(this.#name);
    await caches.delete(this.#name).catch(() => false);
  }

  #isKept({ roomId, messageId }: FilePlace): boolean {
    return !this.#isRemoved && this.#messages.get(roomId)?.has(messageId) !== false;
  }

  async #read(address: string): Promise<Blob | undefined> {
    try {
      const cache = await this.#open();
      const found = await cache.match(address);
      if (found === undefined) return undefined;
      const usedAt = Number(found.headers.get(USED_AT));
      const blob = await found.blob();
      if (Date.now() - usedAt > FRESH_MS) void this.#put(cache, address, blob);
      return blob;
    } catch {
      return undefined;
    }
  }

  async #open(): Promise<Cache> {
    if (this.#isRemoved) throw new Error("Nothing is kept any more.");
    return caches.open(this.#name);
  }

  async #put(cache: Cache, address: string, blob: Blob): Promise<void> {
    const headers = { "content-type": blob.type, "content-length": String(blob.size), [USED_AT]: String(Date.now()) };
    await cache.delete(address); // what is written anew goes last
    if (!this.#isRemoved) await cache.put(address, new Response(blob, { headers }));
  }

  async #remove(roomId: string, isGone: (messageId: string) => boolean): Promise<void> {
    const cache = await this.#open();
    for (const { request, parts } of await listIn(cache, FOLDER)) {
      const [room, message] = parts;
      if (room === roomId && isGone(message ?? "")) await cache.delete(request);
    }
  }

  async #removePictures(isGone: (roomId: string, fileId: string) => boolean): Promise<void> {
    const cache = await this.#open();
    for (const { request, parts } of await listIn(cache, PICTURES)) {
      const [room = "", file = ""] = parts;
      if (isGone(room, file)) await cache.delete(request);
    }
  }

  async #rooms(): Promise<ReadonlySet<string>> {
    const kept = await listIn(await this.#open(), FOLDER);
    return new Set(kept.map(({ parts }) => parts[0] ?? ""));
  }

  /** Once for all that is written down until its turn comes: looking through what is kept takes its time. */
  #makeRoomSoon(): Promise<unknown> {
    this.#makingRoom ??= this.#make(() => {
      this.#makingRoom = null;
      return this.#makeRoom();
    });
    return this.#makingRoom;
  }

  /** Those that were used the longest time ago go. */
  async #makeRoom(): Promise<void> {
    const cache = await this.#open();
    const kept: { readonly request: Request; readonly size: number }[] = [];
    for (const request of await cache.keys()) {
      const size = Number((await cache.match(request))?.headers.get("content-length") ?? 0);
      kept.push({ request, size });
    }
    let total = kept.reduce((sum, { size }) => sum + size, 0);
    for (const [index, { request, size }] of kept.entries()) {
      if (total <= MAX_BYTES && kept.length - index <= MAX_FILES) return;
      await cache.delete(request);
      total -= size;
    }
  }

  /** One after another: none removes what another counts. Never throws. Returns whether it was done. */
  #make(work: () => Promise<void>): Promise<boolean> {
    const made = this.#making.then(work).then(
      () => true,
      () => false,
    );
    this.#making = made;
    return made;
  }
}

function addressOf({ roomId, messageId }: FilePlace, fileId: string, variant: FileVariant): string {
  return [FOLDER, ...[roomId, messageId, fileId, variant].map(encodeURIComponent)].join("/");
}

function pictureAddressOf(roomId: string, fileId: string): string {
  return [PICTURES, ...[roomId, fileId].map(encodeURIComponent)].join("/");
}

/** What is kept in a folder, with the parts of its address there: room and message, or room and file. */
async function listIn(cache: Cache, folder: string) {
  const requests = await cache.keys();
  return requests.flatMap((request) => {
    const path = new URL(request.url).pathname;
    if (!path.startsWith(`${folder}/`)) return [];
    return [
      {
        request,
        parts: path
          .slice(folder.length + 1)
          .split("/")
          .map(decodeURIComponent),
      },
    ];
  });
}
