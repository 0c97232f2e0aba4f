// @vitest-environment node
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ChatError } from "../lib/api/chatError";
import type { KeyValueDatabase } from "../lib/storage/keyValueDatabase";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { WritableStore } from "../lib/store";
import { Device } from "./device";
import { DraftBook } from "./drafts";
import { KeptEdits } from "./refusedEdits";
import { makeTabs } from "./testing/memoryTabs";
import { anEdit, anOwnMessage } from "./testing/samples";
import type { EditMode, Refusal, WritingMode } from "./types";

let database: KeyValueDatabase;
const REFUSED = new ChatError("too_late", "");
const onDisk = () => database.list("meta", ["refusedEdit"]);

/** A page that has just been loaded. */
class Page {
  readonly drafts = new DraftBook();
  readonly refusals = new WritableStore<Refusal | null>(null);
  readonly edits: KeptEdits;

  constructor(tabs = makeTabs(1)[0]!) {
    const device = new Device(database);
    void this.drafts.attach(device, tabs);
    this.edits = new KeptEdits(device, this.drafts, this.refusals);
  }

  get contents(): string[] {
    return this.edits.waiting.getSnapshot().map(({ action }) => action.content);
  }

  async refuse(action = anEdit(1, "mine"), error = REFUSED, roomId = "room"): Promise<void> {
    await this.edits.keep(roomId, action, error);
    await this.tell(action, roomId);
  }

  /** What all tabs hear once it is kept. */
  async tell(action = anEdit(1, "mine"), roomId = "room"): Promise<void> {
    this.refusals.set({ action, roomId, error: REFUSED });
    await settle();
  }

  async take(mode: WritingMode | null = modeOf("mine"), index = 0): Promise<void> {
    await this.edits.take(this.edits.waiting.getSnapshot()[index]!, mode);
  }
}

const modeOf = (text: string): EditMode => ({
  kind: "edit",
  key: "own-1",
  messageId: "message-1",
  clientMessageId: "own-1",
  before: "text 1",
  ifChange: 0,
  text,
});
const settle = () => new Promise((resolve) => setTimeout(resolve));

async function open(tabs?: ReturnType<typeof makeTabs>[number]): Promise<Page> {
  const page = new Page(tabs);
  await settle();
  return page;
}

beforeEach(() => {
  database = new MemoryDatabase();
});

describe("a refused text", () => {
  test("waits, of each message the last one, also for a page that is loaded later", async () => {
    const page = await open();
    await page.refuse(anEdit(1, "one"));
    await page.refuse(anEdit(2, "two"));
    await page.refuse(anEdit(1, "again"));
    expect(page.contents).toEqual(["two", "again"]);
    expect((await open()).contents).toEqual(["two", "again"]);
  });

  test("is not seen before it has left the outbox, and is on the disk by then", async () => {
    const page = await open();
    await page.edits.keep("room", anEdit(1, "mine"), REFUSED);
    expect([page.contents, (await onDisk()).length]).toEqual([[], 1]);
    await page.tell();
    expect(page.contents).toEqual(["mine"]);
  });

  test("has beside it what the message says on the server, where that is why", async () => {
    const message = anOwnMessage(1, { content: "from the phone", change: 7 });
    const page = await open();
    await page.refuse(anEdit(1, "mine"), new ChatError("conflict", "", null, { message }));
    expect(page.edits.waiting.getSnapshot()).toMatchObject([{ present: { content: "from the phone", change: 7 } }]);
  });

  test("is one of twenty", async () => {
    const page = await open();
    for (let seq = 1; seq <= 30; seq++) await page.refuse(anEdit(seq, `text ${seq}`));
    expect([page.contents.length, page.contents[0], page.contents.at(-1)]).toEqual([20, "text 11", "text 30"]);
    expect(await onDisk()).toHaveLength(20);
  });

  test("waits as long as the page where the disk does not take it", async () => {
    vi.spyOn(database, "write").mockRejectedValue(new Error("full"));
    const page = await open();
    await page.refuse();
    await page.refuse(anEdit(1, "again"));
    expect(page.contents).toEqual(["again"]);
    await page.take(modeOf("again"));
    expect([page.drafts.modeOf("room"), page.contents]).toEqual([modeOf("again"), []]);
  });

  test("is not kept for a message that is deleted, and forgotten with it", async () => {
    const page = await open();
    await page.refuse(anEdit(1, "of nothing"), new ChatError("message_deleted", ""));
    expect(page.contents).toEqual([]);
    await page.refuse(anEdit(2, "two"));
    await page.refuse(anEdit(3, "three"));
    const deleted = anOwnMessage(2, { deletedAt: "2026-01-02T00:00:00Z" });
    const later = await open();
    await later.edits.forgetDeleted({ roomId: "another room", messages: [deleted] });
    expect(later.contents).toEqual(["two", "three"]);
    await later.edits.forgetDeleted({ roomId: "room", messages: [deleted, anOwnMessage(3)] });
    expect([later.contents, (await onDisk()).length]).toEqual([["three"], 1]);
  });

  test("is forgotten with the membership", async () => {
    const page = await open();
    await page.refuse(anEdit(1, "stays"));
    await page.refuse(anEdit(2, "goes"), REFUSED, "another room");
    await page.edits.forgetRoom("another room");
    expect([page.contents, (await onDisk()).length]).toEqual([["stays"], 1]);
  });
});

describe("taking a text up", () => {
  test("puts it into the composer, and on the disk as a draft before it is gone from there", async () => {
    const page = await open();
    await page.refuse();
    const written = vi.spyOn(database, "write");
    await page.take();
    expect(page.drafts.modeOf("room")).toEqual(modeOf("mine"));
    expect(written.mock.calls.map(([changes]) => changes[0])).toMatchObject([
      { store: "drafts", value: { mode: modeOf("mine") } },
      { store: "meta", remove: ["refusedEdit", "own-1"] },
    ]);
    expect([page.contents, await onDisk()]).toEqual([[], []]);
  });

  test("leaves a composer alone that is for something else by now", async () => {
    const page = await open();
    await page.refuse();
    page.drafts.setMode("room", modeOf("begun meanwhile"));
    await page.take();
    expect([page.drafts.modeOf("room"), page.contents]).toEqual([modeOf("begun meanwhile"), ["mine"]]);
  });

  test("forgets it where it is in nobody's way any more", async () => {
    const page = await open();
    await page.refuse();
    await page.take(null);
    expect([page.drafts.modeOf("room"), page.contents, await onDisk()]).toEqual([null, [], []]);
  });

  test("is for one tab: another one, which slept meanwhile, does not bring it back", async () => {
    const [one, two] = await Promise.all(makeTabs(2).map((tabs) => open(tabs)));
    await one!.refuse();
    await two!.tell();
    expect(two!.contents).toEqual(["mine"]);
    await one!.take();
    one!.drafts.setMode("room", null);
    await settle();
    await two!.take();
    expect([two!.drafts.modeOf("room"), two!.contents]).toEqual([null, []]);
  });
});
