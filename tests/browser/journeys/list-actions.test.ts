/** What one does with conversations in the list: filters, the archive, and marks to come back to. */
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { PHONE, WITH_WORKER } from "../harness/devices";
import { journey } from "../harness/journey";
import { focusedName } from "../harness/keyboard";
import type { Screen } from "../harness/screen";
import { fillList } from "../harness/talk";
import { eventually, gone, seen } from "../harness/waiting";

describe("conversations", () => {
  journey(
    "are archived and brought back by the right button, live on another device",
    async ({ devices, host, server }) => {
      const va = await host.makePerson("va");
      const [first, second] = await fillList(host, server, va, 2);
      const [desk, other] = [await devices.signIn(va), await devices.signIn(va, PHONE)];
      await seen(other.entry(first.name));
      await choose(desk, first.name, "Archive");
      await gone(desk.entry(first.name), other.entry(first.name));
      await show(other, "Archived");
      await seen(other.entry(first.name));
      await gone(other.entry(second!.name));
      await desk.page.getByRole("button", { name: "Undo" }).click();
      await seen(desk.entry(first.name));
      await gone(other.entry(first.name));
      await seen(other.page.getByText("Nothing archived"));
    },
  );

  journey("are archived by keys, and the focus stays in the list", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const companies = await fillList(host, server, va, 3);
    const { page, ...screen } = await devices.signIn(va);
    await seen(screen.list.getByRole("link").nth(2));
    await screen.list.getByRole("searchbox").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await eventually(() => focusedName(page)).toContain(companies[1]!.name);
    await page.keyboard.press("Shift+F10");
    await eventually(() => focusedName(page)).toBe("Mark as unread");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await eventually(() => focusedName(page)).toContain(companies[2]!.name);
    await eventually(() => screen.list.getByRole("link").count()).toBe(2);
  });

  journey("come back with a new message", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const [company] = await fillList(host, server, va, 1);
    const screen = await devices.signIn(va);
    await choose(screen, company.name, "Archive");
    await gone(screen.entry(company.name));
    await eventually(() => screen.wire.hasCaughtUp).toBe(true);
    const writer = await Correspondent.connect(server, company);
    await writer.send(await host.makeRoom(va, company), "Are you there?");
    writer.close();
    await seen(screen.unreadEntry(company.name, 1));
  });

  journey("are archived without a network by a swipe, and once there is one", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const [first, second] = await fillList(host, server, va, 2);
    const phone = await devices.signIn(va, { ...PHONE, ...WITH_WORKER });
    await seen(phone.entry(second!.name));
    await phone.loseNetwork();
    await swipe(phone.page, phone, first.name, -180);
    await gone(phone.entry(first.name));
    await swipe(phone.page, phone, second!.name, 180);
    await seen(marked(phone, second!.name));
    const desk = await devices.signIn(va);
    await seen(desk.entry(first.name));
    await phone.findNetwork();
    await gone(desk.entry(first.name));
    await seen(marked(desk, second!.name));
  });

  journey(
    "that are marked as unread are shown with the unread ones, until they are opened",
    async ({ devices, host, server }) => {
      const va = await host.makePerson("va");
      const [first, second] = await fillList(host, server, va, 2);
      const screen = await devices.signIn(va);
      await choose(screen, first.name, "Mark as unread");
      await show(screen, "Unread");
      await seen(marked(screen, first.name));
      await gone(screen.entry(second!.name));
      await screen.open(first.name);
      await gone(marked(screen, first.name));
      await show(screen, "All");
      await screen.open(second!.name);
      await show(screen, "Unread");
      await gone(screen.entry(first.name));
    },
  );

  journey(
    "are muted without a network, through a reload, and everywhere once there is one",
    async ({ devices, host, server }) => {
      const va = await host.makePerson("va");
      const [company] = await fillList(host, server, va, 1);
      const [train, desk] = [await devices.signIn(va, WITH_WORKER), await devices.signIn(va)];
      await seen(train.entry(company.name), desk.entry(company.name));
      await train.loseNetwork();
      await choose(train, company.name, "Mute for 1 week");
      await seen(train.page.getByText("Conversation muted"), mutedMark(train, company.name));
      await train.page.reload();
      await seen(mutedMark(train, company.name));
      expect((await host.readPreferences(va)).mutedRooms).toEqual({});
      await train.findNetwork();
      await seen(mutedMark(desk, company.name));
      await choose(desk, company.name, "Unmute");
      await gone(mutedMark(train, company.name), mutedMark(desk, company.name));
    },
  );

  journey("whose muting is refused are as before, with a word", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const [company] = await fillList(host, server, va, 1);
    const screen = await devices.signIn(va);
    screen.guard.allow(/403/);
    await screen.page.route("**/mute", (route) =>
      route.fulfill({ status: 403, json: { success: false, error: "No.", code: "access_denied" } }),
    );
    await choose(screen, company.name, "Mute for 1 hour");
    await seen(screen.page.getByText(/The conversation stays as it was/));
    await gone(mutedMark(screen, company.name));
  });

  journey("whose archiving is refused come back, with a word", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const [company] = await fillList(host, server, va, 1);
    const screen = await devices.signIn(va);
    screen.guard.allow(/403/);
    await screen.page.route("**/archive", (route) =>
      route.fulfill({
        status: 403,
        json: { success: false, error: "No.", code: "access_denied" },
      }),
    );
    await choose(screen, company.name, "Archive");
    await seen(screen.page.getByText(/The archive stays as it was/));
    await seen(screen.entry(company.name));
    expect(await screen.page.getByRole("button", { name: "Undo" }).count()).toBe(0);
  });
});

async function choose(screen: Screen, name: string, item: string): Promise<void> {
  await screen.entry(name).click({ button: "right" });
  await screen.page.getByRole("menuitem", { name: item, exact: true }).click();
}

async function show(screen: Screen, filter: string): Promise<void> {
  await screen.list.getByRole("radio", { name: filter }).check();
}

function mutedMark(screen: Screen, name: string) {
  return screen.entry(name).getByRole("img", { name: /^Muted/ });
}

function marked(screen: Screen, name: string) {
  return screen.entry(name).filter({ hasText: "marked as unread" });
}

/** With a finger, over so many pixels. */
async function swipe(page: Page, screen: Screen, name: string, dx: number): Promise<void> {
  const box = await screen.entry(name).boundingBox();
  if (box === null) throw new Error(`${name} is not on the screen.`);
  const [x, y] = [box.x + box.width / 2 - dx / 2, box.y + box.height / 2];
  const session = await page.context().newCDPSession(page);
  const touch = (type: string, at?: number) =>
    session.send("Input.dispatchTouchEvent", {
      type: type as "touchStart",
      touchPoints: at === undefined ? [] : [{ x: at, y }],
    });
  await touch("touchStart", x);
  for (let step = 1; step <= 8; step++) await touch("touchMove", x + (dx * step) / 8);
  await touch("touchEnd");
  await session.detach();
}
