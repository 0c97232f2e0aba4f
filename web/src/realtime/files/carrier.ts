/** What the tab that sends does for files: announces them, uploads them, asks what has become of them, and ends them. */
import { toChatError, type ChatError } from "../../lib/api/chatError";
import { isRecord } from "../../lib/api/envelope";
import { backoffMs } from "../backoff";
import { judge } from "../outboxQueue";
import { Timers } from "../timers";
import type { Announced, Server } from "../types";
import { keptErrorOf, lostError, UNANNOUNCED, type KeptError, type KeptFile } from "./kept";
import type { FileTransport } from "./tusTransport";

/** The files, as the carrier finds and changes them. */
export interface Desk {
  /** Those that this tab can carry, in the order in which they were added; also those that nobody wants any more. */
  list(): readonly KeptFile[];
  find(id: string): KeptFile | undefined;
  change(id: string, change: Partial<KeptFile>): void;
  /** How much of it has been sent: shown, and not written down. */
  progress(id: string, sentBytes: number): void;
  read(id: string): Promise<Blob | undefined>;
  /** The server knows it no more, or never did. */
  purge(id: string): void;
}

export interface CarrierOptions {
  readonly desk: Desk;
  readonly request: Server["request"];
  readonly transport: FileTransport;
  /** Whether this is the tab that sends, and there is a connection. */
  mayWork(): boolean;
  /** The server takes files up to this size. */
  onMaxBytes(maxBytes: number): void;
}

/** What the server is told of a file. */
type Facts = Pick<KeptFile, "name" | "size" | "contentType" | "isVoice">;

const MAX_AT_ONCE = 2;
const RETRY = { minMs: 1_000, maxMs: 30_000 };
// The server says by an event when it has looked at a file; one that is lost is made up for.
const ASK = { minMs: 4_000, maxMs: 60_000 };
const PROGRESS_MS = 250;
// A request that was under way when the connection was lost says nothing any more, and does not end either.
const STALE_MS = 5_000;
// Who has used up the total of a day is told so; shorter waits are waited for.
const LONGEST_WAIT_MS = 120_000;
const MAX_RENEWALS = 1;
// Another request has brought something meanwhile, or bytes came too slowly: the next try asks how much there is.
const PASSING = new Set(["conflict", "request_timeout"]);

interface Job {
  readonly ending: AbortController;
  movedAt: number;
}

export class Carrier {
  readonly #options: CarrierOptions;
  readonly #timers = new Timers();
  readonly #jobs = new Map<string, Job>();
  /** By the id of a file: how often something has failed in a row, and how often the server has stumbled over it. */
  readonly #failures = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  readonly #asked = new Map<string, number>();
  /** By the id of a file: what was announced before the file was there. */
  readonly #early = new Map<string, Promise<Announced | null>>();

  constructor(options: CarrierOptions) {
    this.#options = options;
  }

