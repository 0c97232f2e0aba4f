/** A microphone, and a browser that records it: what they do is said by the test. */
import { vi } from "vitest";

class FakeTrack {
  onended: (() => void) | null = null;
  readyState: "live" | "ended" = "live";

  stop(): void {
    this.readyState = "ended";
  }
}

export class FakeMicrophone {
  readonly tracks: FakeTrack[] = [];
  readonly asked: ((stream: unknown) => void)[] = [];
  /** Whether the browser gives it at once. */
  isGiven = true;
  error: Error | null = null;

  constructor() {
    vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: () => this.#ask() } });
    vi.stubGlobal("MediaRecorder", FakeRecorder);
    vi.stubGlobal("AudioContext", FakeContext);
  }

  get open(): number {
    return this.tracks.filter(({ readyState }) => readyState === "live").length;
  }

  /** The browser's question is answered. */
  give(): void {
    const track = new FakeTrack();
    this.tracks.push(track);
    this.asked.shift()?.({ getTracks: () => [track] });
  }

  #ask(): Promise<unknown> {
    if (this.error !== null) return Promise.reject(this.error);
    const answer = new Promise((resolve) => this.asked.push(resolve));
    if (this.isGiven) this.give();
    return answer;
  }
}

class FakeRecorder extends EventTarget {
  static isTypeSupported = (type: string): boolean => type.startsWith("audio/webm");
  ondataavailable: ((event: { readonly data: Blob }) => void) | null = null;
  onerror: (() => void) | null = null;
  state: "inactive" | "recording" = "inactive";
  readonly mimeType = "audio/webm;codecs=opus";

  start(): void {
    this.state = "recording";
  }

  /** The last of it comes before the end, and both after a moment. */
  stop(): void {
    this.state = "inactive";
    queueMicrotask(() => {
      this.ondataavailable?.({ data: new Blob(["sound"]) });
      this.dispatchEvent(new Event("stop"));
    });
  }
}

/** All is as loud as can be. */
class FakeContext {
  createAnalyser = () => ({ fftSize: 0, getFloatTimeDomainData: (samples: Float32Array) => samples.fill(1) });
  createMediaStreamSource = () => ({ connect: () => undefined });
  resume = () => Promise.resolve();
  close = () => Promise.resolve();
}
