/** All emoji of Unicode with their names in a language; loaded when somebody wants to see them. */
import type { Locale } from "../../lib/i18n/locale";

export interface Emoji {
  readonly text: string;
  readonly name: string;
  /** Folded words that it is found by. */
  readonly words: string;
  readonly group: number;
  /** With the five tones of skin, the lightest first; empty where there are none. */
  readonly tones: readonly string[];
}

/** As `emojibase-data` writes them, as far as it is used. */
interface Entry {
  readonly unicode: string;
  readonly label: string;
  readonly group?: number;
  readonly order?: number;
  readonly tags?: readonly string[];
  readonly skins?: readonly { readonly unicode: string }[];
}

/** Parts of emoji, which are none by themselves. */
const COMPONENTS = 2;
const TONES = 5;

const files: Readonly<Record<Locale, () => Promise<{ readonly default: readonly Entry[] }>>> = {
  en: () => import("emojibase-data/en/compact.json"),
  es: () => import("emojibase-data/es/compact.json"),
};

/** In the order of keyboards. Rejects when it cannot be had. */
export async function loadEmoji(locale: Locale): Promise<readonly Emoji[]> {
  const entries = (await files[locale]()).default;
  return entries
    .filter(({ group }) => group !== undefined && group !== COMPONENTS)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map(({ unicode, label, group = 0, tags = [], skins = [] }) => ({
      text: unicode,
      name: label,
      words: fold([label, ...tags].join(" ")),
      group,
      // Pairs of people have a tone each: those are left out.
      tones: skins.length === TONES ? skins.map((skin) => skin.unicode) : [],
    }));
}

/** Those whose words have all words of `query` in them. */
export function findEmoji(all: readonly Emoji[], query: string): readonly Emoji[] {
  const wanted = fold(query).split(" ").filter(Boolean);
  return all.filter(({ words, text }) => text === query.trim() || wanted.every((word) => words.includes(word)));
}

/** Without case and accents: names of emoji need no more of what the search for people does. */
function fold(text: string): string {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}

/** With a tone of skin (1, the lightest, to 5), where there is one; 0: none. */
export function withTone({ text, tones }: Emoji, tone: number): string {
  return tones[tone - 1] ?? text;
}
