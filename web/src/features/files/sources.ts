/**
 * The bytes of files as addresses of this page: from what was sent here, from what the device keeps, else from the server.
 * What several views show is loaded once. What nobody shows any more stays for a while, so that scrolling back is quiet.
 */
import { WritableStore } from "../../lib/store";
import { nameOfDevice } from "../../realtime/device";
import { keptFilesOf, type FilePlace, type FileVariant, type KeptFiles } from "../../realtime/keptFiles";
import type { Attachment, ChatClient } from "../../realtime/types";
import { addressOf, Addresses, endOf } from "./addresses";

/** `away`: it cannot be had now. `gone`: there is no such file any more. */
export interface Loaded {
  readonly phase: "loading" | "ready" | "away" | "gone";
  readonly url: string | null;
}

export interface Source {
  readonly state: WritableStore<Loaded>;
  /** To be shown from now on; the answer ends that. */
  hold(): () => void;
  /** What came cannot be shown: it is loaded from the server, where it was not. */
  distrust(): void;
}

interface Entry {
  readonly key: string;
  readonly place: FilePlace;
  readonly variant: FileVariant;
  readonly state: WritableStore<Loaded>;
  attachment: Attachment;
  users: number;
  loading: AbortController | null;
  /** Only the server is asked. */
  isServersOnly: boolean;
}

/** What can be played now. */
export interface Playable {
  readonly url: string;
  /** It holds until it is released; an address on the server ends by itself. */
  readonly isLasting: boolean;
  release(): void;
}

const nothing = (): void => undefined;

export function playableOf(blob: Blob): Playable {
  const url = URL.createObjectURL(blob);
  return { url, isLasting: true, release: () => URL.revokeObjectURL(url) };
}

/** Up to this size files come as a whole, and are kept for a time without a network. */
export const MAX_READ_BYTES = 5_000_000;
/** An address that ends so soon is replaced before it is used. */
const SOON_MS = 60_000;
const LOADING: Loaded = { phase: "loading", url: null };
const MAX_IDLE = 60;

export class FileSources {
  readonly addresses: Addresses;
  readonly #client: ChatClient;
  readonly #base: string;
  readonly #entries = new Map<string, Entry>();

  /** `base`: the server's origin; empty for the page's own. */
  constructor(client: ChatClient, base: string) {
    this.#client = client;
    this.#base = base;
    this.addresses = new Addresses(client.server);
    // As long as the client: both go together.
    client.connection.subscribe(() => this.#followConnection());
  }

  /** The full address of a path on the server. */
  resolve(path: string): string {
    return new URL(path, this.#base === "" ? location.origin : this.#base).href;
  }

  of(place: FilePlace, attachment: Attachment, variant: FileVariant): Source {
    const entry = this.#find(place, attachment, variant);
    return {
      state: entry.state,
      hold: () => this.#hold(entry),
      distrust: () => {
        if (entry.isServersOnly) entry.state.set({ phase: "gone", url: null });
        else {
          entry.isServersOnly = true;
          this.#load(entry);
        }
      },
    };
  }

  /** The bytes themselves, for who has asked for them; null when there are none any more. Throws where they are away. */
  async read(
    place: FilePlace,
    attachment: Attachment,
    variant: FileVariant,
    signal?: AbortSignal,
  ): Promise<Blob | null> {
    const sent = variant === "large" ? undefined : this.#client.files.readSent(attachment.id);
    const kept = sent ?? (await this.#kept()?.read(place, attachment.id, variant));
    return kept ?? this.#download(place, attachment, variant, signal);
  }

  /** A file to be played: what is small as a whole, other files by an address that holds. As `read` says. */
  async play(place: FilePlace | null, attachment: Attachment): Promise<Playable | null> {
    if (place === null) return { url: this.resolve(attachment.url), isLasting: false, release: nothing };
    if (attachment.size <= MAX_READ_BYTES) {
      const blob = await this.read(place, attachment, "content");
      return blob && playableOf(blob);
    }
    const end = endOf(this.addresses.newest(attachment).url);
    if (end !== null && end - Date.now() < SOON_MS && !(await this.addresses.renew(place))) return null;
    return { url: this.resolve(this.addresses.newest(attachment).url), isLasting: false, release: nothing };
  }

  #find(place: FilePlace, attachment: Attachment, variant: FileVariant): Entry {
    const key = `${attachment.id}/${variant}`;
    const known = this.#entries.get(key);
    if (known) {
      known.attachment = attachment;
      return known;
    }
    const sent = variant === "large" ? undefined : this.#client.files.readSent(attachment.id);
    const shown: Loaded = sent ? { phase: "ready", url: URL.createObjectURL(sent) } : LOADING;
    const state = new WritableStore<Loaded>(shown);
    const entry = { key, place, variant, state, attachment, users: 0, loading: null, isServersOnly: false };
    this.#entries.set(key, entry);
    return entry;
  }

  #hold(entry: Entry): () => void {
    entry.users++;
    this.#entries.delete(entry.key); // last among those that were used
    this.#entries.set(entry.key, entry);
    const { phase } = entry.state.getSnapshot();
    if ((phase === "loading" || phase === "away") && entry.loading === null) this.#load(entry);
    return () => {
      entry.users--;
      // A view that is drawn anew lets go, and takes hold again.
      queueMicrotask(() => this.#settle(entry));
    };
  }

  #settle(entry: Entry): void {
    if (entry.users > 0) return;
    entry.loading?.abort();
    entry.loading = null;
    this.#forgetIdle(MAX_IDLE);
  }

  #load(entry: Entry): void {
    entry.loading?.abort();
    const controller = new AbortController();
    entry.loading = controller;
    void this.#bytes(entry, controller.signal)
      .then(
        (blob): Loaded =>
          blob === null ? { phase: "gone", url: null } : { phase: "ready", url: URL.createObjectURL(blob) },
        (): Loaded => ({ phase: "away", url: null }),
      )
      .then((loaded) => {
        if (entry.loading !== controller) {
          if (loaded.url !== null) URL.revokeObjectURL(loaded.url);
          return;
        }
        entry.loading = null;
        const { url } = entry.state.getSnapshot();
        entry.state.set(loaded);
        if (url !== null) URL.revokeObjectURL(url);
      });
  }

