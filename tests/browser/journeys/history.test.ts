/** Long conversations: scrolling, jumping, switching. */
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { type Place, pointAtMessages, roomAbove, settle, turnWheel, visibleSeqs, whenAbove } from "../harness/history";
import { journey } from "../harness/journey";
import { longConversation, textOf } from "../harness/talk";
import { eventually, gone, seen } from "../harness/waiting";

/** Twelve times as many as come at once. */
const MESSAGES = 600;
/** Less than what is kept in the document beyond the screen: what comes into view has its size already. */
const WHEEL = 550;
const ROUNDING_PX = 2;

describe("a long conversation", () => {
  journey(
    `of ${MESSAGES} messages scrolls up to its first, without a jump or a gap`,
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await longConversation(host, server, MESSAGES);
      const screen = await devices.openConversation(va, company, roomId);
      await seen(screen.message(textOf(MESSAGES)));
      await pointAtMessages(screen);
      const all = new Set<number>();
      const jumps: string[] = [];
      await whenAbove(screen, WHEEL);
      let before = await settle(screen);
      let isAtStart = false;
      while (!isAtStart) {
        for (const { seq } of before) all.add(seq);
        const turned = Math.min(WHEEL, await roomAbove(screen));
        await turnWheel(screen, -WHEEL);
        await whenAbove(screen, WHEEL);
        const after = await settle(screen);
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
      await turnWheel(screen, -2 * WHEEL);
      const places = (await settle(screen)).filter(({ isVisible }) => isVisible);
      const jump = screen.page.getByRole("button", { name: /^Jump to latest/ });
      await seen(jump);
      const other = await Correspondent.connect(server, company);
      await other.sendAll(roomId, ["new one", "new two"]);
      await seen(screen.page.getByRole("button", { name: "Jump to latest, 2 new" }));
      expect((await settle(screen)).filter(({ isVisible }) => isVisible)).toEqual(places);
      await jump.click();
      await seen(screen.message("new two"));
      await gone(jump);
      await eventually(async () => (await visibleSeqs(screen)).at(-1)).toBe(122);
      other.close();
    },
  );

  journey("opens at the line before the new messages", async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, 60, {
      readSeq: 30,
    });
    const screen = await devices.openConversation(va, company, roomId);
    await seen(screen.newMessagesLine);
    await eventually(() => visibleSeqs(screen)).toContain(31);
  });

  journey("shows days between its messages", async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, 3);
    const screen = await devices.openConversation(va, company, roomId);
    await seen(screen.log.getByRole("separator").filter({ hasText: "Today" }));
  });
});

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
