/** For people whose system chooses the colours, whose text is larger, and whose window is magnified. */
import type { Locator, Page } from "playwright-core";
import { describe, expect } from "vitest";

import { findViolations } from "../harness/accessibility";
import { enlargeText, LITTLE_ROOM } from "../harness/adaptations";
import { Correspondent } from "../harness/correspondent";
import { WITH_WORKER } from "../harness/devices";
import { settle } from "../harness/history";
import { journey } from "../harness/journey";
import { focusedName, focusedRole, tabTo } from "../harness/keyboard";
import { eventually, gone, seen, whenRendered } from "../harness/waiting";

/** 1280×720 at 400 %. */
const LEAST_ROOM = { width: 320, height: 180 };
/** A dialog fills it, however little is in it. */
const NARROW = { width: 700, height: 900 };
const SIX_LINES = "line\n".repeat(5) + "line";

describe("in forced colours", () => {
  journey("everybody's status has a shape of its own", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const statuses = ["online", "away", "busy", "offline"] as const;
    const looks = new Set<string>();
    const screen = await devices.signIn(va, { forcedColors: "active" });
    for (const status of statuses) {
      const company = await host.makePerson("company");
      await host.makeRoom(va, company);
      const other = await Correspondent.connect(server, company);
      await other.send(await host.makeRoom(va, company), `I am ${status}`);
      other.setStatus(status);
      const dot = screen.entry(company.name).locator(`.hc-presence--${status}`);
      await seen(dot);
      looks.add(await dot.evaluate((element) => getComputedStyle(element).background));
      other.close();
    }
    expect(looks.size).toBe(statuses.length);
  });

  journey(
    "bubbles have an edge, the chosen conversation a frame, counts a shape",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const other = await host.makePerson("company");
      const writer = await Correspondent.connect(server, company);
      await writer.send(roomId, "Theirs");
      writer.close();
      const screen = await devices.openConversation(va, company, roomId, {
        forcedColors: "active",
      });
      await screen.send("Mine");
      for (const text of ["Theirs", "Mine"]) {
        const bubble = bubbleOf(screen.message(text));
        expect(await bubble.evaluate((element) => getComputedStyle(element).borderTopWidth)).toBe("1px");
      }
      expect(await screen.entry(company.name).evaluate((row) => getComputedStyle(row).outlineStyle)).toBe("solid");
      const second = await Correspondent.connect(server, other);
      await second.send(await host.makeRoom(va, other), "Unread");
      second.close();
      const entry = screen.unreadEntry(other.name, 1);
      await seen(entry);
      const [ground, count] = await entry.evaluate((row) => {
        const badge = row.querySelector("[aria-hidden=true]:not(.hc-avatar)");
        return [document.body, badge ?? row].map((element) => getComputedStyle(element).backgroundColor);
      });
      expect(count).not.toBe(ground);
    },
  );
});

