/** Writing without a network, and what becomes of it. */
import { describe, expect } from "vitest";

import { WITH_WORKER } from "../harness/devices";
import { LOST_CONNECTION } from "../harness/guard";
import type { Host, Pair } from "../harness/host";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { whenCached, whenQueued } from "../harness/storage";
import { eventually, gone, seen } from "../harness/waiting";

describe("without a network", () => {
  journey("messages wait, and go out once and in order when it is back", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId, WITH_WORKER);
    const right = await devices.openConversation(company, va, roomId);
    await left.loseNetwork();
    await seen(left.banner.filter({ hasText: "You are offline" }));
    const texts = await writeQueued(left, "off", 3);
    await right.send("while you are away");
    await left.findNetwork();
    await seen(right.message("off 3"), left.message("while you are away"));
    for (const text of texts) await gone(left.tick(text, "Queued"));
    await gone(left.banner.filter({ hasText: "You are offline" }));
    const stored = await host.readRoom(va, roomId);
    expect(stored.map(({ content }) => content)).toEqual(["while you are away", ...texts]);
    await eventually(() => left.renderedSeqs()).toEqual([1, 2, 3, 4]);
  });

  journey("messages survive a closed tab, and the cache opens the conversation", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const context = await devices.unpack(WITH_WORKER, va);
    const first = await openWithCache(devices.openTab(context, `/chat/${roomId}`), company.name);
    await first.send("written before");
    await seen(first.tick("written before", "Sent"));
    await whenCached(first, "written before");
    await first.loseNetwork();
    const texts = await writeQueued(first, "kept", 3);
    for (const text of texts) await whenQueued(first, text, "queued");
    await first.page.close();
    const second = await devices.openBlank(context);
    second.guard.allow(LOST_CONNECTION);
    await second.page.goto(`/chat/${roomId}`);
    await seen(second.message("written before"), second.entry(company.name));
    for (const text of texts) await seen(second.tick(text, "Queued"));
    await context.setOffline(false);
    await storedAre(host, { va, company, roomId }, ["written before", ...texts]);
    for (const text of texts) await gone(second.tick(text, "Queued"));
  });

  journey("two tabs with the same queue send it once", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const context = await devices.unpack(WITH_WORKER, va);
    const open = () => devices.openTab(context, `/chat/${roomId}`);
    const [one, two] = [await open(), await open()];
    for (const screen of [one, two]) await screen.whenJoined(roomId);
    await one.loseNetwork();
    await two.loseNetwork();
    const texts = [...(await writeQueued(one, "first tab", 3)), ...(await writeQueued(two, "second tab", 2))];
    await context.setOffline(false);
    await storedAre(host, { va, company, roomId }, texts);
    await eventually(() => one.renderedSeqs()).toEqual([1, 2, 3, 4, 5]);
    await eventually(() => two.renderedSeqs()).toEqual([1, 2, 3, 4, 5]);
    for (const screen of [one, two]) for (const text of texts) await gone(screen.tick(text, "Queued"));
    expect([one, two].map(({ wire }) => wire.count("send_message")).reduce((sum, count) => sum + count)).toBe(5);
  });

  journey("what one tab sends, the other shows too", async ({ devices, host }) => {
    const { va, roomId } = await host.makePair();
    const context = await devices.unpack({}, va);
    const one = await devices.openTab(context, `/chat/${roomId}`);
    const two = await devices.openTab(context, `/chat/${roomId}`);
    for (const screen of [one, two]) await screen.whenJoined(roomId);
    await one.send("from the first tab");
    await seen(two.tick("from the first tab", "Sent"));
  });

  journey("a conversation opens from the cache, and what is written there waits", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const other = await host.makePerson("company");
    await host.makeRoom(va, other);
    const screen = await devices.openConversation(va, company, roomId, WITH_WORKER);
    await screen.send("known");
    await seen(screen.tick("known", "Sent"));
    await screen.open(other.name);
    await screen.loseNetwork();
    await seen(screen.banner.filter({ hasText: "You are offline" }));
    await screen.open(company.name);
    await seen(screen.message("known"));
    await writeQueued(screen, "cached", 1);
    await screen.findNetwork();
    await storedAre(host, { va, company, roomId }, ["known", "cached 1"]);
  });
});

/** Writes so many messages, each of which must wait. */
async function writeQueued(screen: Screen, what: string, count: number): Promise<string[]> {
  const texts = Array.from({ length: count }, (_, index) => `${what} ${index + 1}`);
  for (const text of texts) {
    await screen.send(text);
    await seen(screen.tick(text, "Queued"));
  }
  return texts;
}

/** The page's files and the conversation are on the device. */
async function openWithCache(opening: Promise<Screen>, name: string): Promise<Screen> {
  const screen = await opening;
  await screen.conversationWith(name).waitFor();
  await screen.composer.waitFor();
  await screen.whenOnline();
  await screen.whenComplete();
  return screen;
}

async function storedAre(host: Host, { va, roomId }: Pair, texts: readonly string[]): Promise<void> {
  const contents = async () => (await host.readRoom(va, roomId)).map(({ content }) => content);
  await eventually(contents).toEqual(texts);
}
