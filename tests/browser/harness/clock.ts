/** The clock of a device's pages, for what lasts only a while. */
import type { Page } from "playwright-core";

/** The clock can only go forward to where it is stopped. */
const AHEAD_MS = 1_000;

/**
 * While something is done, the timers of the page stand still: what goes away by itself is there for as long as a busy
 * machine takes to use it. Nothing that needs a frame of the page's own scripts happens meanwhile.
 */
export async function whileTimeStands<T>(page: Page, act: () => Promise<T>): Promise<T> {
  await page.clock.install();
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + AHEAD_MS);
  try {
    return await act();
  } finally {
    await page.clock.resume();
  }
}

/** While time stands: so much of it passes, and what was to happen until then does. */
export async function letPass(page: Page, milliseconds: number): Promise<void> {
  await page.clock.runFor(milliseconds);
}
