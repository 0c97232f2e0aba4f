/**
 * Stopwatches that run inside pages. Moments are milliseconds since the epoch by the page's monotonic clock, which
 * all pages of one browser share.
 */
import type { Page } from "playwright-core";
import { expect } from "vitest";

import { whenRendered } from "./waiting";

/** Figures are bound only where somebody says that the machine is quiet; elsewhere they are printed. */
export const isMeasuring = process.env.MEASURE === "1";

/** When a picture was there first: as its placeholder, and as itself. */
export interface PictureMoments {
  readonly placeholder: number;
  readonly preview: number;
}

interface Watching extends Window {
  clickedAt: number;
  seenAt: Promise<number>;
  pickedAt: number;
  pictureAt: Promise<PictureMoments>;
  frameTimes: number[];
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

/** The next file that is chosen on the page is timed from the moment at which the page got it. */
export async function watchChoice(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const watching = window as unknown as Watching;
    const note = (event: Event): void => void (watching.pickedAt = performance.timeOrigin + event.timeStamp);
    document.addEventListener("change", note, { capture: true, once: true });
  });
  return () => page.evaluate(() => (window as unknown as Watching).pickedAt);
}

/** Presses the button to send in the first frame in which that can be done, as somebody does who waits for it. */
export async function sendAtOnce(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          const button = document.querySelector<HTMLButtonElement>('button[aria-label="Send message"]');
          if (button === null || button.disabled) requestAnimationFrame(look);
          else resolve(button.click());
        };
        look();
      }),
  );
}

/** The frames in which the next picture of the messages is first there are timed. */
export async function watchPicture(page: Page): Promise<() => Promise<PictureMoments>> {
  await page.evaluate(() => {
    const pictures = (): HTMLImageElement[] => [
      ...document.querySelectorAll<HTMLImageElement>("[role=log] button img"),
    ];
    const before = new Set(pictures().map(({ src }) => src));
    (window as unknown as Watching).pictureAt = new Promise((resolve) => {
      let placeholder = 0;
      const look = (): void => {
        const now = performance.timeOrigin + performance.now();
        const fresh = pictures().filter(({ src }) => !before.has(src));
        const isThere = (isPlaceholder: boolean): boolean =>
          fresh.some(
            ({ src, complete, naturalWidth }) =>
              src.startsWith("data:") === isPlaceholder && complete && naturalWidth > 0,
          );
        if (placeholder === 0 && isThere(true)) placeholder = now;
        if (isThere(false)) resolve({ placeholder: placeholder || now, preview: now });
        else requestAnimationFrame(look);
      };
      look();
    });
  });
  return () => page.evaluate(() => (window as unknown as Watching).pictureAt);
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
      observer.observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      });
    });
  }, text);
  return () => page.evaluate(() => (window as unknown as Watching).seenAt);
}

/** Every layout shift from now on, input or not. Read what there was with the function returned. */
export async function watchShifts(page: Page): Promise<() => Promise<{ value: number; what: string }[]>> {
  await page.evaluate(() => {
    interface LayoutShift extends PerformanceEntry {
      value: number;
      sources: {
        node: Node | null;
        previousRect: DOMRect;
        currentRect: DOMRect;
      }[];
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
    await whenRendered(page);
    return page.evaluate(() => (window as unknown as Watching).shifts);
  };
}

/** How long each frame takes in which something scrolls, in milliseconds, from now on. */
export async function watchFrames(page: Page, selector: string): Promise<() => Promise<number[]>> {
  await page.evaluate((scrolled) => {
    const frames: number[] = ((window as unknown as Watching).frameTimes = []);
    let [last, lastTop] = [performance.now(), 0];
    const look = (now: number): void => {
      const top = document.querySelector(scrolled)?.scrollTop ?? 0;
      if (top !== lastTop) frames.push(now - last);
      [last, lastTop] = [now, top];
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, selector);
  return () => page.evaluate(() => (window as unknown as Watching).frameTimes.slice(1));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("There is no median of nothing.");
  return middle;
}

/** The value that a share of all does not pass: 0.95 is the 95th percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const value = sorted[Math.ceil(sorted.length * share) - 1];
  if (value === undefined) throw new Error("There is no percentile of nothing.");
  return value;
}

/** A figure for whoever reads the run's output. */
export function print(what: string, figure: string): void {
  process.stdout.write(`  ${what}: ${figure}\n`);
}

/** Prints how long something took, each time; with MEASURE=1 the median has to keep its bound. */
export function bound(what: string, milliseconds: readonly number[], boundMs: number): void {
  const [middle, high] = [median(milliseconds), percentile(milliseconds, 0.95)];
  print(
    what,
    `median ${middle.toFixed(1)} ms, 95 % ${high.toFixed(1)} ms, of ${milliseconds.length} (< ${boundMs} ms)`,
  );
  if (isMeasuring) expect(middle, what).toBeLessThan(boundMs);
}

interface Noting extends Window {
  longTasks: number[];
}

/** Runs in the page before its own scripts: from its first moment on, tasks in which taps are not answered are noted. */
export function noteLongTasks(): void {
  const longTasks: number[] = ((window as unknown as Noting).longTasks = []);
  new PerformanceObserver((entries) => {
    for (const { duration } of entries.getEntries()) longTasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
}

/** Waits until the page has had nothing to do for a while, and takes the tasks over 50 ms since the last call. */
export async function takeLongTasks(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const { longTasks } = window as unknown as Noting;
    for (let rests = 0; rests < 10;) {
      const before = longTasks.length;
      await new Promise((resolve) => requestIdleCallback(resolve));
      await new Promise((resolve) => setTimeout(resolve, 50));
      rests = longTasks.length === before ? rests + 1 : 0;
    }
    return longTasks.splice(0);
  });
}
