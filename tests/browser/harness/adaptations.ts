/** How people change a page to be able to use it: colours of their own, larger text, a magnified window. */
import type { Page } from "playwright-core";

import { whenRendered } from "./waiting";

/** 1280×1024 at 400 %: the window of WCAG 2.2's criterion on reflow. */
export const LITTLE_ROOM = { width: 320, height: 256 };
/** “Very large” in Chromium's settings. */
export const LARGE_TEXT_PX = 24;

/** What is higher than that need not be seen whole. */
const LEAST_SEEN_PX = 44;

/** As the browser's settings do: what is 16 px where nobody has chosen is so much. */
export async function enlargeText(page: Page, pixels = LARGE_TEXT_PX): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setFontSizes", { fontSizes: { standard: pixels } });
}

/** What the page (or the dialog that is open) has that cannot be brought onto the screen, and what is wider than it. */
export async function findUnreachable(page: Page): Promise<string[]> {
  await whenRendered(page); // a menu finds its place anew when the window has changed
  return page.evaluate((leastSeen) => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the window");
    const frame = document.querySelector("dialog[open]") ?? document.body;
    const controls = frame.querySelectorAll<HTMLElement>(
      "a[href], button, input, textarea, [role^=menuitem], [role=log]",
    );
    for (const control of controls) {
      const name = control.getAttribute("aria-label") ?? control.textContent;
      if (
        !control.checkVisibility({
          visibilityProperty: true,
          opacityProperty: true,
        })
      )
        continue;
      if (control.closest("[inert]") || (control.tabIndex < 0 && !control.matches("[role^=menuitem]"))) continue;
      control.scrollIntoView({ block: "nearest", inline: "nearest" });
      const { left, right, top, bottom, width, height } = control.getBoundingClientRect();
      if (width === 0 || control.matches(":not(:focus):is(.hc-chat__skip, .hc-desk__skip)")) continue;
      const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
      if (left < -1 || right > innerWidth + 1 || seen < Math.min(height, leastSeen) - 1) {
        found.push(`${name}: ${left},${top} ${width}×${height}`);
      }
    }
    return found;
  }, LEAST_SEEN_PX);
}
