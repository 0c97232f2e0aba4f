/**
 * How long people wait. On a machine that is busy with something else the figures are wrong: they are printed, and only
 * MEASURE=1 takes more of them and asks for the bounds.
 */
import type { Page } from "playwright-core";
import { describe } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { WITH_WORKER } from "../harness/devices";
import { settle } from "../harness/history";
import { journey } from "../harness/journey";
import { bound, isMeasuring, watchClick, watchText } from "../harness/measures";
import { fill, longConversation, textOf } from "../harness/talk";
import { eventually, seen } from "../harness/waiting";

const SLOWER = 4;
const LOADS = isMeasuring ? 9 : 1;
const ROUNDS = isMeasuring ? 60 : 5;
const SWITCHES = isMeasuring ? 40 : 4;
const PAINT_BOUND_MS = 1_000;
const SLOW_PAINT_BOUND_MS = 2_500;
/** 50 KB a second each way, 400 ms to the server and back. */
const SLOW_3G = {
  latency: 400,
  downloadThroughput: 50_000,
  uploadThroughput: 50_000,
};
const LIST_BOUND_MS = 1_500;
const SEND_BOUND_MS = 50;
const SWITCH_BOUND_MS = 100;

interface Timed extends Window {
  listAt: number;
}

describe("people wait little", () => {
  journey(
    `for the first load: ${PAINT_BOUND_MS} ms to a picture, ${LIST_BOUND_MS} ms to a list, slowed ${SLOWER} times`,
    async ({ devices, host, server }) => {
      const va = await host.makePerson("va");
      for (let count = 0; count < 20; count++) {
        const company = await host.makePerson("company");
        const writer = await Correspondent.connect(server, company);
        await writer.send(await host.makeRoom(va, company), "Hello");
        writer.close();
      }
      const paints: number[] = [];
      const lists: number[] = [];
      for (let load = 0; load < LOADS; load++) {
        const context = await devices.unpack(WITH_WORKER, va); // with nothing in its cache
        await context.addInitScript(timeList);
        const { page, list } = await devices.openBlank(context);
        const session = await context.newCDPSession(page);
        await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
        await page.goto("/chat", { waitUntil: "commit" });
        await list.getByRole("link").first().waitFor();
        await page.waitForFunction(() => "listAt" in window);
        lists.push(await page.evaluate(() => (window as unknown as Timed).listAt));
        paints.push(await firstPaintOf(page));
        await context.close();
      }
      bound(`first contentful paint, ${SLOWER} times slower`, paints, PAINT_BOUND_MS);
      bound(`list interactive, ${SLOWER} times slower`, lists, LIST_BOUND_MS);
    },
  );

  journey(
    `for a first picture over slow 3G: ${SLOW_PAINT_BOUND_MS} ms, slowed ${SLOWER} times`,
    async ({ devices }) => {
      const paints: number[] = [];
      for (let load = 0; load < LOADS; load++) {
        const context = await devices.unpack(WITH_WORKER); // nobody has ever been here
        const { page } = await devices.openBlank(context);
        const session = await context.newCDPSession(page);
        await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
        await session.send("Network.emulateNetworkConditions", {
          offline: false,
          ...SLOW_3G,
        });
        await page.goto("/", { waitUntil: "commit" });
        await page.getByRole("button").first().waitFor();
        paints.push(await firstPaintOf(page));
        await context.close();
      }
      bound(`first contentful paint, slow 3G, ${SLOWER} times slower`, paints, SLOW_PAINT_BOUND_MS);
    },
  );

  journey(`from the click on send to the other screen: ${SEND_BOUND_MS} ms`, async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    const times: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const text = `Round ${round} of the measurement.`;
      await left.composer.fill(text);
      const clickedAt = await watchClick(left.page);
      const seenAt = await watchText(right.page, text);
      await left.sendButton.click();
      times.push((await seenAt()) - (await clickedAt()));
    }
    bound("from the click on send to the other screen", times, SEND_BOUND_MS);
  });

  journey(`from the click on a reaction to the other screen: ${SEND_BOUND_MS} ms`, async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    await right.send("shall we?");
    await right.message("shall we?").hover();
    await right.page.getByRole("button", { name: "React", exact: true }).click();
    await right.page.getByRole("menuitemcheckbox", { name: /React with .*🎉/ }).click();
    await seen(left.reaction("shall we?", "🎉"));
    const times: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const clickedAt = await watchClick(left.page);
      const seenAt = await watchText(right.page, "🎉2");
      await left.reaction("shall we?", "🎉").click();
      times.push((await seenAt()) - (await clickedAt()));
      await left.reaction("shall we?", "🎉").click();
      await eventually(() => right.reaction("shall we?", "🎉").textContent()).toBe("🎉");
    }
    bound("from the click on a reaction to the other screen", times, SEND_BOUND_MS);
  });

  journey(`for a conversation that is in the cache: ${SWITCH_BOUND_MS} ms`, async ({ devices, host, server }) => {
    const one = await longConversation(host, server, 200);
    const company = await host.makePerson("company");
    const other = {
      va: one.va,
      company,
      roomId: await host.makeRoom(one.va, company),
    };
    await fill(server, other, 200, "elsewhere");
    await Correspondent.markRead(server, other.va, other.roomId, 200);
    const screen = await devices.openConversation(one.va, one.company, one.roomId);
    await seen(screen.message(textOf(200)));
    await screen.open(other.company.name);
    await seen(screen.message(textOf(200, "elsewhere")));
    const times: number[] = [];
    for (let round = 0; round < SWITCHES; round++) {
      const isBack = round % 2 === 0;
      const clickedAt = await watchClick(screen.page);
      const seenAt = await watchText(screen.page, textOf(200, isBack ? undefined : "elsewhere"));
      await screen.entry((isBack ? one : other).company.name).click();
      times.push((await seenAt()) - (await clickedAt()));
      await settle(screen);
    }
    bound("from the click on a conversation to its messages", times, SWITCH_BOUND_MS);
  });
});

function firstPaintOf(page: Page): Promise<number> {
  return page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN);
}

/** Runs in the page: the list is interactive in the first task after the frame that paints its first conversation. */
function timeList(): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector("nav a[href^='/chat/']")) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => ((window as unknown as Timed).listAt = performance.now());
      port2.postMessage(null);
    });
  });
  observer.observe(document, { subtree: true, childList: true });
}
