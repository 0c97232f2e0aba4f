/** Long conversations: scrolling, jumping, switching. */
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { type Place, pointAtMessages, settle, turnWheel, visibleSeqs } from "../harness/history";
import type { Host, Pair } from "../harness/host";
import { journey } from "../harness/journey";
import { median, print, watchClick, watchText } from "../harness/measures";
import type { Server } from "../harness/server";
import { gone, seen } from "../harness/waiting";

const MESSAGES = 2_000;
/** Less than what is kept in the document beyond the screen: what comes into view has its size already. */
const WHEEL = 550;
const ROUNDING_PX = 2;
const SWITCH_BOUND_MS = 100;

describe("a long conversation", () => {
  journey(
    `of ${MESSAGES} messages scrolls up to its first, without a jump or a gap`,
    { timeout: 90_000 },
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await longConversation(host, server, MESSAGES);
      const screen = await devices.openConversation(va, company, roomId);
      await seen(screen.message(textOf(MESSAGES)));
      await pointAtMessages(screen);
      const all = new Set<number>();
      const jumps: string[] = [];
      let before = await settle(screen);
      let isAtStart = false;
      while (!isAtStart) {
        for (const { seq } of before) all.add(seq);
        const turned = Math.min(WHEEL, await screen.log.evaluate((log) => log.scrollTop));
        const after = await turnWheel(screen, -WHEEL);
        jumps.push(...jumpsBetween(before, after, turned));
        isAtStart = all.has(1) && JSON.stringify(after) === JSON.stringify(before);
        before = after;
      }
      expect(jumps).toEqual([]);
      expect([...all].sort((one, other) => one - other)).toEqual(
        Array.from({ length: MESSAGES }, (_, index) => index + 1),
      );
    },
  );

  journey(
    "is left where one reads when messages arrive, and jumps to the latest by a button that counts them",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await longConversation(host, server, 120);
      const screen = await devices.openConversation(va, company, roomId);
      await seen(screen.message(textOf(120)));
      await pointAtMessages(screen);
      const places = (await turnWheel(screen, -2 * WHEEL)).filter(({ isVisible }) => isVisible);
      const jump = screen.page.getByRole("button", { name: /^Jump to latest/ });
      await seen(jump);
      const other = await Correspondent.connect(server, company);
      await other.sendAll(roomId, ["new one", "new two"]);
      await seen(screen.page.getByRole("button", { name: "Jump to latest, 2 new" }));
      expect((await settle(screen)).filter(({ isVisible }) => isVisible)).toEqual(places);
      await jump.click();
      await seen(screen.message("new two"));
      await gone(jump);
      expect((await visibleSeqs(screen)).at(-1)).toBe(122);
      other.close();
    },
  );

  journey("opens at the line before the new messages", async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, 60, 30);
    const screen = await devices.openConversation(va, company, roomId);
    await seen(screen.newMessagesLine);
    expect(await visibleSeqs(screen)).toContain(31);
  });

  journey("shows days between its messages", async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, 3);
    const screen = await devices.openConversation(va, company, roomId);
    await seen(screen.log.getByRole("separator").filter({ hasText: "Today" }));
  });

  journey(`is switched to from the cache in under ${SWITCH_BOUND_MS} ms`, async ({ devices, host, server }) => {
    const one = await longConversation(host, server, 200);
    const company = await host.makePerson("company");
    const other = { va: one.va, company, roomId: await host.makeRoom(one.va, company) };
    await fill(server, other, 200, "elsewhere");
    await Correspondent.markRead(server, other.va, other.roomId, 200);
    const screen = await devices.openConversation(one.va, one.company, one.roomId);
    await seen(screen.message(textOf(200)));
    await screen.open(other.company.name);
    await seen(screen.message(textOf(200, "elsewhere")));
    const times: number[] = [];
    for (let round = 0; round < 10; round++) {
      const isBack = round % 2 === 0;
      const clickedAt = await watchClick(screen.page);
      const seenAt = await watchText(screen.page, textOf(200, isBack ? undefined : "elsewhere"));
      await screen.entry((isBack ? one : other).company.name).click();
      times.push((await seenAt()) - (await clickedAt()));
      await settle(screen);
    }
    print("conversation switch from the cache", times);
    expect(median(times)).toBeLessThan(SWITCH_BOUND_MS);
  });
});

/** Of different heights, so that guesses of a virtual list are wrong. */
function textOf(number: number, where = "here"): string {
  return `Message ${number} of the long talk ${where}.`;
}

/** The company has written so much; the assistant has read it, up to a message. */
async function longConversation(host: Host, server: Server, length: number, readSeq = length): Promise<Pair> {
  const pair = await host.makePair();
  await fill(server, pair, length);
  await Correspondent.markRead(server, pair.va, pair.roomId, readSeq);
  return pair;
}

async function fill(server: Server, { company, roomId }: Pair, length: number, where?: string): Promise<void> {
  const writer = await Correspondent.connect(server, company);
  const more = (number: number): string => " And so it goes on for some words.".repeat((number * 7) % 5);
  await writer.sendAll(
    roomId,
    Array.from({ length }, (_, index) => textOf(index + 1, where) + more(index + 1)),
  );
  writer.close();
}

/** What is in the document before and after has moved down by as much as the wheel was turned. */
function jumpsBetween(before: readonly Place[], after: readonly Place[], turned: number): string[] {
  const moves = before.flatMap(({ seq, top }) => {
    const now = after.find((place) => place.seq === seq);
    return now ? [{ seq, by: now.top - top }] : [];
  });
  if (moves.length === 0) return [`nothing of ${before[0]?.seq} to ${before.at(-1)?.seq} is left in the document`];
  return moves
    .filter(({ by }) => Math.abs(by - turned) > ROUNDING_PX)
    .map(({ seq, by }) => `message ${seq} moved by ${by.toFixed(1)} px instead of ${turned}`);
}
