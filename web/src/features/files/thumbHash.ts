/**
 * Draws ThumbHashes: some thirty bytes that say what a picture looks like from afar. The format is that of Evan Wallace's
 * reference implementation (https://evanw.github.io/thumbhash/); the server's half is `files/examiner/thumbhash.py`.
 */

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of each, from the top left. */
  readonly rgba: Uint8ClampedArray;
}

const MAX_SIDE = 32;

interface Channel {
  readonly across: number;
  readonly down: number;
  readonly weights: readonly number[];
}

/** Throws where the bytes are no ThumbHash. */
export function drawThumbHash(hash: Uint8Array): Pixels {
  const head = readHead(hash);
  const { isWide, hasAlpha } = head;
  const long = hasAlpha ? 5 : 7;
  const [across, down] = [Math.max(3, isWide ? long : head.short), Math.max(3, isWide ? head.short : long)];
  const nibbles = nibblesOf(hash, hasAlpha ? 6 : 5);
  const light = readChannel(nibbles, across, down, head.lightScale);
  const yellow = readChannel(nibbles, 3, 3, head.yellowScale * 1.25);
  const red = readChannel(nibbles, 3, 3, head.redScale * 1.25);
  const alpha = hasAlpha ? readChannel(nibbles, 5, 5, head.alphaScale) : null;
  const ratio = (isWide ? long : head.short) / (isWide ? head.short : long);
  const width = Math.round(ratio > 1 ? MAX_SIDE : MAX_SIDE * ratio);
  const height = Math.round(ratio > 1 ? MAX_SIDE / ratio : MAX_SIDE);
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let index = 0; index < width * height; index++) {
    const x = ((index % width) + 0.5) / width;
    const y = (Math.floor(index / width) + 0.5) / height;
    const l = head.light + at(light, x, y);
    const p = head.yellow + at(yellow, x, y);
    const q = head.red + at(red, x, y);
    const blue = l - (2 / 3) * p;
    const r = (3 * l - blue + q) / 2;
    const a = alpha === null ? head.alpha : head.alpha + at(alpha, x, y);
    rgba.set(
      [r, r - q, blue, a].map((value) => Math.max(0, 255 * Math.min(1, value))),
      index * 4,
    );
  }
  return { width, height, rgba };
}

/** The averages of the picture, and how far what follows reaches from them. */
function readHead(hash: Uint8Array) {
  const byte = (index: number): number => {
    const value = hash[index];
    if (value === undefined) throw new Error("That is no ThumbHash: it is too short.");
    return value;
  };
  const colours = byte(0) | (byte(1) << 8) | (byte(2) << 16);
  const shape = byte(3) | (byte(4) << 8);
  const hasAlpha = colours >> 23 !== 0;
  return {
    light: (colours & 63) / 63,
    yellow: ((colours >> 6) & 63) / 31.5 - 1,
    red: ((colours >> 12) & 63) / 31.5 - 1,
    lightScale: ((colours >> 18) & 31) / 31,
    hasAlpha,
    short: shape & 7,
    yellowScale: ((shape >> 3) & 63) / 63,
    redScale: ((shape >> 9) & 63) / 63,
    isWide: shape >> 15 !== 0,
    alpha: hasAlpha ? (byte(5) & 15) / 15 : 1,
    alphaScale: hasAlpha ? (byte(5) >> 4) / 15 : 0,
  };
}

function* nibblesOf(hash: Uint8Array, start: number): Generator<number, undefined> {
  for (const value of hash.subarray(start)) {
    yield value & 15;
    yield value >> 4;
  }
}

/** The waves of one channel, from the longest on; those that are missing are flat. */
function readChannel(nibbles: Iterator<number, undefined>, across: number, down: number, scale: number): Channel {
  const weights: number[] = [];
  for (let y = 0; y < down; y++) {
    for (let x = y > 0 ? 0 : 1; x * down < across * (down - y); x++) {
      weights.push(((nibbles.next().value ?? 7.5) / 7.5 - 1) * scale);
    }
  }
  return { across, down, weights };
}

/** What a channel adds at a place, both 0 to 1. */
function at({ across, down, weights }: Channel, x: number, y: number): number {
  let sum = 0;
  let index = 0;
  for (let row = 0; row < down; row++) {
    const wave = 2 * Math.cos(Math.PI * y * row);
    for (let column = row > 0 ? 0 : 1; column * down < across * (down - row); column++) {
      sum += (weights[index++] ?? 0) * Math.cos(Math.PI * x * column) * wave;
    }
  }
  return sum;
}
