/** A key event of React's or the browser's own. */
interface KeyEvent {
  readonly keyCode: number;
  readonly isComposing?: boolean;
  readonly nativeEvent?: { readonly isComposing: boolean };
}

/** Browsers give this key code to keys that an input method took; Safari does so without `isComposing`. */
const TAKEN_BY_INPUT_METHOD = 229;

/**
 * A handler of keys that leaves alone those of an input method: who writes Japanese, Chinese or Korean confirms a word
 * with Enter, leaves it with Escape and moves in it with arrows. Every handler of keys is made by this; ESLint checks it.
 */
export function ownKeys<E extends KeyEvent>(handle: (event: E) => void): (event: E) => void {
  return (event) => {
    const { isComposing } = event.nativeEvent ?? event;
    if (isComposing !== true && event.keyCode !== TAKEN_BY_INPUT_METHOD) handle(event);
  };
}
