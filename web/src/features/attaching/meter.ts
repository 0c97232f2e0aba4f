import { levelOf } from "./waveform";

/** Samples; a twentieth of a second at the usual rate. */
const WINDOW = 2_048;

/** Listens to a stream, to show how loud it is. Where a browser lets nobody listen, all is silent. */
export class Meter {
  readonly #context: AudioContext;
  readonly #analyser: AnalyserNode;
  readonly #samples = new Float32Array(WINDOW);

  constructor(stream: MediaStream) {
    this.#context = new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = WINDOW;
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
    void this.#context.resume().catch(() => undefined);
  }

  /** How loud it is now, from 0 to 100. */
  read(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return levelOf(this.#samples);
  }

  close(): void {
    void this.#context.close().catch(() => undefined);
  }
}
