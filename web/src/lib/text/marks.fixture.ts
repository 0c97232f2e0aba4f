/** Texts that are hard on whoever looks for marks in them. */

/** Every kind of mark, what stands around it, and what is none. */
const PIECES =
  "* ** *** **** _ __ ~~ ~ ` `` ``` [ ] ]( (https://a.example) [a](https://a.example/b_c) https:// www. - • > 1. 12) a b_c word 2 \\ \" ' ( ) . , ! … é 中 ก ש 👍 \u{1f468}\u200d\u{1f469} <b> &amp;"
    .split(" ")
    .concat([
      " ",
      "  ",
      "\n",
      "\n\n",
      "\n> ",
      "\n- ",
      "\n  - ",
      "\n1. ",
      "```\n",
      "\n```\n",
      "```js\n",
      "\t",
      "\ud83d",
    ]);

/** Texts made of pieces at random, the same ones on each run. */
export function* textsOfPieces(count: number): Generator<string> {
  let state = 42;
  // Park and Miller's generator: enough to shuffle.
  const below = (limit: number): number => (state = (state * 48_271) % 2_147_483_647) % limit;
  for (let index = 0; index < count; index += 1) {
    yield Array.from({ length: below(24) }, () => PIECES[below(PIECES.length)] ?? "").join("");
  }
}

/** A hundred thousand marks of each kind, alone and with what may stand around them; long ones are fewer. */
export function textsOfManyMarks(): readonly string[] {
  const parts = ["*", "**", "*a", "a*", "*a ", " a*", "**a _b", "_a_ ", "~~", "~~a", "*_~~", "`", "`a", "`a ", "``a`"];
  const blocks = ["> ", "> a\n", "- ", "- a\n", "  - a\n", "1. a\n", "```\n", "```\na\n```\n", "> - *a*\n", "-", " - "];
  const links = [
    "[",
    "[a",
    "[a](",
    "[a](https://a",
    "[a](https://a.example) ",
    "https://",
    "https://a*",
    "www.",
    "(",
    "](",
  ];
  return [...parts, ...blocks, ...links].map((part) => `a ${part.repeat(Math.min(100_000, 400_000 / part.length))} b`);
}
