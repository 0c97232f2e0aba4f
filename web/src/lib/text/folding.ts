/**
 * One folding of names and words: what two people may type differently and mean the same. A name is found by the beginning
 * of any of its words, in any order, and in scripts that write no spaces by any part of it. The server folds by the same
 * rules (`src/hyred_chat/text`), and both are tried with `tests/tables/folding.json`.
 */

/** Code points: far beyond what anybody types, and a bound on what a name costs. */
const MAX_NAME_CHARS = 200;
const MAX_TERM_CHARS = 64;

/** Ignored by default, or only annotating: not seen, so not typed either. */
const IGNORED =
  // eslint-disable-next-line no-misleading-character-class -- each is meant by itself
  /[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/**
 * Marks that people leave out: accents, the points of Hebrew and Arabic, nuktas, the tones of Thai and Lao. The vowel
 * signs of Indic scripts and the voicing marks of kana are letters to whoever reads them, and stay. So do U+0E4D and
 * U+0ECD, which Thai and Lao am is taken apart into with the sign of another vowel, aa.
 */
const ACCENTS =
  // eslint-disable-next-line no-misleading-character-class -- as above
  /[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08ca-\u08e1\u08e3-\u08ff\u093c\u09bc\u0a3c\u0abc\u0b3c\u0c3c\u0cbc\u0e47-\u0e4c\u0e4e\u0ec8-\u0ecc\u0ece\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\u2de0-\u2dff\ua66f-\ua672\ua674-\ua67d\ua69e\ua69f\ufb1e\ufe20-\ufe2f]/gu;

/** Scripts that write no spaces between words: a word may begin at any letter. */
const UNSPACED =
  /[\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u2e80-\u2fdf\u3005-\u3007\u3021-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\ua9e0-\ua9ff\uaa60-\uaadf\uac00-\ud7ff\uf900-\ufaff\u{1b000}-\u{1b16f}\u{20000}-\u{3ffff}]/u;

/** The vowels and final consonants of a Korean syllable, which has been taken apart. */
const REST_OF_SYLLABLE = /[\u1160-\u11ff\ud7b0-\ud7ff]/;

const APOSTROPHES = /['`´ʹʻʼʽʾʿˈˊˋ՚׳‘’‛′＇ꞌ]/g;
const QUOTES = /["״“”„‟″＂]/g;

/** Letters that Unicode does not take apart, as people write them who do not have them. */
const LETTERS = new Map(
  "ßss æae œoe øo đd ðd þth łl ħh ŧt ŋn ĸk ıi ƀb ɓb ƈc ȼc ɖd ɗd əe ɛe ɇe ƒf ɠg ǥg ɣg ɨi ɩi ɉj ƙk ƚl ɫl ⱥa ɲn ɔo ɵo ƥp ɍr ƭt ʈt ʉu ʊu ʋv ƴy ɏy ƶz ʒz ȥz ςσ ґг қк ғг ңн өо үу ұу әа ٱا ىي یي کك ةه ہه ەه ھه ךכ םמ ןנ ףפ ץצ"
    .concat(
      // Radicals that PDFs put in the place of letters.
      " ⺠民 ⺩王 ⻁虎 ⻄西 ⻅见 ⻆角 ⻉贝 ⻋车 ⻑長 ⻓长 ⻔门 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀",
      // Forms of letters in Japanese names, the old ones as the new ones.
      " 𠮷吉 﨑崎 髙高 邉辺 邊辺 濵浜 濱浜 德徳 櫻桜 澤沢 齋斎 齊斉 廣広 國国 龍竜 眞真 惠恵 瀨瀬 寶宝 榮栄 藏蔵 淺浅 槇槙 黑黒 靑青 圓円 條条 學学 壽寿 曾曽 會会 與与 豐豊 彌弥 關関 鐵鉄 禮礼 萬万 緖緒 增増 橫横 戶戸 步歩 每毎 淸清 敎教 靜静 鄕郷 吳呉 內内 溫温 縣県 來来 實実 嶋島 嶌島 冨富 峯峰 舘館",
    )
    .split(" ")
    .map((entry) => {
      const [letter = "", ...plain] = entry;
      return [letter, plain.join("")] as const;
    }),
);
const LETTER = new RegExp(`[${[...LETTERS.keys()].join("")}]`, "gu");
/** Digits of other scripts, and their zeros. */
const DIGIT = /[٠-٩۰-۹०-९০-৯๐-๙]/g;
const ZEROS = Array.from("٠۰०০๐", (zero) => zero.charCodeAt(0));
const KATAKANA = /[\u30a1-\u30f6\u30fd\u30fe]/g;
/** Small kana and the large ones in their place: many forms cannot write them. */
const SMALL = "ぁぃぅぇぉっゃゅょゎゕゖㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ";
const LARGE = "あいうえおつやゆよわかけくしすとぬはひふへほむらりるれろ";
const SMALL_KANA = new RegExp(`[${SMALL}]`, "g");
const REPEATED = /([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}])[々〻]/gu;
const WITHIN_WORDS = /['".·‧\p{Pd}]/u;

/** `text` with what makes no difference taken out, punctuation and spaces left in. */
export function fold(text: string): string {
  const bare = text.replace(APOSTROPHES, "'").replace(QUOTES, '"').replaceAll("−", "-").replaceAll("\u2800", " ");
  const plain = bare.replaceAll("ـ", "").replace(IGNORED, "").normalize("NFKD").replace(ACCENTS, "");
  // Up before down: letters that have no capital of their own (ſ, ı) meet those that have.
  return plain
    .toUpperCase()
    .toLowerCase()
    .replace(LETTER, (letter) => LETTERS.get(letter) ?? letter)
    .replace(DIGIT, (digit) => String(digit.charCodeAt(0) - zeroOf(digit)))
    .replace(KATAKANA, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60))
    .replace(SMALL_KANA, (letter) => LARGE.charAt(SMALL.indexOf(letter)))
    .replace(REPEATED, "$1$1");
}

/** Whether somebody of that name is found: each part of the query begins one of its terms, or all of them together do. */
export function isFound(name: string, query: string): boolean {
  return findsBy(partsOf(query))(name);
}

/** As `isFound`, for many names. */
export function findsBy(parts: readonly string[]): (name: string) => boolean {
  const joined = parts.join("");
  return (name) => {
    const terms = termsOf(name);
    const begins = (part: string): boolean => terms.some((term) => term.startsWith(part));
    return begins(joined) || parts.every(begins);
  };
}

/** What is looked for. Empty: nothing was asked. */
export function partsOf(query: string): readonly string[] {
  const folded = fold(query);
  const parts = Array.from(folded, (character) => (isSeparator(character) ? inQuery(character) : character)).join("");
  const found = wordsOf(parts);
  return found.length > 0 ? found : wordsOf(folded);
}

const terms = new Map<string, readonly string[]>();
const MOST_NAMES = 2_000;

function termsOf(name: string): readonly string[] {
  const known = terms.get(name);
  if (known !== undefined) return known;
  if (terms.size >= MOST_NAMES) terms.clear();
  const found = takeTerms(name);
  terms.set(name, found);
  return found;
}

/**
 * What a name is found by: the rest of it from each beginning of a word on, without spaces and punctuation. A name of
 * punctuation alone is found by it.
 */
function takeTerms(name: string): readonly string[] {
  const folded = firstChars(fold(firstChars(name, MAX_NAME_CHARS)), MAX_NAME_CHARS);
  const letters: string[] = [];
  const beginnings = [0];
  let before: Kind = "separator";
  for (const character of folded) {
    const kind = kindOf(character);
    if (kind !== "separator") {
      if (kind === "solid" || (kind === "letter" && before !== "letter")) beginnings.push(letters.length);
      letters.push(character);
    }
    if (kind !== "rest" || before === "separator") before = kind;
  }
  if (letters.length === 0) letters.push(...Array.from(wordsOf(folded).join("")));
  return beginnings.map((start) => letters.slice(start, start + MAX_TERM_CHARS).join(""));
}

/** What a folded character is for finding where words begin. */
type Kind =
  | "separator"
  /** Of a script that writes spaces. */
  | "letter"
  /** A word may begin at it, whatever is before: symbols, emoji, scripts without spaces. */
  | "solid"
  /** A mark, or a part of a syllable: nothing begins at it. */
  | "rest";

function kindOf(character: string): Kind {
  if (isSeparator(character)) return "separator";
  if (/\p{M}/u.test(character) || REST_OF_SYLLABLE.test(character)) return "rest";
  return /[\p{L}\p{N}]/u.test(character) && !UNSPACED.test(character) ? "letter" : "solid";
}

function isSeparator(character: string): boolean {
  return /[\p{P}\p{Z}\p{Cc}\p{Cs}\p{Sk}]/u.test(character);
}

/** What stands within a word is taken out; spaces and other punctuation part words. */
function inQuery(separator: string): string {
  return WITHIN_WORDS.test(separator) ? "" : " ";
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== "");
}

function firstChars(text: string, count: number): string {
  return text.length <= count ? text : Array.from(text).slice(0, count).join("");
}

function zeroOf(digit: string): number {
  return ZEROS.findLast((zero) => zero <= digit.charCodeAt(0)) ?? 0;
}
