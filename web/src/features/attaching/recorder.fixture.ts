/** A microphone, and a browser that records it: what they do is said by the test. */
import { vi } from "vitest";
import { FakeDevices } from "./devices.fixture";

export class FakeMicrophone extends FakeDevices {
  constructor() {
    super();
    vi.stubGlobal("MediaRecorder", FakeRecorder);
    vi.stubGlobal("AudioContext", FakeContext);
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
