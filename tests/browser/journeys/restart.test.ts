/** The server is killed under people's hands, and started again. */
import { describe, expect } from "vitest";

import { LOST_CONNECTION } from "../harness/guard";
import { journey } from "../harness/journey";
import { eventually, gone, seen } from "../harness/waiting";

const MESSAGES = 20;

describe("a server that is killed and started again", () => {
  journey("gets what was written meanwhile, once and in order", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    for (const screen of [left, right]) screen.guard.allow(LOST_CONNECTION);
    await left.send("before");
    await seen(left.tick("before", "Read"));
    await server.kill();
    await seen(left.banner.filter({ hasText: "Reconnecting…" }));
    for (const text of ["meanwhile 1", "meanwhile 2"]) {
      await left.send(text);
      await seen(left.tick(text, "Queued"));
    }
    await server.start();
    await seen(right.message("meanwhile 2"), left.tick("meanwhile 2", "Read"));
    await gone(left.banner.filter({ hasText: "Reconnecting…" }));
    const stored = await host.readRoom(va, roomId);
    expect(stored.map(({ content }) => content)).toEqual(["before", "meanwhile 1", "meanwhile 2"]);
    await eventually(() => right.renderedSeqs()).toEqual([1, 2, 3]);
  });

  journey("in the middle of sending loses nothing and doubles nothing", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    for (const screen of [left, right]) screen.guard.allow(LOST_CONNECTION);
    const texts = Array.from({ length: MESSAGES }, (_, index) => `quick ${index + 1}.`);
    let death: Promise<void> | null = null;
    for (const [index, text] of texts.entries()) {
      await left.composer.fill(text);
      await left.composer.press("Enter");
      if (index === MESSAGES / 2) death = server.kill();
    }
    await death;
    await seen(left.tick(`quick ${MESSAGES}.`, "Queued"));
    await server.start();
    await eventually(() => right.renderedSeqs()).toEqual(texts.map((_, index) => index + 1));
    const stored = await host.readRoom(va, roomId);
    expect(stored.map(({ content }) => content)).toEqual(texts);
    await eventually(() => left.renderedSeqs()).toEqual(texts.map((_, index) => index + 1));
  });
});
