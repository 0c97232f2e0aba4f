/** Jumps far back into a long conversation, and the way on from there. */
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { WITH_WORKER } from "../harness/devices";
import { pointAtMessages, settle, turnWheel, visibleSeqs } from "../harness/history";
import { journey } from "../harness/journey";
import { focusedName } from "../harness/keyboard";
import { longConversation, textOf } from "../harness/talk";
import { eventually, gone, seen } from "../harness/waiting";

const MESSAGES = 300;
/** Less than what is kept in the document beyond the screen. */
const WHEEL = 550;

describe("somebody who goes to the very first message", () => {
  journey(
    "sees it with what came after it, reads on to the present without a gap, and misses nothing that came meanwhile",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await longConversation(host, server, MESSAGES);
      const screen = await devices.openConversation(va, company, roomId);
      await seen(screen.message(textOf(MESSAGES)));
      await screen.log.press("Home");
      await seen(screen.message(textOf(1)));
      expect((await visibleSeqs(screen))[0]).toBe(1);
      const other = await Correspondent.connect(server, company);
      await other.sendAll(roomId, ["said meanwhile"]);
      await seen(screen.page.getByRole("button", { name: "Jump to latest, 1 new" }));
      await gone(screen.message("said meanwhile"));

      await pointAtMessages(screen);
      const all = new Set<number>();
      while (!all.has(MESSAGES + 1)) {
        const places = await settle(screen);
        for (const { seq } of places) all.add(seq);
        // What is in the document is one run.
        expect(places.map(({ seq }) => seq)).toEqual(places.map((_, index) => places[0]!.seq + index));
        await turnWheel(screen, WHEEL);
      }
      await seen(screen.message("said meanwhile"));
      expect([...all].sort((one, two) => one - two)).toEqual(Array.from({ length: MESSAGES + 1 }, (_, at) => at + 1));
      other.close();
    },
  );

  journey("comes back to the latest by a button and by a key", async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, MESSAGES);
    const screen = await devices.openConversation(va, company, roomId);
    await seen(screen.message(textOf(MESSAGES)));
    const jump = screen.page.getByRole("button", { name: /^Jump to latest/ });
    for (const goBack of [() => jump.click(), () => screen.log.press("End")]) {
      await screen.log.press("Home");
      await seen(screen.message(textOf(1)));
      await goBack();
      await eventually(async () => (await visibleSeqs(screen)).at(-1)).toBe(MESSAGES);
      await gone(jump);
    }
    await screen.send("written at the end");
    await eventually(async () => (await visibleSeqs(screen)).at(-1)).toBe(MESSAGES + 1);
  });

  journey("writes to the present, and is taken there", async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, MESSAGES);
    const screen = await devices.openConversation(va, company, roomId);
    await screen.log.press("Home");
    await seen(screen.message(textOf(1)));
    await screen.send("an answer");
    await eventually(async () => (await visibleSeqs(screen)).at(-1)).toBe(MESSAGES + 1);
  });

  journey("is told when it cannot be had, and stays where they are", async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, MESSAGES);
    const screen = await devices.openConversation(va, company, roomId, WITH_WORKER);
    await seen(screen.message(textOf(MESSAGES)));
    await screen.loseNetwork();
    await screen.log.press("Home");
    const failure = screen.page.getByRole("alert").filter({ hasText: "That message could not be loaded" });
    await seen(failure);
    expect((await visibleSeqs(screen)).at(-1)).toBe(MESSAGES);
    await screen.findNetwork();
    await screen.whenOnline();
    await screen.log.press("Home");
    await seen(screen.message(textOf(1)));
    await gone(failure);
  });
});

describe("the day at the top of the messages", () => {
  journey(
    "stays there while one scrolls, and leads to a date and to the first message",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await longConversation(host, server, MESSAGES);
      const screen = await devices.openConversation(va, company, roomId);
      await seen(screen.message(textOf(MESSAGES)));
      const day = screen.page.getByRole("button", { name: "Today. Go to another day" });
      await seen(day);
      await day.click();
      await screen.page.getByRole("menuitem", { name: "The first message" }).click();
      await seen(screen.message(textOf(1)));
      await eventually(() => screen.message(textOf(1)).evaluate((one) => one === document.activeElement)).toBe(true);
      // The line of the day itself is on the screen there.
      await gone(day);
      await screen.log.press("End");
      await eventually(async () => (await visibleSeqs(screen)).at(-1)).toBe(MESSAGES);

      const today = new Date().toISOString().slice(0, 10);
      await screen.page.getByLabel("Date to go to").fill(today);
      await seen(screen.message(textOf(1)));
    },
  );

  journey("has a calendar, by keyboard as well", async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, 60);
    const screen = await devices.openConversation(va, company, roomId);
    const day = screen.page.getByRole("button", { name: "Today. Go to another day" });
    await day.focus();
    await screen.page.keyboard.press("Enter");
    await seen(screen.page.getByRole("menuitem", { name: "A date…" }));
    await screen.page.keyboard.press("Enter");
    await eventually(() => focusedName(screen.page)).toBe("Date to go to");
  });
});
