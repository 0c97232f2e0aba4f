// @vitest-environment node
import { beforeEach, describe, expect, test } from "vitest";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { Device } from "./device";
import { NotificationCentre } from "./notifications";
import { makeTabs } from "./testing/memoryTabs";
import { aNotification } from "./testing/samples";

let device: Device;
let lastReadSeq: number;

async function openCentre(tabs = makeTabs(1)[0]!): Promise<NotificationCentre> {
  const centre = new NotificationCentre(() => lastReadSeq);
  await centre.attach(device, tabs);
  return centre;
}

beforeEach(() => {
  device = new Device(new MemoryDatabase());
  lastReadSeq = 0;
});

describe("notifications", () => {
  test("are listed newest first, each once, and the newest is the one to show", async () => {
    const centre = await openCentre();
    for (const [id, seq] of [
      ["a", 1],
      ["b", 2],
      ["a", 1],
    ] as const)
      centre.hear(aNotification(id, seq));
    const { items, unreadCount, latest } = centre.getSnapshot();
    expect([items.map(({ id }) => id), unreadCount, latest?.id]).toEqual([["b", "a"], 2, "b"]);
  });

  test("are kept on the device, the newest hundred of them", async () => {
    const centre = await openCentre();
    for (let seq = 1; seq <= 105; seq++) centre.hear(aNotification(`n${seq}`, seq));
    expect(await device.readNotifications()).toHaveLength(100);
    const again = await openCentre();
    expect(again.getSnapshot()).toMatchObject({ unreadCount: 100, latest: null });
    expect(again.getSnapshot().items[0]?.id).toBe("n105");
  });

  test("of a room are read when the room is read as far", async () => {
    const centre = await openCentre();
    for (const seq of [1, 2, 3]) centre.hear(aNotification(`n${seq}`, seq));
    lastReadSeq = 2;
    centre.clearRead();
    expect(centre.getSnapshot().items.map(({ read }) => read)).toEqual([false, true, true]);
    expect((await device.readNotifications()).filter(({ read }) => read)).toHaveLength(2);
  });

  test("that were kept are read when their room was read elsewhere meanwhile", async () => {
    (await openCentre()).hear(aNotification("a", 3));
    lastReadSeq = 3;
    expect((await openCentre()).getSnapshot().unreadCount).toBe(0);
  });

  test("of what was read already are not shown as news", async () => {
    lastReadSeq = 5;
    const centre = await openCentre();
    centre.hear(aNotification("late", 5));
    expect(centre.getSnapshot()).toMatchObject({ unreadCount: 0, latest: null });
  });

  test("of other kinds are read one by one, or all at once", async () => {
    lastReadSeq = 99;
    const centre = await openCentre();
    for (const id of ["a", "b", "c"]) centre.hear(aNotification(id, 1, { type: "job_match", data: { jobId: id } }));
    centre.markRead("a");
    expect(centre.getSnapshot().unreadCount).toBe(2);
    centre.markAllRead();
    expect(centre.getSnapshot().unreadCount).toBe(0);
  });

  test("are listed and read in every tab, and shown only where they arrived", async () => {
    const [one, two] = await Promise.all(makeTabs(2).map(openCentre));
    one!.hear(aNotification("a", 1));
    await Promise.resolve();
    expect(two!.getSnapshot()).toMatchObject({ unreadCount: 1, latest: null });
    two!.markAllRead();
    await Promise.resolve();
    expect(one!.getSnapshot().unreadCount).toBe(0);
  });

  test("that are not understood are left out", async () => {
    const centre = await openCentre();
    centre.hear({ title: "no id" });
    expect(centre.getSnapshot().items).toEqual([]);
  });
});
