/** Leads through the history of one conversation: to a message, page by page from there, and back to the present. */
import { toChatError } from "../lib/api/chatError";
import type { ChatApi } from "./chatApi";
import * as facts from "./conversationFacts";
import { lastShownSeq } from "./timeline";
import type { Message, Target } from "./types";

/** A view at the end asks with every frame. */
const RETRY_MS = 2_000;

export interface PastOptions {
  readonly roomId: string;
  readonly api: ChatApi;
  get(): facts.Facts;
  set(now: facts.Facts): void;
  /** Resolves when what the device keeps has been shown. */
  whenRestored(): Promise<void> | null;
}

export class ConversationPast {
  readonly #options: PastOptions;
  /** Grows with each message that somebody wants to be led to: only the last of them counts. */
  #seek = 0;
  #newerFailedAt = -Infinity;

  constructor(options: PastOptions) {
    this.#options = options;
  }

  /** As `Conversation.goTo`. */
  async goTo(seq: number, { cameFrom = null, takesFocus = true }: Partial<Omit<Target, "seq">> = {}): Promise<void> {
    await this.#lead(async (isWanted) => {
      await this.#options.whenRestored();
      const { api, roomId, get, set } = this.#options;
      let reached = seq;
      if (facts.whereIs(get(), seq) === null) {
        const page = await api.listMessagesAround(roomId, seq);
        if (!isWanted()) return;
        reached = nearestTo(seq, page);
        set(facts.goBack(get(), page));
      } else if (facts.whereIs(get(), seq) === "present") set(facts.returnToPresent(get()));
      if (isWanted()) set({ ...get(), target: { seq: reached, cameFrom, takesFocus } });
    });
  }

  /** As `Conversation.goToMoment`. */
  async goToMoment(moment: string): Promise<void> {
    await this.#lead(async (isWanted) => {
      const before = await this.#options.api.findMessageBefore(this.#options.roomId, moment);
      if (isWanted()) await this.goTo((before?.seq ?? 0) + 1);
    });
  }

  goToLatest(): void {
    this.#seek++;
    const { get, set } = this.#options;
    set({ ...facts.returnToPresent(get()), isSeeking: false, seekFailure: null, target: null });
  }

  async loadNewer(): Promise<void> {
    const { api, roomId, get, set } = this.#options;
    const { timeline, isLoadingNewer } = get();
    if (timeline.past === null || isLoadingNewer) return;
    if (performance.now() - this.#newerFailedAt < RETRY_MS) return;
    set({ ...get(), isLoadingNewer: true });
    let newer: readonly Message[] = [];
    try {
      newer = await api.listMessagesAfter(roomId, lastShownSeq(timeline));
    } catch {
      this.#newerFailedAt = performance.now();
    }
    set({ ...facts.learnNewer(get(), newer), isLoadingNewer: false });
  }

  forgetFailure(): void {
    this.#options.set({ ...this.#options.get(), seekFailure: null });
  }

  /** Nobody waits to be led anywhere any more. */
  close(): void {
    this.#seek++;
  }

  /** Says that somebody is being led, and what became of it. */
  async #lead(find: (isWanted: () => boolean) => Promise<void>): Promise<void> {
    const seek = ++this.#seek;
    const isWanted = (): boolean => seek === this.#seek;
    const { get, set } = this.#options;
    set({ ...get(), isSeeking: true, seekFailure: null });
    try {
      await find(isWanted);
      if (isWanted()) set({ ...get(), isSeeking: false });
    } catch (cause) {
      if (isWanted()) set({ ...get(), isSeeking: false, seekFailure: toChatError(cause) });
    }
  }
}

function nearestTo(seq: number, page: readonly Message[]): number {
  const [first, last] = [page[0]?.seq ?? seq, page.at(-1)?.seq ?? seq];
  return Math.min(Math.max(seq, first), last);
}
