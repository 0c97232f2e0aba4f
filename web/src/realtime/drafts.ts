/** What was begun in each room: answered from memory, written down a moment after the last key. */
import type { Device } from "./device";
import { Timers } from "./timers";
import type { Drafts } from "./types";

// Not with every key. The last words of a page that goes away are written, or noted, when it is hidden.
const WRITE_DELAY_MS = 50;

export class DraftBook implements Drafts {
  readonly #texts = new Map<string, string>();
  readonly #unwritten = new Set<string>();
  readonly #timers = new Timers();
  readonly #listeners = new Set<() => void>();
  #device: Device | null = null;

  /** Takes up what this device kept; what was typed meanwhile is newer. */
  async attach(device: Device): Promise<void> {
    for (const { roomId, text } of await device.readDrafts()) {
      if (!this.#texts.has(roomId)) this.#texts.set(roomId, text);
    }
    this.#device = device;
    this.flush();
    this.#tell();
  }

  readonly get = (roomId: string): string => this.#texts.get(roomId) ?? "";

  readonly set = (roomId: string, text: string): void => {
    if (text === this.get(roomId)) return;
    this.#texts.set(roomId, text);
    this.#unwritten.add(roomId);
    this.#tell();
    this.#timers.set("write", WRITE_DELAY_MS, () => this.flush());
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Writes down at once: the page may be about to end. */
  flush(): void {
    if (!this.#device) return;
    for (const roomId of this.#unwritten) void this.#device.keepDraft({ roomId, text: this.get(roomId) });
    this.#unwritten.clear();
  }

  close(): void {
    this.flush();
    this.#timers.close();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