describe("with larger text", () => {
  journey("messages, names and fields are larger, and nothing is wider than the window", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    await screen.send("How large am I?");
    const parts = [screen.message("How large"), screen.composer, screen.entry(company.name)];
    const sizes = () =>
      Promise.all(parts.map((part) => part.evaluate((one) => parseFloat(getComputedStyle(one).fontSize))));
    const before = await sizes();
    await enlargeText(screen.page, 24);
    await eventually(sizes).toEqual(before.map((size) => size * 1.5));
    expect(await screen.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
});

describe("in little room", () => {
  journey("a long draft leaves its button and a message on the screen", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    await screen.send("Can you still read me?");
    for (const viewport of [LITTLE_ROOM, LEAST_ROOM]) {
      await screen.page.setViewportSize(viewport);
      await screen.composer.fill(SIX_LINES);
      await eventually(() => bottomOf(screen.sendButton)).toBeLessThanOrEqual(viewport.height);
      const message = bubbleOf(screen.message("Can you still"));
      await eventually(async () => (await topOf(screen.composer)) - (await bottomOf(message))).toBeGreaterThanOrEqual(
        0,
      );
      await settle(screen);
      const { height = 0 } = (await message.boundingBox()) ?? {};
      const { y: top = 0 } = (await screen.log.boundingBox()) ?? {};
      expect(await topOf(message)).toBeGreaterThanOrEqual(top - height / 2);
      // All of the draft is reached by scrolling in the field itself.
      expect(await screen.composer.evaluate((field) => field.scrollHeight > field.clientHeight)).toBe(true);
    }
  });
});

describe("by keyboard, in forced colours, with large text, in little room", () => {
  journey("every screen can be reached, used and left", async ({ devices }) => {
    const context = await devices.unpack({
      viewport: LITTLE_ROOM,
      forcedColors: "active",
      reducedMotion: "reduce",
      ...WITH_WORKER,
    });
    const screen = await devices.openTab(context, "/");
    const { page } = screen;
    const { keyboard } = page;
    await enlargeText(page);
    await press(page, /^Theo Lindqvist/);
    await seen(screen.account);

    await press(page, /^New conversation$/);
    await eventually(() => focusedName(page)).toBe("Search people");
    await leaveDialog(page, "New conversation");

    await press(page, /^Notifications/);
    await press(page, /^Notification preferences$/);
    await seen(page.getByRole("switch"));
    await tabTo(page, /^Push: Chat messages$/);
    await expectOnScreen(page);
    await leaveDialog(page, "Notification preferences");

    await chooseByKeys(page, "Settings");
    await seen(page.getByRole("radio", { name: "System theme" }));
    await tabTo(page, /^System theme$/);
    await expectOnScreen(page);
    await leaveDialog(page, "Settings");

    await tabTo(page, /^Search conversations$/);
    await keyboard.type("brightline");
    await eventually(() => screen.list.getByRole("link").count()).toBe(1);
    await keyboard.press("ArrowDown");
    await eventually(() => focusedName(page)).toMatch(/^Brightline Logistics/);
    await expectOnScreen(page);
    await keyboard.press("Enter");
    await seen(page.getByRole("main", { name: /^Conversation with Brightline/ }));
    await press(page, /^Profile of Brightline/);
    await seen(page.getByRole("dialog", { name: "Profile" }));
    await leaveDialog(page, "Profile");
    await press(page, /^Conversation menu$/);
    await eventually(() => focusedRole(page)).toMatch(/^menuitem/);
    await keyboard.press("Escape");
    await gone(page.getByRole("menu"));
    await screen.loseNetwork();
    await tabTo(page, /^Message$/);
    await keyboard.type("By keys alone");
    await keyboard.press("Control+Enter");
    await seen(screen.tick("By keys alone", "Queued"));
    await screen.findNetwork();
    await seen(screen.tick("By keys alone", "Sent"));
    await press(page, /^Back to conversations$/, "Shift+Tab");
    await eventually(() => focusedName(page)).toMatch(/^Brightline Logistics/);

    await chooseByKeys(page, "Sign out");
    await seen(page.getByRole("heading", { level: 1, name: "Sign in to Hyred Chat" }));
    screen.guard.allow(/status of 404/);
    await page.goto("/nothing/here");
    await press(page, /conversations$/);
    await seen(page.getByRole("heading", { level: 1, name: "Sign in to Hyred Chat" }));
  });
});

describe("by keyboard", () => {
  journey("the members of a large group are scrolled through", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    const others = await Promise.all(Array.from({ length: 40 }, () => host.makePerson("company")));
    const roomId = await host.makeGroup("Everybody", [va, ...others]);
    const { page, composer } = await devices.signIn(va, {}, `/chat/${roomId}`);
    await seen(composer, page.getByRole("heading", { name: "41 members" }));
    expect(await findViolations(page)).toEqual([]);
    await tabTo(page, /^Archive$/);
    await page.keyboard.press("End");
    await eventually(() => page.getByRole("complementary").evaluate((column) => column.scrollTop)).toBeGreaterThan(100);
  });
});

describe("a box that begins to scroll", () => {
  /** Each way in which what is in it may no longer fit, and back. */
  const ways: Readonly<Record<string, (page: Page, content: Locator, isTooMuch: boolean) => Promise<void>>> = {
    "in a lower window": (page, _, isTooMuch) => page.setViewportSize(isTooMuch ? LITTLE_ROOM : NARROW),
    "with more in it": (_, content, isTooMuch) =>
      content.evaluate((element, isMore) => {
        if (!isMore) return element.lastElementChild?.remove();
        element.append(
          Object.assign(document.createElement("p"), {
            textContent: "more ".repeat(4_000),
          }),
        );
      }, isTooMuch),
    "with wider edges": (_, content, isTooMuch) =>
      content.evaluate(
        (element, width) => void ((element as HTMLElement).style.borderBlock = width),
        isTooMuch ? "600px solid" : "",
      ),
  };

  journey("is a stop for the keyboard, and none when all fits again", async ({ devices, host }) => {
    const screen = await devices.signIn(await host.makePerson("va"), {
      viewport: NARROW,
    });
    const { page } = screen;
    const dialog = await screen.openBell();
    await seen(dialog.getByText("Nothing new"));
    const content = dialog.locator(".hc-notifications");
    const stop = () => content.locator("..").getAttribute("tabindex");
    await eventually(stop).toBeNull();
    for (const [way, change] of Object.entries(ways)) {
      await change(page, content, true);
      await whenRendered(page);
      expect(await stop(), way).toBe("0");
      await change(page, content, false);
      await whenRendered(page);
      expect(await stop(), `${way}, and back`).toBeNull();
    }
  });

  journey("is one while its only control is disabled, and none while that can be used", async ({ devices, host }) => {
    const screen = await devices.signIn(await host.makePerson("va"));
    const { page } = screen;
    const dialog = await screen.openBell();
    await seen(dialog.getByText("Nothing new"));
    await page.setViewportSize(LITTLE_ROOM);
    const content = dialog.locator(".hc-notifications");
    const stop = () => content.locator("..").getAttribute("tabindex");
    await content.evaluate((element) => element.append(document.createElement("button"), "more ".repeat(400)));
    const button = content.locator("button");
    for (const isDisabled of [true, false, true]) {
      await button.evaluate((element, value) => ((element as HTMLButtonElement).disabled = value), isDisabled);
      await whenRendered(page);
      expect(await stop()).toBe(isDisabled ? "0" : null);
    }
  });
});

