/** Files on their way: from being chosen or recorded until they are part of a message that the server has. */
import type { ChatError } from "../lib/api/chatError";
import type { Store } from "../lib/store";
import type { AttachmentKind, FileFacts } from "./wire";

/** A file that somebody chose or recorded, before it is kept. */
export interface PickedFile {
  readonly blob: Blob;
  readonly name: string;
  /** Spoken here and now, with what is known of it before the server has listened. */
  readonly voice?: { readonly durationMs: number; readonly waveform: readonly number[] };
  /** In pixels, where that is known. */
  readonly width?: number;
  readonly height?: number;
  /** By `Announcer`, with the same name and at least its size. It is for whoever keeps the file. */
  readonly announced?: Promise<Announced | null>;
}

/** As the server knows a file. */
export interface Announced {
  readonly fileId: string;
  readonly uploadUrl: string;
}

export interface Announcer {
  /**
   * Tells the server of a file that is still being made, and will have `size` bytes at most. Null where that cannot be told
   * now: it is told later then. Never rejects.
   */
  announce(roomId: string, file: Pick<File, "name" | "size" | "type">): Promise<Announced | null>;
}

/**
 * - `waiting`: for the network, or for those before it.
 * - `uploading`: `sentBytes` of it have arrived.
 * - `examining`: the server has all of it, and looks at it.
 * - `ready`: it can be sent.
 * - `refused`: `error` says why; `retry` begins anew where that can help.
 */
export type LocalFileState = "waiting" | "uploading" | "examining" | "ready" | "refused";

/** A file on its way, from being chosen until it is part of a message that the server has. */
export interface LocalFile extends FileFacts {
  /** Of this device. */
  readonly id: string;
  readonly roomId: string;
  /** The queued message that it goes with; null: it is still in the tray above the composer. */
  readonly clientMessageId: string | null;
  /** As far as this device can tell; the server decides. */
  readonly kind: AttachmentKind;
  /** What can be seen, in words; empty: nobody has said. */
  readonly alt: string;
  readonly state: LocalFileState;
  readonly sentBytes: number;
  readonly error: ChatError | null;
}

/** Files that are on their way, in all rooms. They upload as soon as they are added, and go on after a reload. */
export interface Files {
  /** By id, in the order in which they were added; the same in all tabs. */
  readonly local: Store<ReadonlyMap<string, LocalFile>>;
  /**
   * Keeps files for a room, and begins to upload them. Returns their ids. Throws ChatError: `too_large` (`details.maxBytes`),
   * `limit_reached` for more than a message takes (ten in the tray: `details.limit`) or than this device keeps
   * (`details.maxBytes` in all), `file_refused` for an empty one (`details.reason` is `empty`), `device_full`, or `offline`
   * where what keeps files could not be loaded.
   */
  add(roomId: string, picked: readonly PickedFile[]): Promise<readonly string[]>;
  /** Has what keeps files ready; null where it cannot be had now. Never rejects. */
  load(): Promise<Announcer | null>;
  /**
   * Ends the upload and forgets the file, here and on the server. A message that waits with it goes on without it, or is
   * discarded when it says nothing then. Returns whether it is gone: it stays where the server may have its message already.
   */
  remove(id: string): boolean;
  /** Begins anew with one that was refused. */
  retry(id: string): void;
  setAlt(id: string, alt: string): void;
  /** Its bytes; undefined when this device has them no more. */
  read(id: string): Promise<Blob | undefined>;
  /**
   * The file that became an attachment, while this page still has it: so that a picture need not be loaded to be seen by
   * the one who sent it.
   */
  readSent(attachmentId: string): Blob | undefined;
}
