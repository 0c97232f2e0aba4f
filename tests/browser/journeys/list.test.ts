/** A list of many conversations. */
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { PHONE } from "../harness/devices";
import { journey, measure } from "../harness/journey";
import { focusedName } from "../harness/keyboard";
import { noteLongTasks, print, takeLongTasks } from "../harness/measures";
import type { Screen } from "../harness/screen";
import { fillList } from "../harness/talk";
import { eventually, seen, whenRendered } from "../harness/waiting";

const SLOWER = 4;
const WAYS_BACK = 3;
const MANY = 60;
/** Conversations that the list begins with. */
const FIRST_ANSWER = 500;

describe("a list of many conversations", () => {
  journey("has only some rows in the document, and tells screen readers of all", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const [newest] = await fillList(host, server, va, MANY);
    const screen = await devices.signIn(va);
    await seen(screen.entry(newest.name));
    expect(await screen.list.getByRole("link").count()).toBeLessThan(MANY / 2);
    const first = screen.list.getByRole("listitem").first();
    expect(await first.getAttribute("aria-setsize")).toBe(String(MANY));
    expect(await first.getAttribute("aria-posinset")).toBe("1");
  });

  journey("is walked through by keys, to its end and back", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const companies = await fillList(host, server, va, MANY);
    const screen = await devices.signIn(va);
    const { keyboard } = screen.page;
    await seen(screen.entry(companies[0].name));
    await screen.list.getByRole("searchbox").focus();
    for (const company of companies.slice(0, 20)) {
      await keyboard.press("ArrowDown");
      await eventually(() => focusedName(screen.page)).toContain(company.name);
    }
    await keyboard.press("End");
    await eventually(() => focusedName(screen.page)).toContain(companies.at(-1)?.name);
    await eventually(() => isOnScreen(screen)).toBe(true);
    await screen.list.hover();
    await screen.page.mouse.wheel(0, -100_000);
    await seen(screen.entry(companies[0].name));
    await keyboard.press("ArrowUp");
    await eventually(() => focusedName(screen.page)).toContain(companies.at(-2)?.name);
    await eventually(() => isOnScreen(screen)).toBe(true);
    await keyboard.press("Home");
    await eventually(() => focusedName(screen.page)).toContain(companies[0].name);
    await keyboard.press("ArrowUp");
    await eventually(() => focusedName(screen.page)).toBe("Search conversations");
  });

  journey("stands where it was on the way back from a conversation on a phone", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const companies = await fillList(host, server, va, MANY);
    const screen = await devices.signIn(va, PHONE);
    const row = screen.entry(companies[33]!.name);
    await seen(screen.entry(companies[0].name));
    await scrollTo(screen, 30);
    const place = (await row.boundingBox())?.y;
    await row.tap();
    await seen(screen.composer);
    await screen.page.getByRole("button", { name: "Back to conversations" }).tap();
    await seen(row);
    await eventually(() => focusedName(screen.page)).toContain(companies[33]!.name);
    await eventually(async () => (await row.boundingBox())?.y).toBe(place);
  });

  journey("moves nothing under the eyes of whoever has scrolled down", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const companies = await fillList(host, server, va, MANY);
    const screen = await devices.signIn(va);
    await seen(screen.entry(companies[0].name));
    await scrollTo(screen, 30);
    const row = screen.entry(companies[32]!.name);
    const place = (await row.boundingBox())?.y;
    for (const [index, company] of [companies[50]!, companies[30]!].entries()) {
      const writer = await Correspondent.connect(server, company);
      await writer.send(await host.makeRoom(va, company), "I come to the top");
      writer.close();
      await eventually(() => screen.page.title()).toBe(`(${index + 1}) Hyred Chat`);
      await whenRendered(screen.page);
      expect((await row.boundingBox())?.y).toBe(place);
    }
    await scrollTo(screen, 0);
    await seen(screen.unreadEntry(companies[50]!.name, 1), screen.unreadEntry(companies[30]!.name, 1));
  });

  journey("begins at its top when something is searched for", async ({ devices, host, server }) => {
    const va = await host.makePerson("va");
    const companies = await fillList(host, server, va, MANY);
    const screen = await devices.signIn(va);
    await seen(screen.entry(companies[0].name));
    await scrollTo(screen, 40);
    await screen.list.getByRole("searchbox").fill("Studio");
    await seen(screen.entry(companies[0].name));
    await screen.list.getByRole("searchbox").fill(companies[45]!.name);
    await eventually(() => screen.list.getByRole("link").count()).toBe(1);
    await seen(screen.entry(companies[45]!.name));
  });

  journey("goes on, is searched and is counted beyond what one answer has", async ({ devices, host, server }) => {
    const pair = await host.makePair();
    const other = await Correspondent.connect(server, pair.company);
    await other.sendAll(pair.roomId, ["one", "two", "three"]);
    other.close();
    const context = await devices.unpack({}, pair.va);
    await context.route(/\/api\/chat\/rooms(\?|$)/, async (route) => {
      const response = await route.fetch({
        url: route.request().url().split("?")[0]!,
      });
      const answer = (await response.json()) as {
        data: { id: string }[];
        page: { nextCursor: string | null };
      };
      const isFirst = !route.request().url().includes("cursor=");
      const newer = Array.from({ length: FIRST_ANSWER }, (_, number) => ({
        ...answer.data[0],
        id: `newer-${number}`,
        title: `Newer ${number}`,
        otherParticipant: null,
        unreadCount: 0,
      }));
      await route.fulfill({
        response,
        json: isFirst ? { ...answer, data: newer, page: { nextCursor: "older" } } : answer,
      });
    });
    const screen = await devices.openBlank(context);
    await screen.page.goto("/chat");
    await seen(screen.entry("Newer 0"));
    await eventually(() => screen.page.title()).toBe("(3) Hyred Chat");
    await screen.list.hover();
    await eventually(async () => {
      await screen.page.mouse.wheel(0, 100_000);
      return screen.entry(pair.company.name).isVisible();
    }).toBe(true);
    await screen.page.reload();
    await seen(screen.entry("Newer 0"));
    await screen.list.getByRole("searchbox").fill(pair.company.name);
    await seen(screen.entry(pair.company.name));
  });

  for (const length of [20, 300]) {
    measure(`costs the same at the start and on the way back, with ${length}`, async ({ devices, host, server }) => {
      const va = await host.makePerson("va");
      const [newest] = await fillList(host, server, va, length);
      const context = await devices.unpack(PHONE, va);
      await context.addInitScript(noteLongTasks);
      const screen = await devices.openBlank(context);
      const session = await context.newCDPSession(screen.page);
      await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
      await screen.page.goto("/chat");
      await seen(screen.entry(newest.name));
      printTasks(`${length} conversations, at the start`, await takeLongTasks(screen.page));
      for (let round = 0; round < WAYS_BACK; round++) {
        await screen.entry(newest.name).tap();
        await seen(screen.composer);
        await takeLongTasks(screen.page);
        await screen.page.getByRole("button", { name: "Back to conversations" }).tap();
        await seen(screen.entry(newest.name));
        printTasks(`${length} conversations, on the way back`, await takeLongTasks(screen.page));
      }
    });
  }
});

function printTasks(what: string, tasks: readonly number[]): void {
  const all = tasks.reduce((sum, duration) => sum + duration, 0);
  print(
    what,
    `${tasks.length} tasks over 50 ms, ${all.toFixed(0)} ms in all, longest ${Math.max(0, ...tasks).toFixed(0)} ms`,
  );
}

/** So that the row of that number is the topmost. */
async function scrollTo(screen: Screen, index: number): Promise<void> {
  const item = screen.list.getByRole("listitem").first();
  await item.evaluate((element, place) => {
    const frame = element.closest("ul")?.parentElement;
    frame?.scrollTo({
      top: place * element.getBoundingClientRect().height,
      behavior: "instant",
    });
  }, index);
  await seen(screen.list.locator(`li[aria-posinset="${index + 1}"]`));
}

/** What has the focus. */
function isOnScreen(screen: Screen): Promise<boolean> {
  return screen.page.evaluate(() => {
    const { top, bottom } = (document.activeElement ?? document.body).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
}
