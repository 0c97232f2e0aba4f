/** How loud somebody has spoken, from 0 to 100. */

/** As the server makes them. */
const SUMMARY_LEVELS = 64;

/** The levels of a recording; bounded by how long one may be. */
export class LevelLog {
  readonly #levels: number[] = [];

  add(level: number): void {
    this.#levels.push(level);
  }

  latest(count: number): readonly number[] {
    return this.#levels.slice(-count);
  }

  /** All of it in few levels, the loudest of which is 100. */
  summary(): readonly number[] {
    const count = Math.min(SUMMARY_LEVELS, this.#levels.length);
    const loudest = Math.max(1, ...this.#levels);
    return Array.from({ length: count }, (_, index) => {
      const start = Math.floor((index * this.#levels.length) / count);
      const end = Math.max(start + 1, Math.floor(((index + 1) * this.#levels.length) / count));
      return Math.round((Math.max(...this.#levels.slice(start, end)) / loudest) * 100);
    });
  }
}

/** Below this, decibels of full scale, it is silence. */
const SILENCE_DB = -60;

/** The level of a stretch of sound, whose samples are from -1 to 1: as loud as it is heard. */
export function levelOf(samples: Float32Array): number {
  let squares = 0;
  for (const sample of samples) squares += sample * sample;
  const decibels = 10 * Math.log10(squares / Math.max(1, samples.length));
  return Math.round(Math.min(1, Math.max(0, 1 - decibels / SILENCE_DB)) * 100);
}
