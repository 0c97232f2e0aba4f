// @vitest-environment node
import { beforeEach, describe, expect, test } from "vitest";
import { ChatError } from "../lib/api/chatError";
import { MemoryDatabase } from "../lib/storage/memoryDatabase";
import { MAX_MARKS, NotificationMarks } from "./notificationMarks";
import { FakeBell } from "./testing/fakeBell";
import { aNotification } from "./testing/samples";

let database: MemoryDatabase;
let bell: FakeBell;

const never = () => false;
const openMarks = async (): Promise<NotificationMarks> => {
  const marks = new NotificationMarks(bell.api, bell.isConnected);
  await marks.attach(database, "somebody");
  return marks;
};

beforeEach(() => {
  database = new MemoryDatabase();
  bell = new FakeBell();
});

describe("marks", () => {
  test("that were made before the device was known are kept with the others", async () => {
    const marks = new NotificationMarks(bell.api, bell.isConnected);
    await marks.add([aNotification("early", 1)]);
    await marks.attach(database, "somebody");
    await (await openMarks()).send(never);
    expect(bell.marked).toEqual(["early"]);
  });

  test("are the newest hundred, each once", async () => {
    const marks = await openMarks();
    for (let seq = 1; seq <= MAX_MARKS + 2; seq++) await marks.add([aNotification(`n${seq}`, seq)]);
    await marks.add([aNotification("n50", 200)]);
    await marks.send(never);
    expect(bell.marked).toHaveLength(MAX_MARKS);
    expect([bell.marked[0], bell.marked.at(-1)]).toEqual(["n3", "n50"]);
  });

  test("of two tabs that send at once are told once", async () => {
    const [one, two] = [await openMarks(), await openMarks()];
    await one.add([aNotification("a", 1)]);
    await one.send(never);
    await Promise.all([one.send(never), two.send(never)]);
    expect(bell.marked).toEqual(["a"]);
  });

  test("stay when the server does not answer, and go when it has no such notification", async () => {
    const marks = await openMarks();
    await marks.add([aNotification("a", 1), aNotification("b", 2)]);
    bell.refusal = new ChatError("unavailable", "Try again.");
    await marks.send(never);
    expect(bell.marked).toEqual([]);
    bell.refusal = new ChatError("not_found", "There is no such notification.");
    await marks.send(never);
    await marks.send(never);
    expect(bell.marked).toEqual(["b"]);
  });

  test("last as long as the page when the device keeps nothing any more", async () => {
    const marks = await openMarks();
    database.change = () => Promise.reject(new Error("The database is gone."));
    await marks.add([aNotification("a", 1)]);
    await marks.send(never);
    expect(bell.marked).toEqual(["a"]);
  });
});
