/** Nothing moves under people's eyes. */
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { pointAtMessages, settle, turnWheel } from "../harness/history";
import { journey } from "../harness/journey";
import { watchShifts } from "../harness/measures";
import { seen } from "../harness/waiting";

const LONG = " and it goes on".repeat(12);

describe("the layout", () => {
  for (const where of ["at the bottom", "while reading above"] as const) {
    journey(`does not shift while messages arrive ${where}`, async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const writer = await Correspondent.connect(server, company);
      await writer.sendAll(
        roomId,
        Array.from({ length: 60 }, (_, index) => `Message ${index}${index % 3 ? "" : LONG}`),
      );
      await Correspondent.markRead(server, va, roomId, 60);
      const screen = await devices.openConversation(va, company, roomId);
      await seen(screen.message("Message 59"));
      await pointAtMessages(screen);
      if (where === "while reading above") await turnWheel(screen, -600);
      await settle(screen);
      const shifts = await watchShifts(screen.page);
      for (const text of ["short", `long${LONG}`, "two\nlines", "🎉", "last"]) {
        await writer.send(roomId, text);
        if (where === "at the bottom") await seen(screen.message(text.slice(0, 4)));
      }
      if (where !== "at the bottom") await seen(screen.page.getByRole("button", { name: "Jump to latest, 5 new" }));
      await settle(screen);
      expect(await shifts()).toEqual([]);
      writer.close();
    });
  }

  journey("does not shift while the first messages of a conversation arrive", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const writer = await Correspondent.connect(server, company);
    const screen = await devices.openConversation(va, company, roomId);
    await writer.send(roomId, "first");
    await seen(screen.message("first"));
    const shifts = await watchShifts(screen.page);
    for (const text of ["second", `third${LONG}`]) {
      await writer.send(roomId, text);
      await seen(screen.message(text));
    }
    expect(await shifts()).toEqual([]);
    writer.close();
  });

  journey("does not shift while one sends, and the ticks change", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    await devices.openConversation(company, va, roomId);
    await left.send("before");
    await seen(left.tick("before", "Read"));
    const shifts = await watchShifts(left.page);
    for (const text of ["one", "two"]) {
      await left.send(text);
      await seen(left.tick(text, "Read"));
    }
    expect(await shifts()).toEqual([]);
  });

  journey("does not shift while the other begins and ends to type", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const writer = await Correspondent.connect(server, company);
    await writer.sendAll(
      roomId,
      Array.from({ length: 30 }, (_, index) => `Message ${index}`),
    );
    await Correspondent.markRead(server, va, roomId, 30);
    const screen = await devices.openConversation(va, company, roomId);
    await seen(screen.message("Message 29"));
    await settle(screen);
    const shifts = await watchShifts(screen.page);
    await writer.startTyping(roomId);
    await seen(screen.page.getByRole("status").filter({ hasText: "is typing…" }));
    await settle(screen);
    await writer.stopTyping(roomId);
    await screen.page.getByText("is typing…").first().waitFor({ state: "hidden" });
    expect(await shifts()).toEqual([]);
    writer.close();
  });
});
