/** The picture of a group on its way: announced, uploaded, looked at by the server, and chosen. */
import { ChatError, toChatError } from "../lib/api/chatError";
import { isRecord } from "../lib/api/envelope";
import { backoffMs } from "./backoff";
import { isPassing } from "./conversationFacts";
import { PeopleRequests } from "./roomRequests";
import type { Server } from "./types";

/** How an upload is followed, and ended. */
export interface Following {
  readonly signal: AbortSignal;
  /** From 0 to 1; at 1 the server has all of it, and looks at it. */
  onProgress(part: number): void;
}

interface Announced {
  readonly fileId: string;
  readonly uploadUrl: string;
}

interface FileState {
  readonly state: "uploading" | "processing" | "ready" | "refused";
  readonly reason: string | null;
}

// The server says by an event when it has looked at a file; one that is lost is made up for.
const ASK = { minMs: 1_000, maxMs: 8_000 };
const PATIENCE_MS = 60_000;
/** The server knows nothing of the upload any more, or not as ours to be chosen. */
const LOST = new Set(["not_found", "gone", "conflict"]);

/** One picture for one group. */
export class GroupPicture {
  readonly #server: Server;
  readonly #roomId: string;
  readonly #blob: Blob;
  #file: Announced | null = null;
  /** The announcement that is on its way: a file that comes of it is known to nobody else. Null: it came to nothing. */
  #announcing: Promise<Announced | null> | null = null;
  #isUploaded = false;
  /** It may be the group's picture by now. */
  #isGiven = false;

  constructor(server: Server, roomId: string, blob: Blob) {
    this.#server = server;
    this.#roomId = roomId;
    this.#blob = blob;
  }

  /**
   * Makes it the group's picture. Asked again after a failure, it goes on where that happened. Throws ChatError: besides what
   * any upload can be refused with, `file_refused` (`details.reason`), and `file_not_ready` when the server takes too long.
   */
  async put(how: Following): Promise<void> {
    const isNew = this.#file === null;
    try {
      await this.#carry(how);
    } catch (cause) {
      const error = toChatError(cause);
      if (error.code === "file_refused" || LOST.has(error.code)) this.#forget();
      if (isNew || !LOST.has(error.code) || how.signal.aborted) throw error;
      await this.#carry(how); // what was begun earlier is begun anew, once
    }
  }

  /** Nobody wants it any more: the server need not keep it. Never throws. */
  async giveUp(): Promise<void> {
    const file = this.#file ?? (await this.#announcing);
    if (file === null || this.#isGiven) return;
    this.#forget();
    await this.#server
      .transport()
      .then((transport) => transport.end(file.uploadUrl))
      .catch(() => undefined);
  }

  async #carry({ signal, onProgress }: Following): Promise<void> {
    const isFresh = this.#file === null;
    const file = (this.#file ??= await this.#announce());
    signal.throwIfAborted();
    if (!this.#isUploaded) {
      const transport = await this.#server.transport();
      const tell = (bytes: number): void => onProgress(bytes / this.#blob.size);
      await transport.upload(this.#blob, file.uploadUrl, { signal, isFresh, onProgress: tell });
      this.#isUploaded = true;
    }
    onProgress(1);
    if (!this.#isGiven) await this.#whenReady(file.fileId, signal);
    await this.#choose(file.fileId);
  }

  async #choose(fileId: string): Promise<void> {
    const wasGiven = this.#isGiven;
    this.#isGiven = true;
    try {
      await new PeopleRequests(this.#server).setPicture(this.#roomId, fileId);
    } catch (cause) {
      const error = toChatError(cause);
      // It was chosen, though the answer was lost, and somebody has chosen another one since: that one stays.
      if (wasGiven && error.code === "conflict") return;
      // After a passing failure nobody knows.
      this.#isGiven = isPassing(error);
      throw cause;
    }
  }

  /** Nothing ends it: whoever gives the picture up waits for the file, so that the server need not keep it. */
  async #announce(): Promise<Announced> {
    const { size, type } = this.#blob;
    const body = { name: `picture.${type.replace("image/", "")}`, size, contentType: type };
    const path = `/api/chat/rooms/${encodeURIComponent(this.#roomId)}/files`;
    const announcing = this.#server.request<Announced>(path, { method: "POST", body }).then(({ data }) => data);
    this.#announcing = announcing.catch(() => null);
    return announcing;
  }

  /** Until the server has looked at it: told by an event, and asked besides. */
  async #whenReady(fileId: string, signal: AbortSignal): Promise<void> {
    const news = new News();
    const end = this.#server.on("file_updated", (payload) => {
      if (isRecord(payload) && payload.fileId === fileId) news.come();
    });
    const until = Date.now() + PATIENCE_MS;
    try {
      for (let asked = 0; Date.now() < until; asked++) {
        const path = `/api/chat/files/${encodeURIComponent(fileId)}/state`;
        const { state, reason } = (await this.#server.request<FileState>(path, { signal })).data;
        if (state === "ready") return;
        this.#isUploaded = state !== "uploading"; // not all of it has arrived: the next try sends the rest
        if (state === "refused") throw new ChatError("file_refused", "The file was refused.", null, { reason });
        await news.wait(backoffMs(asked, ASK), signal);
      }
    } finally {
      end();
    }
    throw new ChatError("file_not_ready", "The file is not ready yet.");
  }

  #forget(): void {
    this.#file = null;
    this.#announcing = null;
    this.#isUploaded = false;
    this.#isGiven = false;
  }
}

/** What may come while nobody waits for it. */
class News {
  #hasCome = false;
  #wake: () => void = () => undefined;

  come(): void {
    this.#hasCome = true;
    this.#wake();
  }

  /** Until something comes, or has come since the last time, but no longer than this. Throws when it is ended. */
  async wait(mostMs: number, signal: AbortSignal): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (!this.#hasCome && !signal.aborted)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, mostMs);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    clearTimeout(timer);
    this.#hasCome = false;
    signal.throwIfAborted();
  }
}
