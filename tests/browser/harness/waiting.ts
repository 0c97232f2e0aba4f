/** Waiting for conditions. What never comes fails with what there was instead. */
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

import { PATIENCE_MS } from "./patience";

/** @returns assertions that are tried until they hold. */
export const eventually = <T>(look: () => T | Promise<T>, message?: string) =>
  expect.poll(look, {
    timeout: PATIENCE_MS,
    interval: 20,
    ...(message !== undefined && { message }),
  });

export async function seen(...locators: Locator[]): Promise<void> {
  for (const locator of locators) await locator.first().waitFor();
}

export async function gone(...locators: Locator[]): Promise<void> {
  for (const locator of locators) await locator.first().waitFor({ state: "hidden" });
}

/**
 * All that was changed before is on the screen, with what the page makes of it there: layout alone, which any question
 * about sizes causes, runs neither its observers of sizes nor what listens for a change of media. Two frames: what is
 * rendered in the first one may be observed only from the second one on.
 */
export async function whenRendered(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    await frame(); // begins when the second one has ended
  });
}
