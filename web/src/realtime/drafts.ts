/**
 * What was begun in each room: answered from memory, written down a moment after the last key, and the same in all tabs
 * of the person: what is sent, changed or given up in one is so in the others.
 */
import type { Device } from "./device";
import type { Tabs } from "./tabs";
import { Timers } from "./timers";
import type { Drafts } from "./types";

// Not with every key. The last words of a page that goes away are written, or noted, when it is hidden.
const WRITE_DELAY_MS = 50;

export class DraftBook implements Drafts {
  readonly #texts = new Map<string, string>();
  /** What is on disk, as far as this tab knows. */
  readonly #kept = new Map<string, string>();
  readonly #unwritten = new Set<string>();
  readonly #timers = new Timers();
  readonly #listeners = new Set<() => void>();
  #device: Device | null = null;
  #tabs: Tabs | null = null;

  /** Takes up what this device kept; what was typed meanwhile is newer. */
  async attach(device: Device, tabs: Tabs): Promise<void> {
    this.#device = device;
    this.#tabs = tabs;
    tabs.on((message) => {
      if (message.kind === "draft") this.#hear(message.roomId, message.text);
    });
    await this.refresh();
    this.flush();
  }

  readonly get = (roomId: string): string => this.#texts.get(roomId) ?? "";

  readonly set = (roomId: string, text: string): void => {
    if (text === this.get(roomId)) return;
    this.#texts.set(roomId, text);
    this.#unwritten.add(roomId);
    this.#tell();
    // What was sent must not be sent again from another tab, however soon somebody goes there.
    if (text === "") this.flush();
    else this.#timers.set("write", WRITE_DELAY_MS, () => this.flush());
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The page is looked at again: while it slept, it heard nothing of the other tabs. */
  async refresh(): Promise<void> {
    const onDisk = new Map((await this.#device?.readDrafts())?.map(({ roomId, text }) => [roomId, text]));
    for (const roomId of new Set([...onDisk.keys(), ...this.#kept.keys()])) {
      const text = onDisk.get(roomId) ?? "";
      // Only what another tab has written: what this one could not write down is still the newest.
      if (text !== (this.#kept.get(roomId) ?? "")) this.#hear(roomId, text);
    }
  }

  /** Writes down at once: the page may be about to end. */
  flush(): void {
    if (!this.#device) return;
    for (const roomId of this.#unwritten) {
      const text = this.get(roomId);
      void this.#keep(this.#device, roomId, text);
      this.#tabs?.tell({ kind: "draft", roomId, text });
    }
    this.#unwritten.clear();
  }

  close(): void {
    this.flush();
    this.#timers.close();
  }

  /** Another tab has written it. What was typed here since is newer, and will be told. */
  #hear(roomId: string, text: string): void {
    this.#kept.set(roomId, text);
    if (this.#unwritten.has(roomId) || text === this.get(roomId)) return;
    this.#texts.set(roomId, text);
    this.#tell();
  }

  async #keep(device: Device, roomId: string, text: string): Promise<void> {
    if (await device.keepDraft({ roomId, text })) this.#kept.set(roomId, text);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
