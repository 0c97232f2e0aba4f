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
  for (const locator of locators) await waitFor(locator, "visible");
}

export async function gone(...locators: Locator[]): Promise<void> {
  for (const locator of locators) await waitFor(locator, "hidden");
}

/** Of what the page showed instead, as much as one can read. */
const MAX_SHOWN_CHARS = 3_000;

async function waitFor(locator: Locator, state: "visible" | "hidden"): Promise<void> {
  try {
    await locator.first().waitFor({ state });
  } catch (cause) {
    const shown = await locator
      .page()
      .locator("body")
      .innerText()
      .catch(() => "nothing: it is closed");
    const words = shown.replace(/\s*\n\s*/g, " | ").slice(0, MAX_SHOWN_CHARS);
    throw new Error(`${(cause as Error).message}\nThe page showed: ${words}`, { cause });
  }
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