  #bytes({ place, attachment, variant, isServersOnly }: Entry, signal: AbortSignal): Promise<Blob | null> {
    return isServersOnly
      ? this.#download(place, attachment, variant, signal)
      : this.read(place, attachment, variant, signal);
  }

  /** By the address that there is, and once more by a new one. Null when neither leads to anything. */
  async #download(
    place: FilePlace,
    attachment: Attachment,
    variant: FileVariant,
    signal?: AbortSignal,
  ): Promise<Blob | null> {
    const first = await this.#fetch(this.addresses.newest(attachment), variant, signal);
    const isRenewed = first === null && (await this.addresses.renew(place));
    const blob = isRenewed ? await this.#fetch(this.addresses.newest(attachment), variant, signal) : first;
    if (blob !== null) void this.#kept()?.keep(place, attachment.id, variant, blob);
    return blob;
  }

  /** Null when the address leads to nothing. Throws when that cannot be known. */
  async #fetch(attachment: Attachment, variant: FileVariant, signal?: AbortSignal): Promise<Blob | null> {
    const path = addressOf(attachment, variant);
    if (path === null) return null;
    const answer = await fetch(this.resolve(path), { credentials: "omit", ...(signal && { signal }) });
    if (answer.ok) return answer.blob();
    if (answer.status === 404) return null;
    throw new Error(`The file was refused: ${answer.status}`);
  }

  #kept(): KeptFiles | null {
    const me = this.#client.me.getSnapshot();
    return me && keptFilesOf(nameOfDevice(this.#base, me.id));
  }

  #followConnection(): void {
    const { phase } = this.#client.connection.getSnapshot();
    if (phase === "signedOut") this.#forgetIdle(0);
    if (phase !== "online") return;
    for (const entry of this.#entries.values()) {
      if (entry.users > 0 && entry.loading === null && entry.state.getSnapshot().phase === "away") this.#load(entry);
    }
  }

  /** Those that nobody shows, but for so many that were shown last. */
  #forgetIdle(most: number): void {
    const idle = [...this.#entries.values()].filter(({ users }) => users === 0);
    for (const { key, state } of idle.slice(0, Math.max(0, idle.length - most))) {
      const { url } = state.getSnapshot();
      if (url !== null) URL.revokeObjectURL(url);
      state.set(LOADING);
      this.#entries.delete(key);
    }
  }
}
