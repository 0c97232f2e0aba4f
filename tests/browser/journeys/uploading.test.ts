/** Files on their way through everything that can happen to a device, a network and a server meanwhile. */
import { describe, expect } from "vitest";

import { WITH_WORKER } from "../harness/devices";
import { LOST_CONNECTION } from "../harness/guard";
import { journey } from "../harness/journey";
import { Link } from "../harness/link";
import { whenQueued } from "../harness/storage";
import { arrived, chooseFiles, followUploads, makeBroken, makeBytes, readReceived } from "../harness/uploads";
import { eventually, gone, seen } from "../harness/waiting";

const MEBIBYTE = 1024 * 1024;
/** What was on its way when the network was lost has arrived after all. */
const OVERTAKEN = /409 \(Conflict\)/;

describe("a file of several megabytes", () => {
  journey("goes on from where it was, however often the network is cut", async ({ devices, host, server }) => {
    const link = await Link.open();
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId, { ...link.proxyOptions, ...WITH_WORKER });
    await screen.whenComplete();
    screen.guard.allow(LOST_CONNECTION);
    screen.guard.allow(OVERTAKEN);
    const { offsets } = followUploads(screen.page);
    const file = makeBytes("plan.bin", 6 * MEBIBYTE);
    const carried = link.swallowAfter(MEBIBYTE);
    await chooseFiles(screen, [file]);
    await carried;
    link.mend();
    await link.swallowAfter(MEBIBYTE);
    link.mend();
    await screen.send("with the plan");
    await screen.send("and after it");
    await arrived({ host, server }, { person: va, roomId }, [
      ["with the plan", [file]],
      ["and after it", []],
    ]);
    await gone(screen.tick("with the plan", "Queued"));
    expect(offsets[0]).toBe(0);
    expect(offsets.at(-1)).toBeGreaterThan(0);
    expect(offsets, "never goes back").toEqual([...offsets].sort((a, b) => a - b));
    await link.close();
  });

  journey("goes on in another tab, and after its reload, in its place", async ({ devices, host, server }) => {
    const link = await Link.open();
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId, { ...link.proxyOptions, ...WITH_WORKER });
    await screen.whenComplete();
    const other = await devices.openTab(screen.page.context(), `/chat/${roomId}`);
    for (const { guard } of [screen, other]) {
      guard.allow(LOST_CONNECTION);
      guard.allow(OVERTAKEN);
    }
    await other.whenJoined(roomId);
    const { offsets } = followUploads(other.page);
    const file = makeBytes("plan.bin", 4 * MEBIBYTE);
    const carried = link.swallowAfter(MEBIBYTE);
    await chooseFiles(screen, [file]);
    await carried;
    for (const text of ["with the plan", "and after it"]) {
      await screen.send(text);
      await whenQueued(screen, text, "queued");
    }
    await seen(other.message("and after it"));
    await screen.page.close();
    link.mend();
    await other.page.reload();
    await arrived({ host, server }, { person: va, roomId }, [
      ["with the plan", [file]],
      ["and after it", []],
    ]);
    await gone(other.tick("and after it", "Queued"));
    expect(offsets.length).toBeGreaterThan(0);
    expect(Math.min(...offsets), "never begins anew").toBeGreaterThan(0);
    await link.close();
  });

  journey("goes on when the server was killed and started again", async ({ devices, host, server }) => {
    const link = await Link.open();
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId, { ...link.proxyOptions, ...WITH_WORKER });
    await screen.whenComplete();
    screen.guard.allow(LOST_CONNECTION);
    screen.guard.allow(OVERTAKEN);
    const followed = followUploads(screen.page);
    const file = makeBytes("plan.bin", 4 * MEBIBYTE);
    const carried = link.swallowAfter(2 * MEBIBYTE);
    await chooseFiles(screen, [file]);
    await carried;
    await eventually(() => readReceived(followed.url, va)).toBeGreaterThanOrEqual(MEBIBYTE);
    await server.kill();
    link.mend();
    await screen.send("with the plan");
    await server.start();
    await arrived({ host, server }, { person: va, roomId }, [["with the plan", [file]]]);
    expect(followed.offsets[0]).toBe(0);
    expect(followed.offsets.at(-1)).toBeGreaterThanOrEqual(MEBIBYTE);
    await link.close();
  });
});

journey("a file that is refused holds up nobody, and says so", async ({ devices, host, server }) => {
  const link = await Link.open();
  const { va, company, roomId } = await host.makePair();
  const screen = await devices.openConversation(va, company, roomId, { ...link.proxyOptions, ...WITH_WORKER });
  await screen.whenComplete();
  screen.guard.allow(LOST_CONNECTION);
  screen.guard.allow(OVERTAKEN);
  const carried = link.swallowAfter(MEBIBYTE);
  await chooseFiles(screen, [makeBroken("photo.bin", 2 * MEBIBYTE)]);
  await carried;
  await screen.send("broken");
  await screen.send("and after it");
  link.mend();
  await arrived({ host, server }, { person: va, roomId }, [["and after it", []]]);
  await seen(screen.tick("broken", "Not sent"));
  await gone(screen.tick("and after it", "Queued"));
  await link.close();
});
