/** Messages that the server refuses for good. */
import { describe, expect } from "vitest";

import { WITH_WORKER } from "../harness/devices";
import type { Host, Pair } from "../harness/host";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { whenQueued } from "../harness/storage";
import { eventually, gone, seen } from "../harness/waiting";

describe("a refused message", () => {
  journey("is marked, and goes out when it is tried again after the reason is gone", async ({ devices, host }) => {
    const pair = await host.makePair();
    const screen = await devices.openConversation(pair.va, pair.company, pair.roomId, WITH_WORKER);
    await writeRefused(screen, host, pair, "Not wanted");
    await host.unblock(pair);
    await screen.message("Not wanted").getByRole("button", { name: "Try again" }).click();
    await seen(screen.tick("Not wanted", "Sent"));
    await gone(screen.message("Not wanted").getByRole("button", { name: "Try again" }));
    const stored = await host.readRoom(pair.va, pair.roomId);
    expect(stored.map(({ content }) => content)).toEqual(["Not wanted"]);
  });

  journey("is gone when it is deleted, after a reload too", async ({ devices, host }) => {
    const pair = await host.makePair();
    const screen = await devices.openConversation(pair.va, pair.company, pair.roomId, WITH_WORKER);
    await screen.send("Stays");
    await writeRefused(screen, host, pair, "Delete me");
    await screen.message("Delete me").getByRole("button", { name: "Delete" }).click();
    await gone(screen.message("Delete me"));
    await whenQueued(screen, "Delete me", null);
    await screen.page.reload();
    await screen.whenJoined(pair.roomId);
    await seen(screen.message("Stays"));
    expect(await screen.message("Delete me").count()).toBe(0);
  });

  journey("keeps its mark through a reload, and holds up none that come after it", async ({ devices, host }) => {
    const pair = await host.makePair();
    const screen = await devices.openConversation(pair.va, pair.company, pair.roomId, WITH_WORKER);
    await writeRefused(screen, host, pair, "The first");
    await whenQueued(screen, "The first", "refused");
    await host.unblock(pair);
    await screen.page.reload();
    await seen(screen.tick("The first", "Not sent"));
    await screen.send("The second");
    await seen(screen.tick("The second", "Sent"));
    const stored = await host.readRoom(pair.va, pair.roomId);
    expect(stored.map(({ content }) => content)).toEqual(["The second"]);
    await eventually(() => screen.renderedSeqs()).toEqual([1]);
  });
});

describe("a draft", () => {
  journey("of a room that is closed can be read, copied and given up", async ({ devices, host }) => {
    const pair = await host.makePair();
    const screen = await devices.openConversation(pair.va, pair.company, pair.roomId);
    await screen.composer.fill("Half a thought");
    await host.block(pair);
    const draft = screen.page.getByRole("region", {
      name: "What you had begun to write",
    });
    await seen(draft.getByText("Half a thought"), screen.page.getByRole("button", { name: "Copy text" }));
    await screen.page.reload();
    await seen(draft.getByText("Half a thought"));
    await screen.page.getByRole("button", { name: "Delete" }).click();
    await gone(draft);
    await host.unblock(pair);
    await seen(screen.composer);
    expect(await screen.composer.inputValue()).toBe("");
  });
});

/** Writes while there is no network; until it is back, the room has been blocked. */
async function writeRefused(screen: Screen, host: Host, pair: Pair, text: string): Promise<void> {
  await screen.loseNetwork();
  await screen.send(text);
  await seen(screen.tick(text, "Queued"));
  await host.block(pair);
  await screen.findNetwork();
  await seen(screen.tick(text, "Not sent"));
}
