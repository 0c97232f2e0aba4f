/** Where the focus is, and taking it somewhere by keys. */
import type { Page } from "playwright-core";

import { PATIENCE_MS } from "./patience";

/** So many of what had the focus instead are named when something is never reached. */
const MOST_NAMED = 40;

/** Presses Tab (or Shift+Tab) until what is named so has the focus. What is still being loaded is reached once it is there. */
export async function tabTo(page: Page, name: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  const passed: string[] = [];
  while (performance.now() < deadline) {
    await page.keyboard.press(key);
    const focused = await focusedName(page);
    if (name.test(focused)) return;
    passed.push(focused);
  }
  throw new Error(`${key} never reaches ${String(name)}, but ${passed.slice(-MOST_NAMED).join(", ")}.`);
}

export function focusedRole(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.getAttribute("role") ?? "");
}

/** As far as the journeys need names: a label, or the text. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return "";
    const labelled = focused
      .getAttribute("aria-labelledby")
      ?.split(" ")
      .map((id) => document.getElementById(id)?.textContent);
    const label =
      focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement ? focused.labels?.[0] : null;
    return (
      focused.getAttribute("aria-label") ??
      labelled?.join(" ") ??
      label?.textContent ??
      focused.textContent
    ).trim();
  });
}
