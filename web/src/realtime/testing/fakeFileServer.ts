/** A server that takes files: tests say what it answers, cut uploads off, and see what it has. */
import { ChatError, offlineError } from "../../lib/api/chatError";
import type { RestAnswer, RestRequest } from "../../lib/api/restClient";
import type { FileTransport } from "../files/tusTransport";

interface FakeFile {
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
  state: "uploading" | "processing" | "ready" | "refused" | "removed";
  received: number;
}

export class FakeFileServer {
  /** Every file that was announced, by its id: `file-1` and so on. */
  readonly files = new Map<string, FakeFile>();
  /** Every range of bytes that came: `[id, from, to]`. */
  readonly parts: [id: string, from: number, to: number][] = [];
  readonly asked: string[] = [];
  /** How many bytes of each upload come before its connection breaks. */
  cutAfter = Infinity;
  /** Uploads that have begun wait for this. */
  gate: Promise<unknown> = Promise.resolve();
  /** Announcements wait for this. */
  announcing: Promise<unknown> = Promise.resolve();
  announcements = 0;
  isDown = false;
  /** Thrown by every announcement. */
  fault: ChatError | null = null;
  /** Thrown by the next announcement. */
  refusal: ChatError | null = null;
  /** What becomes of a file that has come. */
  verdict: "ready" | "refused" | "processing" = "ready";
  /** How many were uploaded at the same time, at most. */
  most = 0;
  /** Tells the sockets of the owner. */
  readonly tell: (payload: object) => void;
  #running = 0;

  constructor(tell: (payload: object) => void) {
    this.tell = tell;
  }

  readonly request = async <T>(path: string, request: RestRequest = {}): Promise<RestAnswer<T>> => {
    if (request.method === "POST") this.announcements++;
    await this.announcing;
    return { data: this.#answer(path, request) as T, nextCursor: null };
  };

  readonly transport: FileTransport = {
    upload: (blob, path, { signal, onProgress }) => this.#upload(blob, path, signal, onProgress),
    end: (path) => Promise.resolve().then(() => this.#end(path)),
  };

  /** Says what has become of a file. */
  examine(id: string, state: FakeFile["state"]): void {
    this.#find(id).state = state;
    this.tell({ fileId: id, state, reason: state === "refused" ? "broken" : null });
  }

  /** The files that are there, by state. */
  get states(): string[] {
    return [...this.files.values()].map(({ id, state }) => `${id} ${state}`);
  }

  #answer(path: string, { method, body }: RestRequest): unknown {
    this.#check();
    if (method === "POST") return this.#announce(body as FakeFile["body"]);
    const id = path.split("/").at(-2) ?? "";
    this.asked.push(id);
    const file = this.#find(id);
    return { fileId: id, state: file.state, reason: file.state === "refused" ? "broken" : null };
  }

  #announce(body: FakeFile["body"]): unknown {
    const refusal = this.refusal ?? this.fault;
    this.refusal = null;
    if (refusal) throw refusal;
    const id = `file-${this.files.size + 1}`;
    this.files.set(id, { id, body, state: "uploading", received: 0 });
    return { fileId: id, uploadUrl: `/up/${id}`, expiresAt: "" };
  }

  async #upload(blob: Blob, path: string, signal: AbortSignal, onProgress: (bytes: number) => void): Promise<void> {
    this.most = Math.max(this.most, ++this.#running);
    try {
      await Promise.race([this.gate, whenAborted(signal)]);
      this.#check();
      const file = this.#find(path.replace("/up/", ""));
      const from = file.received;
      file.received = Math.min(blob.size, from + this.cutAfter);
      this.parts.push([file.id, from, file.received]);
      onProgress(file.received);
      if (file.received < blob.size) throw offlineError();
      this.examine(file.id, this.verdict);
    } finally {
      this.#running--;
    }
  }

  #end(path: string): void {
    this.#check();
    this.#find(path.replace("/up/", "")).state = "removed";
  }

  #find(id: string): FakeFile {
    const file = this.files.get(id);
    if (!file) throw new ChatError("not_found", "There is no such file.");
    if (file.state === "removed") throw new ChatError("gone", "This upload was ended.");
    return file;
  }

  #check(): void {
    if (this.isDown) throw offlineError();
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")));
  });
}
