/** Files as far as the tray sees them: nothing travels. */
import { ChatError } from "../../lib/api/chatError";
import { WritableStore } from "../../lib/store";
import type { Announcer, Files, LocalFile, PickedFile } from "../../realtime/types";

export class FakeFiles implements Files {
  readonly local = new WritableStore<ReadonlyMap<string, LocalFile>>(new Map());
  /** In the order in which they came. */
  readonly picked: PickedFile[] = [];
  maxBytes = 1_000_000;
  announcer: Announcer | null = null;
  #added = 0;

  readonly add = (roomId: string, picked: readonly PickedFile[]): Promise<readonly string[]> => {
    const large = picked.find(({ blob }) => blob.size > this.maxBytes);
    if (large !== undefined) return Promise.reject(new ChatError("too_large", "", null, { maxBytes: this.maxBytes }));
    return Promise.resolve(picked.map((one) => this.#keep(roomId, one)));
  };

  readonly remove = (id: string): boolean => {
    this.local.update((all) => new Map([...all].filter(([key]) => key !== id)));
    return true;
  };
  readonly load = (): Promise<Announcer | null> => Promise.resolve(this.announcer);
  readonly retry = (): void => undefined;
  readonly setAlt = (id: string, alt: string): void => this.change(id, { alt });
  readonly read = (): Promise<Blob | undefined> => Promise.resolve(undefined);
  readonly readSent = (): Blob | undefined => undefined;

  change(id: string, change: Partial<LocalFile>): void {
    this.local.update((all) => {
      const file = all.get(id);
      return file === undefined ? all : new Map(all).set(id, { ...file, ...change });
    });
  }

  get names(): readonly string[] {
    return [...this.local.getSnapshot().values()].map(({ name }) => name);
  }

  #keep(roomId: string, picked: PickedFile): string {
    this.#added += 1;
    this.picked.push(picked);
    const file = makeLocalFile({ id: `file-${this.#added}`, roomId, name: picked.name, size: picked.blob.size });
    this.local.update((all) => new Map(all).set(file.id, file));
    return file.id;
  }
}

export function makeLocalFile(change: Partial<LocalFile> = {}): LocalFile {
  return {
    id: "file",
    roomId: "room",
    clientMessageId: null,
    name: "photo.jpg",
    size: 2_000,
    contentType: "image/jpeg",
    kind: "image",
    width: null,
    height: null,
    durationMs: null,
    waveform: null,
    alt: "",
    state: "uploading",
    sentBytes: 0,
    error: null,
    ...change,
  };
}
