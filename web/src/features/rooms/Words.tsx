import { Suspense, type ReactNode } from "react";

import { lazyPart } from "../../ui/lazyPart";

/** Nothing is done before there is a list. As long as it cannot be had, the page goes without words. */
const WordsLine = lazyPart(
  async () => (await import("./WordsLine")).WordsLine,
  () => null,
);

/** The line at the bottom of the page that says what was done, and what was refused. */
export function Words(): ReactNode {
  return (
    <Suspense fallback={null}>
      <WordsLine />
    </Suspense>
  );
}
