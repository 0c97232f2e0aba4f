/** The library as a host meets it: packed, installed in a fresh app, its README's examples pasted, clicked through. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject } from "vitest";

import { openCamera, takePicture } from "../harness/camera";
import { Correspondent } from "../harness/correspondent";
import { DESK, Devices, PHONE } from "../harness/devices";
import { makeText } from "../harness/files";
import { visibleSeqs } from "../harness/history";
import { Host, type Pair, type Person } from "../harness/host";
import { journey } from "../harness/journey";
import { PATIENCE_MS } from "../harness/patience";
import type { Screen } from "../harness/screen";
import { foundIn, openSearch, sayFindable, searchField } from "../harness/searching";
import { Server } from "../harness/server";
import { Site } from "../harness/site";
import { fill } from "../harness/talk";
import { eventually, gone, seen } from "../harness/waiting";

const MAYA = "dev-token-maya@demo.hyred.example";

const ACCENT = "rgb(11, 107, 100)";

const colourOf = (element: Element): string => getComputedStyle(element).backgroundColor;

/** More than a conversation has on the page when it is opened. */
const LONG = 200;

let site: Site;
let server: Server;
let host: Host;

beforeAll(async () => {
  if (!inject("hasBrowser")) return;
  site = await Site.open();
  [server] = await Promise.all([Server.start({ HYRED_ALLOWED_ORIGINS: site.url }), site.pack()]);
  host = new Host(server);
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
  await sendTaken(page, `As of now: ${query}`);
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
  await sendTray(page, caption);
}

/** A picture that is taken in the host's page. */
async function sendTaken(page: Page, caption: string): Promise<void> {
  const dialog = await openCamera(page);
  await takePicture(dialog);
  await dialog.getByRole("button", { name: "Use picture" }).click();
  await seen(page.getByRole("list", { name: "Files to send" }).getByText(/\.jpg$/));
  await sendTray(page, caption);
}

async function sendTray(page: Page, caption: string): Promise<void> {
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

describe("whoever uses the library", () => {
  journey("edits, reacts and answers, and the other person sees it in the app", ({ browser }) =>
    withDevices(browser, async (devices) => {
      const pair = await host.makePair();
      const { va, company, roomId } = pair;
      const left = await openOnSite(devices, va);
      const right = await devices.openConversation(company, va, roomId);
      await row(left, company).click();
      await left.whenOpen(company.name);
      await left.send("helo");
      await seen(right.message("helo"));
      await left.composer.press("ArrowUp");
      await seen(left.page.getByText("Editing your message"));
      await left.composer.fill("hello");
      await left.composer.press("Enter");
      await seen(right.message("hello").getByRole("button", { name: "edited" }));
      await right.send("shall we?");
      await seen(left.message("shall we?"));
      const menu = await left.openActions("shall we?");
      await menu.getByRole("menuitemcheckbox", { name: /React with .*🎉/ }).click();
      await seen(right.reaction("shall we?", "🎉"));
      await left.message("shall we?").hover();
      await left.page.getByRole("button", { name: "Reply", exact: true }).click();
      await seen(left.page.getByText("Replying to"));
      await left.send("on Monday");
      await seen(right.message("on Monday").getByRole("button", { name: /shall we\?/ }));
      expect((await host.readRoom(va, roomId)).map(({ content }) => content)).toEqual([
        "hello",
        "shall we?",
        "on Monday",
      ]);
    }),
  );

  journey("finds what was said long ago in another conversation by keyboard alone, and is led to it", ({ browser }) =>
    withDevices(browser, async (devices) => {
      const { pair, other } = await makeLongAgo();
      const screen = await openOnSite(devices, pair.va);
      await row(screen, other).click();
      await screen.whenOpen(other.name);
      await screen.composer.press("Control+k");
      await searchField(screen).fill("quok");
      await seen(foundIn(screen, "Messages", "The quokka invoice is due"));
      await searchField(screen).press("Enter");
      await expectLedToQuokka(screen, pair);
    }),
  );

  journey("has the shortcut of the search only in the chat, where the page does not take it", ({ browser }) =>
    withDevices(browser, async (devices) => {
      const { va, company } = await host.makePair();
      const screen = await openOnSite(devices, va);
      await row(screen, company).click();
      await screen.whenOpen(company.name);
      await screen.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await screen.page.keyboard.press("Control+k");
      expect(await screen.page.getByRole("dialog").count(), "while the keyboard is elsewhere").toBe(0);
      await takeKeys(screen, true);
      await screen.composer.press("Control+k");
      expect(await screen.page.getByRole("dialog").count(), "while the page has taken the key").toBe(0);
      await takeKeys(screen, false);
      await screen.composer.focus();
      await openSearch(screen);
      await screen.page.keyboard.press("Escape");
      await gone(searchField(screen));
      expect(await screen.composer.evaluate((composer) => composer === document.activeElement)).toBe(true);
    }),
  );

  journey("finds, is led there, and reads what was done and what is new, on a phone", ({ browser }) =>
    withDevices(browser, async (devices) => {
      const { pair, other } = await makeLongAgo();
      const screen = await openOnSite(devices, pair.va, PHONE);
      await screen.page.getByRole("button", { name: /^Search everything/ }).tap();
      await searchField(screen).fill("quokka");
      await foundIn(screen, "Messages", "The quokka invoice is due").tap();
      await expectLedToQuokka(screen, pair);
      const menu = await screen.openActions("quokka");
      await menu.getByRole("menuitem", { name: "Pin", exact: true }).click();
      await seen(screen.page.getByRole("status").filter({ hasText: "Message pinned" }));
      const writer = await Correspondent.connect(server, other);
      await writer.send(await host.makeRoom(pair.va, other), "Are you there?");
      writer.close();
      await seen(screen.toasts.getByText("Are you there?"));
    }),
  );

  journey("finds by the part, and sees what a conversation is", ({ browser }) =>
    withDevices(browser, async (devices) => {
      const { pair, other } = await makeLongAgo();
      const screen = await openOnSite(devices, pair.va, {}, "&parts");
      await row(screen, other).click();
      await screen.whenOpen(other.name);
      await screen.page.getByRole("button", { name: "Search", exact: true }).click();
      await searchField(screen).fill("quokka");
      await foundIn(screen, "Messages", "The quokka invoice is due").click();
      await expectLedToQuokka(screen, pair);
      await screen.page.getByRole("button", { name: `Profile of ${pair.company.name}` }).click();
      await seen(screen.page.getByRole("dialog", { name: "Profile" }).getByText(pair.company.name));
    }),
  );
});

/** Devices of people of the library's server. Nothing may go wrong on any of their pages. */
async function withDevices(browser: Browser, act: (devices: Devices) => Promise<void>): Promise<void> {
  const devices = new Devices(browser, server);
  let faults: string[] = [];
  try {
    await act(devices);
  } finally {
    faults = await devices.closeAll();
  }
  expect(faults, "errors in the pages").toEqual([]);
}

/** The host's site, with somebody's chat on it. */
async function openOnSite(devices: Devices, person: Person, options: object = {}, query = ""): Promise<Screen> {
  const context = await devices.unpack({ ...options, baseURL: site.url });
  const screen = await devices.openTab(context, `/?token=${person.token}${query}`);
  await seen(screen.page.locator("a[data-room]"));
  return screen;
}

function row(screen: Screen, person: Person): Locator {
  return screen.page.locator("a[data-room]").filter({ hasText: person.name });
}

/** Something that was said long ago in a conversation, and another conversation. */
async function makeLongAgo(): Promise<{ pair: Pair; other: Person }> {
  const pair = await host.makePair();
  const other = await host.makePerson("company");
  await host.makeRoom(pair.va, other);
  await sayFindable(server, host, pair, "The quokka invoice is due", "quokka");
  await fill(server, pair, LONG);
  await Correspondent.markRead(server, pair.va, pair.roomId, LONG + 1);
  return { pair, other };
}

async function expectLedToQuokka(screen: Screen, { company }: Pair): Promise<void> {
  await gone(searchField(screen));
  await screen.whenOpen(company.name);
  await seen(screen.message("quokka"));
  await eventually(() => visibleSeqs(screen)).toContain(1);
  await eventually(() => screen.message("quokka").evaluate((it) => it === document.activeElement)).toBe(true);
}

/** From now on the host's page takes all keys before the chat sees them, or does so no longer. */
async function takeKeys(screen: Screen, isTaken: boolean): Promise<void> {
  await screen.page.evaluate((take) => {
    const page = window as unknown as { taking?: AbortController };
    page.taking?.abort();
    if (!take) return;
    page.taking = new AbortController();
    const { signal } = page.taking;
    document.addEventListener("keydown", (event) => event.preventDefault(), { capture: true, signal });
  }, isTaken);
}