describe("stacks of marks", () => {
  const stack = (text: string): string =>
    [...text].map((letter) => letter + "\u0301\u0316\u0324\u0339".repeat(10)).join("");

  journey("in a message leave the messages beside it readable", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const writer = await Correspondent.connect(server, company);
    await writer.sendAll(roomId, ["Before", stack("zalgo"), "After"]);
    writer.close();
    const screen = await devices.openConversation(va, company, roomId);
    await seen(screen.message("After"));
    await settle(screen);
    const between = screen.log.getByRole("article").nth(1);
    for (const text of ["Before", "After"]) await expectUntouched(bubbleOf(screen.message(text)), between);
  });

  journey("in a name leave what stands beside it readable", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const names = ["First Studio", stack("Mark"), "Third Studio"];
    const writers: Correspondent[] = [];
    for (const name of names) {
      const company = await host.makePerson("company", name);
      const writer = await Correspondent.connect(server, company);
      await writer.send(await host.makeRoom(va, company), "Hello");
      writers.push(writer); // who leaves would be seen to leave, between two pictures of the same
    }
    const screen = await devices.signIn(va);
    await seen(screen.entry("First Studio"));
    const between = screen.list.getByRole("link").nth(1);
    for (const name of ["First Studio", "Third Studio"]) await expectUntouched(screen.entry(name), between);
    await between.click();
    await seen(screen.message("Hello"));
    await settle(screen);
    await expectUntouched(bubbleOf(screen.message("Hello")), screen.page.locator("header bdi").first());
    for (const writer of writers) writer.close();
  });
});

/** Goes there by Tab, sees that it is on the screen, and presses Enter. */
async function press(page: Page, name: RegExp, key?: "Shift+Tab"): Promise<void> {
  await tabTo(page, name, key);
  await expectOnScreen(page);
  await page.keyboard.press("Enter");
}

async function chooseByKeys(page: Page, item: string): Promise<void> {
  await press(page, /^Your account$/);
  for (let passed = 0; passed < 12 && (await focusedName(page)) !== item; passed++) {
    await eventually(() => focusedRole(page)).toMatch(/^menuitem/);
    await page.keyboard.press("ArrowDown");
  }
  await expectOnScreen(page);
  await page.keyboard.press("Enter");
}

async function leaveDialog(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Escape");
  await gone(page.getByRole("dialog", { name }));
}

/** What has the focus is seen, at least in good part. */
async function expectOnScreen(page: Page): Promise<void> {
  const seenPart = () =>
    page.evaluate(() => {
      const { top, bottom, height } = (document.activeElement ?? document.body).getBoundingClientRect();
      return (Math.min(bottom, innerHeight) - Math.max(top, 0)) / Math.min(height, 44);
    });
  await eventually(seenPart).toBeGreaterThan(0.9);
}

/** It looks the same when what is suspected of lying on it is hidden. */
async function expectUntouched(part: Locator, suspect: Locator): Promise<void> {
  const options = { animations: "disabled", caret: "hide" } as const;
  const before = await part.screenshot(options);
  const hidden = await suspect.elementHandle();
  await hidden?.evaluate((element) => ((element as HTMLElement).style.visibility = "hidden"));
  const after = await part.screenshot(options);
  await hidden?.evaluate((element) => ((element as HTMLElement).style.visibility = ""));
  expect(await countDifferences(part.page(), before, after)).toBe(0);
}

/** How many pixels of two pictures are clearly not the same: edges of letters are smoothed a little differently each time. */
function countDifferences(page: Page, ...pictures: [Buffer, Buffer]): Promise<number> {
  return page.evaluate(
    async (encoded) => {
      const [one, other] = await Promise.all(
        encoded.map(async (picture) => {
          const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes]));
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
          canvas?.drawImage(bitmap, 0, 0);
          return canvas?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? new Uint8ClampedArray();
        }),
      );
      return [...(one ?? [])].filter((value, index) => Math.abs(value - (other?.[index] ?? NaN)) > 40).length;
    },
    pictures.map((picture) => picture.toString("base64")),
  );
}

function bubbleOf(message: Locator): Locator {
  return message.locator("> div").first();
}

async function topOf(part: Locator): Promise<number> {
  return (await part.boundingBox())?.y ?? NaN;
}

async function bottomOf(part: Locator): Promise<number> {
  const box = await part.boundingBox();
  return box === null ? NaN : box.y + box.height;
}
