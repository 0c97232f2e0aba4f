/** A bell of one person on one device, and the server behind it. */
import { afterEach, beforeEach } from "vitest";
import { MemoryDatabase } from "../../lib/storage/memoryDatabase";
import { Device } from "../device";
import { NotificationCentre } from "../notifications";
import type { Tabs } from "../tabs";
import type { NotificationRecord } from "../types";
import { FakeBell } from "./fakeBell";
import { makeTabs } from "./memoryTabs";
import { aNotification } from "./samples";

export class BellBench {
  device = new Device(new MemoryDatabase());
  bell = new FakeBell();
  readonly #centres: NotificationCentre[] = [];

  constructor() {
    beforeEach(() => {
      this.device = new Device(new MemoryDatabase());
      this.bell = new FakeBell();
    });
    afterEach(() => {
      for (const centre of this.#centres.splice(0)) centre.close();
    });
  }

  async open(tabs: Tabs = aloneTab()): Promise<NotificationCentre> {
    const centre = new NotificationCentre(this.bell);
    this.#centres.push(centre);
    await centre.attach(this.device, tabs, "somebody");
    return centre;
  }
}

function aloneTab(): Tabs {
  const [tab] = makeTabs(1);
  if (!tab) throw new Error("There is no tab.");
  return tab;
}

export const aJob = (id: string, minute = 1): NotificationRecord =>
  aNotification(id, minute, { type: "job_match", data: { jobId: id } });

/** Each by its id: `read` or `unread`. */
export function readings(centre: NotificationCentre): Record<string, string> {
  return Object.fromEntries(centre.getSnapshot().items.map(({ id, read }) => [id, read ? "read" : "unread"]));
}
