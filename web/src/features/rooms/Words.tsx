import { lazy, Suspense, type ReactNode } from "react";

/** Nothing is done before there is a list. Where it cannot be had, the page goes without words. */
const WordsLine = lazy(() =>
  import("./WordsLine").then(
    (module) => ({ default: module.WordsLine }),
    () => ({ default: () => null }),
  ),
);

/** The line at the bottom of the page that says what was done, and what was refused. */
export function Words(): ReactNode {
  return (
    <Suspense fallback={null}>
      <WordsLine />
    </Suspense>
  );
}
