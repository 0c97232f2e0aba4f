/** The library as a host meets it: packed, installed in a fresh app, its README's examples pasted, clicked through. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject } from "vitest";

import { DESK, PHONE } from "../harness/devices";
import { makeText } from "../harness/files";
import { journey } from "../harness/journey";
import { PATIENCE_MS } from "../harness/patience";
import { Server } from "../harness/server";
import { Site } from "../harness/site";
import { eventually, seen } from "../harness/waiting";

const MAYA = "dev-token-maya@demo.hyred.example";

const ACCENT = "rgb(11, 107, 100)";

const colourOf = (element: Element): string => getComputedStyle(element).backgroundColor;

let site: Site;
let server: Server;

beforeAll(async () => {
  if (!inject("hasBrowser")) return;
  site = await Site.open();
  [server] = await Promise.all([Server.start({ HYRED_ALLOWED_ORIGINS: site.url }), site.pack()]);
  await site.build(server.url);
});

afterAll(async () => {
  if (!inject("hasBrowser")) return;
  await server.remove();
  await site.remove();
});

async function visit(browser: Browser, options: object, query: string, text: string): Promise<void> {
  const context = await browser.newContext({
    baseURL: site.url,
    locale: "en-US",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  await page.goto(`/?token=${MAYA}${query}`);
  const row = page.locator("a[data-room]").first();
  await seen(row);
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
  await expectPicture(page);
  await row.click();
  const composer = page.getByRole("textbox", { name: "Message", exact: true });
  await composer.fill(text);
  await page.getByRole("button", { name: "Send message" }).click();
  const message = page.getByRole("log", { name: "Messages" }).getByRole("article").filter({ hasText: text });
  await seen(message.getByRole("img", { name: /^(Sent|Delivered|Read)$/ }));
  await sendFile(page, `With a plan: ${query}`);
  for (const shown of [composer, message]) await expectOnScreen(page, shown);
  expect(await message.locator(".hc-message__bubble").evaluate(colourOf), "the design's colours").toBe(ACCENT);
  const back = page.getByRole("button", { name: "Back to conversations" });
  if (options === PHONE) {
    await back.click();
    await seen(row);
  } else {
    expect(await back.count()).toBe(0);
    await expectOnScreen(page, row);
  }
  expect(faults, "errors in the page").toEqual([]);
  await context.close();
}

/** A file goes with a caption, from the host's origin to the server's. */
async function sendFile(page: Page, caption: string): Promise<void> {
  const { name, contentType, bytes } = makeText("plan.txt");
  const input = page.locator("input[type=file][aria-label=File]");
  await input.setInputFiles({ name, mimeType: contentType, buffer: bytes });
  await seen(page.getByRole("list", { name: "Files to send" }).getByText(name));
  await page.getByRole("textbox", { name: "Message", exact: true }).fill(caption);
  await page.getByRole("button", { name: "Send message" }).click();
  const message = page.getByRole("log", { name: "Messages" }).getByRole("article").filter({ hasText: caption });
  await seen(message.getByRole("img", { name: /^(Sent|Delivered|Read)$/ }));
}

/** Somebody's picture, which the server names by a path, comes from the server. */
async function expectPicture(page: Page): Promise<void> {
  const picture = page.locator("img").first();
  await eventually(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  expect(await picture.getAttribute("src")).toMatch(new RegExp(`^${server.url}/`));
}

/** Whole on the screen, once it has come to rest. */
async function expectOnScreen(page: Page, locator: Locator): Promise<void> {
  const { height, width } = page.viewportSize() ?? { height: 0, width: 0 };
  await eventually(async () => {
    const box = await locator.first().boundingBox();
    return box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
  }).toBe(true);
}

describe("an app that has installed the library", () => {
  journey("shows the whole chat on a desk from the example as it stands", ({ browser }) =>
    visit(browser, { viewport: DESK }, "", "Sent from a host's desk"),
  );

  journey("shows the whole chat in a parent that has no height", ({ browser }) =>
    visit(browser, { viewport: DESK }, "&unsized", "Sent from an unsized box"),
  );

  journey("shows the whole chat on a phone, one pane at a time", ({ browser }) =>
    visit(browser, PHONE, "", "Sent from a host's phone"),
  );

  journey("shows the parts beside each other from their example", ({ browser }) =>
    visit(browser, { viewport: DESK }, "&parts", "Sent from the parts"),
  );
});