  /** Does what can be done now. */
  pump(): void {
    if (!this.#options.mayWork()) return;
    for (const file of this.#options.desk.list()) {
      if (this.#jobs.has(file.id) || this.#timers.isSet(file.id)) continue;
      if (isToCarry(file)) {
        if (this.#jobs.size < MAX_AT_ONCE) void this.#work(file.id);
      } else if (file.state === "examining") {
        const wait = backoffMs(this.#asked.get(file.id) ?? 0, ASK);
        this.#timers.set(file.id, wait, () => void this.#askAgain(file.id));
      }
    }
  }

  /** The connection is back: all that waited for a later time is tried now. */
  resume(): void {
    this.#failures.clear();
    const now = Date.now();
    for (const job of this.#jobs.values()) if (now - job.movedAt > STALE_MS) job.ending.abort();
    for (const { id, state, isRemoved } of this.#options.desk.list()) {
      this.#timers.cancel(id);
      if (state === "examining" && !isRemoved) void this.#askAgain(id);
    }
    this.pump();
  }

  /** See `Announcer`. */
  async announce(roomId: string, facts: Facts): Promise<Announced | null> {
    if (!this.#options.mayWork()) return null;
    return this.#tell(roomId, facts).catch(() => null);
  }

  /** A file is there that was announced before. */
  take(id: string, announced: Promise<Announced | null>): void {
    if (this.#options.mayWork()) this.#early.set(id, announced);
    else this.giveBack(announced);
  }

  /** What was announced is not to come. */
  giveBack(announced: Promise<Announced | null>): void {
    const end = async (): Promise<void> => {
      const known = await announced;
      if (known) await this.#options.transport.end(known.uploadUrl);
    };
    end().catch(() => undefined); // it expires
  }

  /** Another tab does it from now on. */
  stop(): void {
    for (const announced of this.#early.values()) this.giveBack(announced);
    this.#early.clear();
    for (const { ending } of this.#jobs.values()) ending.abort();
    for (const { id } of this.#options.desk.list()) this.#timers.cancel(id);
  }

  /** What was begun with a file is not wanted any more, or to be begun anew. */
  drop(id: string): void {
    this.#timers.cancel(id);
    for (const counts of [this.#failures, this.#faults, this.#asked]) counts.delete(id);
    this.#jobs.get(id)?.ending.abort();
  }

  close(): void {
    this.stop();
    this.#timers.close();
  }

  /** `file_updated`, or an answer that says the same. */
  hear(payload: unknown): void {
    if (!isRecord(payload) || typeof payload.fileId !== "string") return;
    const { fileId, state, reason } = payload;
    const file = this.#options.desk.list().find(({ serverId }) => serverId === fileId);
    if (!file || file.isRemoved) return;
    const isOnItsWay = file.state === "waiting" || file.state === "uploading";
    if (state === "ready") this.#settle(file, { state, sentBytes: file.size });
    else if (state === "refused") this.#settle(file, { state, error: refusalFor(reason) });
    else if (state === "processing" && isOnItsWay) this.#options.desk.change(file.id, { state: "examining" });
    else if (state === "uploading" && !isOnItsWay) this.#options.desk.change(file.id, { state: "waiting" });
  }

  /** Asks the server about a file. Throws ChatError; what has become of it is in the desk. */
  async ask(id: string): Promise<void> {
    const serverId = this.#options.desk.find(id)?.serverId ?? null;
    if (serverId === null) return;
    try {
      this.hear((await this.#options.request(`/api/chat/files/${encodeURIComponent(serverId)}/state`)).data);
    } catch (cause) {
      const error = toChatError(cause);
      if (!isForgotten(error)) throw error;
      if (this.#options.desk.find(id)?.serverId === serverId) this.#renew(id, error);
    }
  }

  async #askAgain(id: string): Promise<void> {
    this.#asked.set(id, (this.#asked.get(id) ?? 0) + 1);
    await this.ask(id).catch(() => undefined);
    this.pump();
  }

  async #work(id: string): Promise<void> {
    const job: Job = { ending: new AbortController(), movedAt: Date.now() };
    this.#jobs.set(id, job);
    try {
      await this.#carry(id, job);
      this.#failures.delete(id);
    } catch (cause) {
      if (!job.ending.signal.aborted) this.#fail(id, toChatError(cause));
    } finally {
      this.#jobs.delete(id);
      this.pump();
    }
  }

  async #carry(id: string, job: Job): Promise<void> {
    const { desk, transport } = this.#options;
    const { signal } = job.ending;
    const file = desk.find(id);
    if (!file) return;
    if (file.isRemoved) return this.#bury(file);
    const blob = await desk.read(id);
    if (!blob && !signal.aborted) throw lostError();
    const uploadUrl = file.uploadUrl ?? (await this.#announce(file, signal));
    if (signal.aborted || !blob) return;
    desk.change(id, { state: "uploading" });
    const onProgress = this.#progressOf(id, job);
    await transport.upload(blob, uploadUrl, { signal, onProgress, isFresh: file.uploadUrl === null });
    if (desk.find(id)?.state === "uploading") desk.change(id, { state: "examining", sentBytes: blob.size });
  }

  async #announce(file: KeptFile, signal: AbortSignal): Promise<string> {
    const { desk, transport } = this.#options;
    const { id } = file;
    const { fileId, uploadUrl } = (await this.#takeEarly(id)) ?? (await this.#tell(file.roomId, file));
    // Given up while it was announced: what the server was told is taken back.
    if (desk.find(id)?.isRemoved) desk.change(id, { serverId: fileId, uploadUrl });
    else if (signal.aborted) await transport.end(uploadUrl).catch(() => undefined);
    else desk.change(id, { serverId: fileId, uploadUrl });
    return uploadUrl;
  }

  async #tell(roomId: string, { name, size, contentType, isVoice }: Facts): Promise<Announced> {
    const body = { name, size, ...(contentType && { contentType }), ...(isVoice && { voice: true }) };
    const path = `/api/chat/rooms/${encodeURIComponent(roomId)}/files`;
    return (await this.#options.request<Announced>(path, { method: "POST", body })).data;
  }

  async #takeEarly(id: string): Promise<Announced | null> {
    const announced = this.#early.get(id);
    this.#early.delete(id);
    return (await announced) ?? null;
  }

  /** Has the server forget what nobody wants. */
  async #bury({ id, uploadUrl: knownUrl }: KeptFile): Promise<void> {
    const early = await this.#takeEarly(id);
    // Written down, since the server may have to be told more than once.
    if (early) this.#options.desk.change(id, { serverId: early.fileId, uploadUrl: early.uploadUrl });
    const uploadUrl = early?.uploadUrl ?? knownUrl;
    if (uploadUrl !== null)
      await this.#options.transport.end(uploadUrl).catch((cause: unknown) => {
        const error = toChatError(cause);
        if (judge(error, this.#faults.get(id) ?? 0).again) throw error;
      });
    this.#options.desk.purge(id);
    this.drop(id);
  }

  #progressOf(id: string, job: Job): (bytes: number) => void {
    let shownAt = 0;
    return (bytes) => {
      job.movedAt = Date.now();
      if (job.movedAt - shownAt < PROGRESS_MS || job.ending.signal.aborted) return;
      shownAt = job.movedAt;
      this.#options.desk.progress(id, bytes);
    };
  }

  #fail(id: string, error: ChatError): void {
    const file = this.#options.desk.find(id);
    if (!file) return;
    if (isForgotten(error) && file.uploadUrl !== null) {
      this.#renew(id, error);
      return;
    }
    const faults = (this.#faults.get(id) ?? 0) + (error.code === "internal" ? 1 : 0);
    this.#faults.set(id, faults);
    const failures = this.#failures.get(id) ?? 0;
    this.#failures.set(id, failures + 1);
    const verdict = PASSING.has(error.code) ? ({ again: true, waitMs: null } as const) : judge(error, faults);
    const waitMs = verdict.again ? (verdict.waitMs ?? backoffMs(failures, RETRY)) : Infinity;
    if (waitMs <= LONGEST_WAIT_MS || file.isRemoved)
      this.#timers.set(id, Math.min(waitMs, LONGEST_WAIT_MS), () => this.pump());
    else this.#settle(file, { state: "refused", error: keptErrorOf(error) });
    if (error.code === "too_large" && isRecord(error.details) && typeof error.details.maxBytes === "number")
      this.#options.onMaxBytes(error.details.maxBytes);
  }

  /** The server does not know it any more: it is announced anew, once. */
  #renew(id: string, error: ChatError): void {
    const file = this.#options.desk.find(id);
    if (!file) return;
    const { renewals } = file;
    if (renewals < MAX_RENEWALS) this.#options.desk.change(id, { ...UNANNOUNCED, renewals: renewals + 1 });
    else this.#settle(file, { state: "refused", error: keptErrorOf(error) });
  }

  #settle({ id }: KeptFile, change: Partial<KeptFile>): void {
    this.drop(id);
    this.#options.desk.change(id, change);
  }
}

/** Whether there is something to be told to the server about a file, or sent to it. */
export function isToCarry({ state, isRemoved }: KeptFile): boolean {
  return isRemoved || state === "waiting" || state === "uploading";
}

function isForgotten({ code }: ChatError): boolean {
  return code === "not_found" || code === "gone";
}

function refusalFor(reason: unknown): KeptError {
  return { code: "file_refused", message: "The file cannot be sent.", details: { reason } };
}
