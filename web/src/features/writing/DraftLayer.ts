/** Keeps what is drawn over the input where the input's own letters are. */

/** Scripts that have a slanted form, and letters that may stand a little closer or wider: others stay upright. */
const SLANTABLE = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{P}\p{Sc}\p{Sm}]+$/u;
const MAX_WIDTHS = 1_000;
/** Lines are higher than this: a difference of one is seen. */
const TOLERANCE_PX = 4;
/** Android's keyboards compose every word that is typed; elsewhere it is an input method, which marks parts of it. */
export const composesWords = navigator.userAgent.includes("Android");

const canvas = document.createElement("canvas").getContext("2d");
const spacings = new Map<string, string>();

/** What a word's letters have to stand apart for it to be as wide slanted as upright. */
function spacingOf(word: string, font: string): string {
  if (canvas === null) return "";
  const key = `${font}\n${word}`;
  const known = spacings.get(key);
  if (known !== undefined) return known;
  if (spacings.size >= MAX_WIDTHS) spacings.clear();
  canvas.font = font;
  const upright = canvas.measureText(word).width;
  canvas.font = `italic ${font}`;
  const spacing = (upright - canvas.measureText(word).width) / Array.from(word).length;
  const written = Math.abs(spacing) < 0.001 ? "" : `${spacing.toFixed(3)}px`;
  spacings.set(key, written);
  return written;
}

export class DraftLayer {
  readonly #listening = new AbortController();
  readonly #resizes = new ResizeObserver(() => this.fit());
  readonly #text: HTMLElement | null;

  constructor(
    readonly input: HTMLTextAreaElement,
    readonly frame: HTMLElement,
  ) {
    this.#text = frame.querySelector(".hc-draft__text");
    const { signal } = this.#listening;
    input.addEventListener("scroll", () => this.#follow(), { signal });
    if (!composesWords) {
      input.addEventListener("compositionstart", () => this.#show(false), { signal });
      input.addEventListener("compositionend", () => this.#show(true), { signal });
    }
    this.#resizes.observe(input);
    this.#show(true);
  }

  /** To be called when the text has changed: widths and place of it all. */
  fit(): void {
    const text = this.#text;
    if (text === null) return;
    const { font } = getComputedStyle(this.input);
    // Without the width of a scroll bar.
    text.style.width = `${String(this.input.clientWidth)}px`;
    this.frame.classList.remove("hc-draft--upright");
    for (const word of text.querySelectorAll<HTMLElement>(".hc-draft__slanted")) {
      const content = word.textContent;
      const isSlanted = SLANTABLE.test(content);
      word.classList.toggle("hc-draft__slanted--upright", !isSlanted);
      word.style.letterSpacing = isSlanted ? spacingOf(content, font) : "";
    }
    // Where lines break elsewhere for all that, letters stand as they are.
    const difference = Math.abs(text.offsetHeight - this.input.scrollHeight);
    this.frame.classList.toggle("hc-draft--upright", difference > TOLERANCE_PX);
    this.#follow();
  }

  remove(): void {
    this.#listening.abort();
    this.#resizes.disconnect();
    delete this.input.dataset.drawn;
  }

  #follow(): void {
    if (this.#text !== null) this.#text.style.transform = `translateY(${String(-this.input.scrollTop)}px)`;
  }

  /** An input method underlines what it is about to replace, in the colour of the input's letters: they are seen meanwhile. */
  #show(isShown: boolean): void {
    this.frame.classList.toggle("hc-draft--hidden", !isShown);
    if (isShown) this.input.dataset.drawn = "";
    else delete this.input.dataset.drawn;
  }
}
