/** What screen readers are told: everything that has ever stood in a live region. */
import type { BrowserContext, Page } from "playwright-core";

interface Hearing extends Window {
  heard?: string[];
}

/** From the next page on. */
export async function listen(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const heard: string[] = [];
    (window as Hearing).heard = heard;
    const regions = "[aria-live=polite], [role=status], [role=alert]";
    const note = (target: Node): void => {
      const element = target instanceof Element ? target : target.parentElement;
      const text = element?.closest(regions)?.textContent.trim() ?? "";
      if (text !== "" && heard.at(-1) !== text) heard.push(text);
    };
    const watch = (): void => {
      const options = { childList: true, characterData: true, subtree: true };
      new MutationObserver((changes) => changes.forEach(({ target }) => note(target))).observe(document, options);
    };
    watch();
  });
}

export function heardBy(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as Hearing).heard ?? []);
}
