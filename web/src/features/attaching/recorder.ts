/** Records what somebody says. A page records one voice at a time, and lets go of the microphone however that ends. */
import { WritableStore } from "../../lib/store";
import type { PickedFile } from "../../realtime/types";
import { giveBack, mayAskFor, openDevice, whyNot, type DeviceProblem } from "./devices";
import { Meter } from "./meter";
import { recordingRoom } from "./recordingRoom";
import { LevelLog } from "./waveform";

/**
 * - `asking`: the browser asks for the microphone.
 * - `held`: as long as somebody presses the button.
 * - `locked`: until somebody ends it.
 */
export interface Recording {
  readonly phase: "asking" | "held" | "locked";
  readonly elapsedMs: number;
  /** From 0 to 100, the latest last. */
  readonly levels: readonly number[];
}

export interface RecorderOptions {
  readonly roomId: string;
  readonly name: string;
  /** Takes what was recorded when it ends by itself: it is too long, the microphone is gone, or its room is left. */
  keep(picked: PickedFile): void;
  fail(reason: DeviceProblem): void;
}

export const MAX_MS = 15 * 60_000;
/** From here on somebody is told that it will end. */
export const WARN_MS = MAX_MS - 60_000;
/** What is shorter was no speech. */
const MIN_MS = 500;
const TICK_MS = 100;
/** As many levels as are shown. */
const SHOWN_LEVELS = 60;
/** Speech is understood well by then, and a minute has 240 KB. */
const BITS_PER_SECOND = 32_000;
/** The browser hands out what it has so often: that much is lost at most if it fails. */
const SLICE_MS = 1_000;

const TYPES = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/mp4;codecs=mp4a.40.2", "m4a"],
  ["audio/mp4", "m4a"],
  ["audio/ogg;codecs=opus", "ogg"],
] as const;

export const recording = new WritableStore<Recording | null>(null);

/** Whether this browser can record here. */
export function canRecord(): boolean {
  return mayAskFor("microphone") && "MediaRecorder" in globalThis && findType() !== undefined;
}

let current: Session | null = null;

/** Begins, unless something is recorded already. `phase`: what it is once the microphone is there. */
export function start(options: RecorderOptions, phase: "held" | "locked"): void {
  if (current !== null) return;
  const session = new Session(options, phase, () => {
    if (current !== session) return;
    current = null;
    recording.set(null);
    recordingRoom.set(null);
  });
  current = session;
  recordingRoom.set(options.roomId);
  void session.begin();
}

/** From now on it goes on without a finger. */
export function lock(): void {
  current?.lock();
}

/** Ends it. Resolves to what was said, or to null where that was nothing. */
export async function finish(): Promise<PickedFile | null> {
  return (await current?.finish()) ?? null;
}

/** Ends it, and keeps what was said. */
export async function end(): Promise<void> {
  await current?.end();
}

/** Ends it, and forgets what was said. */
export function cancel(): void {
  current?.cancel();
}

class Session {
  readonly #options: RecorderOptions;
  readonly #onEnd: () => void;
  readonly #log = new LevelLog();
  readonly #chunks: Blob[] = [];
  #phase: "held" | "locked";
  #stream: MediaStream | null = null;
  #recorder: MediaRecorder | null = null;
  #meter: Meter | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #startedAt = 0;
  readonly #ending = new AbortController();

  constructor(options: RecorderOptions, phase: "held" | "locked", onEnd: () => void) {
    this.#options = options;
    this.#phase = phase;
    this.#onEnd = onEnd;
    recording.set({ phase: "asking", elapsedMs: 0, levels: [] });
  }

  async begin(): Promise<void> {
    try {
      this.#stream = await openDevice({ audio: true }, this.#ending.signal);
      this.#record(this.#stream);
    } catch (cause) {
      if (!this.#isOver) this.#options.fail(whyNot(cause));
      this.cancel();
    }
  }

  lock(): void {
    this.#phase = "locked";
    recording.update((now) => (now === null || now.phase === "asking" ? now : { ...now, phase: "locked" }));
  }

  async finish(): Promise<PickedFile | null> {
    if (this.#isOver) return null;
    const recorder = this.#recorder;
    const durationMs = this.#elapsedMs;
    this.#close();
    if (recorder === null) {
      this.#release();
      return null;
    }
    await stopped(recorder);
    this.#release();
    if (durationMs < MIN_MS || this.#chunks.length === 0) return null;
    // With the codec, the type is more than a file's type.
    const type = recorder.mimeType.split(";")[0] ?? "";
    const blob = new Blob(this.#chunks, { type });
    const name = `${this.#options.name}.${extensionOf(type)}`;
    return { blob, name, voice: { durationMs: Math.round(durationMs), waveform: this.#log.summary() } };
  }

  async end(): Promise<void> {
    const picked = await this.finish();
    if (picked !== null) this.#options.keep(picked);
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#close();
    if (this.#recorder?.state !== "inactive") this.#recorder?.stop();
    this.#release();
  }

  get #isOver(): boolean {
    return this.#ending.signal.aborted;
  }

  get #elapsedMs(): number {
    return this.#recorder === null ? 0 : performance.now() - this.#startedAt;
  }

  #record(stream: MediaStream): void {
    const [mimeType = ""] = findType() ?? [];
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
    recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) this.#chunks.push(data);
    };
    recorder.onerror = () => void this.end();
    // A call, another app, or somebody who pulls the plug.
    for (const track of stream.getTracks()) track.onended = () => void this.end();
    this.#meter = new Meter(stream);
    recorder.start(SLICE_MS);
    this.#recorder = recorder;
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  #tick(): void {
    const elapsedMs = this.#elapsedMs;
    this.#log.add(this.#meter?.read() ?? 0);
    recording.set({ phase: this.#phase, elapsedMs, levels: this.#log.latest(SHOWN_LEVELS) });
    if (elapsedMs >= MAX_MS) void this.end();
  }

  /** Nothing more is said of it. */
  #close(): void {
    this.#ending.abort();
    clearInterval(this.#timer);
    this.#onEnd();
  }

  #release(): void {
    this.#meter?.close();
    if (this.#stream !== null) giveBack(this.#stream);
  }
}

/** Once the last of it has been handed out. One that has ended by itself has done that. */
function stopped(recorder: MediaRecorder): Promise<void> {
  if (recorder.state === "inactive") return Promise.resolve();
  return new Promise((resolve) => {
    recorder.addEventListener("stop", () => resolve(), { once: true });
    recorder.stop();
  });
}

function findType(): (typeof TYPES)[number] | undefined {
  return TYPES.find(([type]) => MediaRecorder.isTypeSupported(type));
}

function extensionOf(type: string): string {
  return TYPES.find(([known]) => known.startsWith(type))?.[1] ?? "webm";
}
