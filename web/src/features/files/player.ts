/** Plays what was spoken, one at a time in the whole page, and goes on with what comes next. */
import { WritableStore } from "../../lib/store";
import type { Playable } from "./sources";

/** Something to listen to. */
export interface Track {
  /** Of its file. */
  readonly id: string;
  /** Null where that is not known before it is loaded. */
  readonly durationMs: number | null;
  /** Null when there is nothing any more. Throws when it cannot be had now. */
  load(): Promise<Playable | null>;
}

export interface Playing {
  readonly id: string | null;
  readonly phase: "loading" | "playing" | "paused" | "failed";
  /** In seconds. */
  readonly position: number;
  readonly duration: number;
}

export const RATES = [1, 1.5, 2] as const;
const RATE_KEY = "hyred-chat.voice-rate";
const SILENCE: Playing = { id: null, phase: "paused", position: 0, duration: 0 };

export class Player {
  readonly state = new WritableStore<Playing>(SILENCE);
  readonly rate = new WritableStore<number>(readRate());
  /** What comes after a track, where somebody listens to a conversation. */
  next: (id: string) => Track | null = () => null;
  readonly #audio: HTMLAudioElement;
  #track: Track | null = null;
  #playable: Playable | null = null;
  /** Grows with each track, so that one that came late is not taken for the one that is wanted. */
  #turn = 0;
  /** The track whose address was replaced last. */
  #recovered: string | null = null;

  constructor(audio = new Audio()) {
    this.#audio = audio;
    audio.preload = "auto";
    audio.addEventListener("timeupdate", () => this.#tell());
    audio.addEventListener("play", () => this.#tell("playing"));
    audio.addEventListener("pause", () => this.#tell("paused"));
    audio.addEventListener("ended", () => this.#end());
    audio.addEventListener("error", () => void this.#recover());
    // Media of the page begin: this one is silent.
    document.addEventListener("play", () => audio.pause(), { capture: true });
  }

  /** Plays a track, or stops playing it. Throws when it cannot be had now; else the state says what came of it. */
  async toggle(track: Track): Promise<void> {
    if (this.#track?.id === track.id && this.state.getSnapshot().phase === "playing") this.#audio.pause();
    else if (await this.#load(track)) await this.#play();
  }

  /** Goes to a place, in seconds; what was silent stays so. Throws as `toggle` does. */
  async seek(track: Track, position: number): Promise<void> {
    if (!(await this.#load(track))) return;
    this.#audio.currentTime = Math.max(0, Math.min(position, this.#duration()));
    this.#tell();
  }

  /** Of this and all that is played later, on this device. */
  setRate(rate: number): void {
    this.rate.set(rate);
    this.#audio.playbackRate = rate;
    try {
      localStorage.setItem(RATE_KEY, String(rate));
    } catch {
      // It holds as long as the page, then.
    }
  }

  /** Nobody listens any more. */
  stop(): void {
    this.#turn++;
    this.#audio.pause();
    this.#drop();
    this.state.set(SILENCE);
  }

  /** Returns whether the track is there. */
  async #load(track: Track): Promise<boolean> {
    const isThere = this.#track?.id === track.id && this.#playable !== null;
    if (isThere && this.state.getSnapshot().phase !== "failed") return true;
    const turn = ++this.#turn;
    this.#audio.pause();
    this.#drop();
    this.#track = track;
    this.state.set({ id: track.id, phase: "loading", position: 0, duration: (track.durationMs ?? 0) / 1000 });
    const playable = await track.load().catch((cause: unknown) => {
      if (turn === this.#turn) this.stop();
      throw cause;
    });
    if (turn !== this.#turn) {
      playable?.release();
      return false;
    }
    if (playable === null) {
      this.#fail();
      return false;
    }
    this.#playable = playable;
    this.#audio.src = playable.url;
    this.#audio.playbackRate = this.rate.getSnapshot();
    this.#tell("paused");
    return true;
  }

  async #play(): Promise<void> {
    for (const media of document.querySelectorAll<HTMLMediaElement>("video, audio")) media.pause();
    await this.#audio.play().catch((cause: unknown) => {
      if (!(cause instanceof DOMException) || cause.name !== "AbortError") this.#fail();
    });
  }

  #end(): void {
    const next = this.#track && this.next(this.#track.id);
    if (next) void this.toggle(next).catch(() => undefined);
    else this.#audio.currentTime = 0;
    if (!next) this.#tell("paused");
  }

  /** An address of the server has ended while it was played: it goes on with another one, once. */
  async #recover(): Promise<void> {
    const { position, phase } = this.state.getSnapshot();
    const track = this.#track;
    if (track === null || this.#playable === null) return;
    if (this.#playable.isLasting || this.#recovered === track.id) {
      this.#fail();
      return;
    }
    this.#recovered = track.id;
    this.#drop();
    if (!(await this.#load(track).catch(() => false))) return;
    this.#audio.currentTime = position;
    if (phase === "playing") await this.#play();
  }

  #fail(): void {
    if (this.#track === null) return;
    const { id, durationMs } = this.#track;
    this.#drop();
    this.state.set({ id, phase: "failed", position: 0, duration: (durationMs ?? 0) / 1000 });
  }

  #drop(): void {
    this.#playable?.release();
    this.#playable = null;
    this.#track = null;
    this.#audio.removeAttribute("src");
  }

  #tell(phase?: Playing["phase"]): void {
    if (this.#track === null || this.#playable === null) return;
    const now = this.state.getSnapshot();
    const { id } = this.#track;
    this.state.set({ id, phase: phase ?? now.phase, position: this.#audio.currentTime, duration: this.#duration() });
  }

  #duration(): number {
    const { duration } = this.#audio;
    return Number.isFinite(duration) && duration > 0 ? duration : (this.#track?.durationMs ?? 0) / 1000;
  }
}

function readRate(): number {
  try {
    const rate = Number(localStorage.getItem(RATE_KEY));
    return RATES.find((known) => known === rate) ?? 1;
  } catch {
    return 1;
  }
}

let player: Player | null = null;

/** The one of the page. */
export function thePlayer(): Player {
  player ??= new Player();
  return player;
}
