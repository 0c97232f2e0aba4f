/** Waiting for conditions. What never comes fails with what there was instead. */
import type { Locator } from "playwright-core";
import { expect } from "vitest";

import { PATIENCE_MS } from "./patience";

/** @returns assertions that are tried until they hold. */
export const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: PATIENCE_MS, interval: 20 });

export async function seen(...locators: Locator[]): Promise<void> {
  for (const locator of locators) await locator.first().waitFor();
}

export async function gone(...locators: Locator[]): Promise<void> {
  for (const locator of locators) await locator.first().waitFor({ state: "hidden" });
}
