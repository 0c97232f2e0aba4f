/**
 * What was begun in each room: answered from memory, written down a moment after the last key, and the same in all tabs
 * of the person: what is sent, changed or given up in one is so in the others. `DraftSync` tells other devices.
 */
import type { Device, KeptConversation, KeptDraft, SavedDraft } from "./device";
import type { Tabs } from "./tabs";
import { Timers } from "./timers";
import type { Drafts, WritingMode } from "./types";

// Not with every key. The last words of a page that goes away are written, or noted, when it is hidden.
const WRITE_DELAY_MS = 50;

/** What tells other devices. */
export interface DraftFollower {
  /** Something was written here. */
  wrote(roomId: string): void;
  /** The composer was left. */
  left(roomId: string): void;
}

export class DraftBook implements Drafts {
  readonly #drafts = new Map<string, KeptDraft>();
  /** What is on disk, as far as this tab knows. */
  readonly #kept = new Map<string, KeptDraft>();
  readonly #unwritten = new Set<string>();
  readonly #timers = new Timers();
  readonly #listeners = new Set<() => void>();
  follower: DraftFollower | null = null;
  #device: Device | null = null;
  #tabs: Tabs | null = null;

  /** Takes up what this device kept; what was typed meanwhile is newer. */
  async attach(device: Device, tabs: Tabs): Promise<void> {
    this.#device = device;
    this.#tabs = tabs;
    tabs.on((message) => {
      if (message.kind === "draftKept") this.#hear(message.draft);
    });
    await this.refresh();
    this.flush();
  }

  readonly get = (roomId: string): string => this.#drafts.get(roomId)?.text ?? "";

  readonly modeOf = (roomId: string): WritingMode | null => this.#drafts.get(roomId)?.mode ?? null;

  readonly set = (roomId: string, text: string): void => this.#write(roomId, { text });

  readonly setMode = (roomId: string, mode: WritingMode | null): void => this.#write(roomId, { mode });

  readonly leave = (roomId: string): void => this.follower?.left(roomId);

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  find(roomId: string): KeptDraft | undefined {
    return this.#drafts.get(roomId);
  }

  list(): readonly KeptDraft[] {
    return [...this.#drafts.values()];
  }

  /** As it was written on another device, or ended by a message. */
  adopt(roomId: string, now: Partial<Pick<KeptDraft, "text" | "mode">>, saved: SavedDraft): void {
    this.#learn({ ...this.#draftOf(roomId), ...now, saved });
  }

  /** The server has this by now. What was written here stays as it is; `writtenAt`: as if it had been then. */
  learn(roomId: string, saved: SavedDraft, writtenAt = this.#draftOf(roomId).writtenAt): void {
    this.#learn({ ...this.#draftOf(roomId), saved, writtenAt });
  }

  /** What was deleted is neither answered nor edited any more, and nothing of it is kept. */
  forgetDeleted({ roomId, messages }: Pick<KeptConversation, "roomId" | "messages">): void {
    const mode = this.modeOf(roomId);
    const id = mode?.kind === "edit" ? mode.messageId : answeredBy(mode);
    if (id !== null && messages.some((message) => message.id === id && message.deletedAt !== null))
      this.setMode(roomId, null);
  }

  /** The page is looked at again: while it slept, it heard nothing of the other tabs. */
  async refresh(): Promise<void> {
    const onDisk = new Map((await this.#device?.readDrafts())?.map((draft) => [draft.roomId, draft]));
    for (const roomId of new Set([...onDisk.keys(), ...this.#kept.keys()])) {
      const draft = onDisk.get(roomId) ?? nothingIn(roomId);
      // Only what another tab has written: what this one could not write down is still the newest.
      if (!isSame(draft, this.#kept.get(roomId) ?? nothingIn(roomId))) this.#hear(draft);
    }
  }

  /** Writes down at once: the page may be about to end. */
  flush(): void {
    if (!this.#device) return;
    for (const roomId of this.#unwritten) {
      const draft = this.#draftOf(roomId);
      void this.#keep(this.#device, draft);
      this.#tabs?.tell({ kind: "draftKept", draft });
    }
    this.#unwritten.clear();
  }

  close(): void {
    this.flush();
    this.#timers.close();
  }

  #draftOf(roomId: string): KeptDraft {
    return this.#drafts.get(roomId) ?? nothingIn(roomId);
  }

  #write(roomId: string, change: Partial<KeptDraft>): void {
    const before = this.#draftOf(roomId);
    const draft = { ...before, ...change };
    if (isSame(draft, before)) return;
    this.#drafts.set(roomId, { ...draft, writtenAt: Date.now() });
    this.#unwritten.add(roomId);
    this.#tell();
    // What was sent must not be sent again from another tab, however soon somebody goes there.
    if (draft.text === "") this.flush();
    else this.#timers.set("write", WRITE_DELAY_MS, () => this.flush());
    this.follower?.wrote(roomId);
  }

  /** What the server has said: every tab hears it by itself, and what another one has typed is newer. */
  #learn(draft: KeptDraft): void {
    const { roomId } = draft;
    this.#drafts.set(roomId, draft);
    this.#tell();
    if (this.#device && !this.#unwritten.has(roomId)) void this.#keep(this.#device, draft);
  }

  /** Another tab has written it. What was typed here since is newer, and will be told. */
  #hear(draft: KeptDraft): void {
    const { roomId } = draft;
    this.#kept.set(roomId, withoutQuoted(draft));
    const before = this.#draftOf(roomId);
    if (this.#unwritten.has(roomId) || isSame(draft, before)) return;
    this.#drafts.set(roomId, { ...draft, saved: newest(draft.saved, before.saved) });
    this.#tell();
  }

  async #keep(device: Device, draft: KeptDraft): Promise<void> {
    const isOver = isNothing(draft) && !isUnsaved(draft);
    const kept = isOver ? nothingIn(draft.roomId) : withoutQuoted(draft);
    const isKept = isOver ? await device.forgetDraft(draft.roomId) : await device.keepDraft(kept);
    if (isKept) this.#kept.set(draft.roomId, kept);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Whether the server has something else than what stands here. */
export function isUnsaved({ text, mode, saved }: KeptDraft): boolean {
  return text !== (saved?.content ?? "") || answeredBy(mode) !== (saved?.replyTo ?? null);
}

/** The id of the message that is answered. */
export function answeredBy(mode: WritingMode | null): string | null {
  return mode?.kind === "reply" ? mode.quote.id : null;
}

/** What others have said is written down with their messages alone, from which it goes when they are deleted. */
function withoutQuoted(draft: KeptDraft): KeptDraft {
  const { mode } = draft;
  return mode?.kind === "reply" ? { ...draft, mode: { ...mode, quote: { ...mode.quote, content: "" } } } : draft;
}

function nothingIn(roomId: string): KeptDraft {
  return { roomId, text: "", mode: null, writtenAt: 0, saved: null };
}

function isNothing({ text, mode }: KeptDraft): boolean {
  return text === "" && mode === null;
}

function newest(a: SavedDraft | null, b: SavedDraft | null): SavedDraft | null {
  return a === null || (b !== null && b.updatedAt > a.updatedAt) ? b : a;
}

function isSame(a: KeptDraft, b: KeptDraft): boolean {
  return a.text === b.text && isSameValue(a.mode, b.mode) && isSameValue(a.saved, b.saved);
}

function isSameValue(a: object | null, b: object | null): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
