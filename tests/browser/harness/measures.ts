/**
 * Stopwatches that run inside pages. Moments are milliseconds since the epoch by the page's monotonic clock, which
 * all pages of one browser share.
 */
import type { Page } from "playwright-core";

interface Watching extends Window {
  clickedAt: number;
  seenAt: Promise<number>;
  shifts: { value: number; what: string }[];
}

/** The next click on the page is timed from the moment at which the browser got it. */
export async function watchClick(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const watching = window as unknown as Watching;
    const note = (event: Event): void => void (watching.clickedAt = performance.timeOrigin + event.timeStamp);
    document.addEventListener("click", note, { capture: true, once: true });
  });
  return () => page.evaluate(() => (window as unknown as Watching).clickedAt);
}

/** The frame in which a text first stands in the messages is timed. */
export async function watchText(page: Page, text: string): Promise<() => Promise<number>> {
  await page.evaluate((expected) => {
    (window as unknown as Watching).seenAt = new Promise((resolve) => {
      const isThere = (): boolean => document.querySelector("[role=log]")?.textContent.includes(expected) ?? false;
      const observer = new MutationObserver(() => {
        if (!isThere()) return;
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  }, text);
  return () => page.evaluate(() => (window as unknown as Watching).seenAt);
}

/** Every layout shift from now on, input or not. Read what there was with the function returned. */
export async function watchShifts(page: Page): Promise<() => Promise<{ value: number; what: string }[]>> {
  await page.evaluate(() => {
    interface LayoutShift extends PerformanceEntry {
      value: number;
      sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
    }
    const shifts: Watching["shifts"] = ((window as unknown as Watching).shifts = []);
    const nameOf = (node: Node | null): string => (node instanceof Element ? node.className : (node?.nodeName ?? "?"));
    new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries() as LayoutShift[]) {
        const moves = entry.sources.map((source) => {
          const { previousRect: from, currentRect: to } = source;
          return `${nameOf(source.node)} ${from.x},${from.y} ${from.width}×${from.height} → ${to.x},${to.y} ${to.width}×${to.height}`;
        });
        shifts.push({ value: entry.value, what: moves.join("; ") });
      }
    }).observe({ type: "layout-shift" });
  });
  return async () => {
    await twoFrames(page);
    return page.evaluate(() => (window as unknown as Watching).shifts);
  };
}

/** All that was changed has been painted. */
export async function twoFrames(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("There is no median of nothing.");
  return middle;
}

/** A figure for whoever reads the run's output. */
export function print(what: string, milliseconds: readonly number[]): void {
  const all = milliseconds.map((value) => value.toFixed(1)).join(" ");
  process.stdout.write(`  ${what}: median ${median(milliseconds).toFixed(1)} ms (${all})\n`);
}
