/** Microphones and cameras of a browser: what they do is said by the test. */
import { vi } from "vitest";

export class FakeTrack {
  onended: (() => void) | null = null;
  readyState: "live" | "ended" = "live";

  constructor(readonly settings: MediaTrackSettings) {}

  readonly getSettings = (): MediaTrackSettings => this.settings;

  stop(): void {
    this.readyState = "ended";
  }

  /** The plug is pulled. */
  unplug(): void {
    this.readyState = "ended";
    this.onended?.();
  }
}

export class FakeDevices extends EventTarget {
  readonly tracks: FakeTrack[] = [];
  /** What was asked for, in order. */
  readonly wanted: MediaStreamConstraints[] = [];
  readonly #asked: ((stream: unknown) => void)[] = [];
  /** Whether the browser gives it at once. */
  isGiven = true;
  error: Error | null = null;
  /** Names by ids. */
  cameras: Readonly<Record<string, string>> = {};

  constructor() {
    super();
    vi.stubGlobal("navigator", Object.create(navigator, { mediaDevices: { value: this } }));
  }

  get open(): number {
    return this.tracks.filter(({ readyState }) => readyState === "live").length;
  }

  readonly getUserMedia = (wanted: MediaStreamConstraints): Promise<unknown> => {
    this.wanted.push(wanted);
    if (this.error !== null) return Promise.reject(this.error);
    const answer = new Promise((resolve) => this.#asked.push(resolve));
    if (this.isGiven) this.give();
    return answer;
  };

  readonly enumerateDevices = (): Promise<unknown> => {
    const cameras = Object.entries(this.cameras).map(([deviceId, label]) => ({ kind: "videoinput", deviceId, label }));
    return Promise.resolve([...cameras, { kind: "audioinput", deviceId: "microphone", label: "Microphone" }]);
  };

  /** The browser's question is answered. */
  give(settings: MediaTrackSettings = {}): void {
    const track = new FakeTrack(settings);
    this.tracks.push(track);
    const getTracks = (): FakeTrack[] => [track];
    this.#asked.shift()?.(Object.assign(new MediaStream(), { getTracks, getVideoTracks: getTracks }));
  }
}
