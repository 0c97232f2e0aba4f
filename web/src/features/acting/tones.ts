/** The tone of skin that somebody has chosen, on this device. */

const KEY = "hyred.skinTone";
export const TONED_HANDS = ["✋", "✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"] as const;

/** 0: none; 1, the lightest, to 5. */
export function keptTone(): number {
  try {
    const tone = Number(localStorage.getItem(KEY));
    return tone in TONED_HANDS ? tone : 0;
  } catch {
    return 0;
  }
}

export function keepTone(tone: number): void {
  try {
    localStorage.setItem(KEY, String(tone));
  } catch {
    // It lasts as long as the page.
  }
}
