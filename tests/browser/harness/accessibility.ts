/** axe-core, run in the page. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

import { whenRendered } from "./waiting";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ALL_RULES: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
  // It would read style sheets that are still on their way by making styles of them, which the policy refuses; no rule
  // of these needs them.
  preload: { assets: ["media"] },
};

/** The rules whose outcome may be another one in other colours. */
const RULES_OF_COLOURS: RunOptions = { ...ALL_RULES, runOnly: ["color-contrast", "link-in-text-block"] };

interface WithAxe extends Window {
  axe?: { run(context: Document, options: RunOptions): Promise<AxeResults> };
}

/**
 * A line for each violation: the rule, the element, and what is wrong there.
 *
 * @param colours - only the colours are others than when the page was examined before.
 */
export async function findViolations(page: Page, { colours = false } = {}): Promise<string[]> {
  await whenRendered(page);
  // What fades in is examined when it has its colours.
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(SOURCE);
  const { violations } = await page.evaluate(
    async (options) => {
      const { axe } = window as unknown as WithAxe;
      if (!axe) throw new Error("axe is not in the page.");
      return axe.run(document, options);
    },
    colours ? RULES_OF_COLOURS : ALL_RULES,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary?.replace(/\s+/g, " ") ?? ""}`),
  );
}
