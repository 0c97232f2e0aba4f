import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatError } from "../lib/api/chatError";
import type { RestRequest } from "../lib/api/restClient";
import { GroupPicture } from "./groupPicture";
import { FakeFileServer } from "./testing/fakeFileServer";
import type { Room, Server } from "./types";

const BLOB = new Blob(["picture"], { type: "image/webp" });

let files: FakeFileServer;
let hear: (payload: unknown) => void;
let patched: unknown[];
let refusals: ChatError[];
let put: Room[];
let server: Server;

beforeEach(() => {
  hear = () => undefined;
  files = new FakeFileServer((payload) => hear(payload));
  [patched, refusals, put] = [[], [], []];
  const request = async (path: string, asked: RestRequest = {}) => {
    if (asked.method !== "PATCH") return files.request(path, asked);
    patched.push([path, asked.body]);
    const refusal = refusals.shift();
    if (refusal) throw refusal;
    return { data: { id: "room" }, nextCursor: null };
  };
  server = {
    request: request as Server["request"],
    on: (event, listener) => {
      if (event === "file_updated") hear = listener;
      return () => (hear = () => undefined);
    },
    putRoom: (room) => void put.push(room),
    transport: () => Promise.resolve(files.transport),
  };
});

afterEach(() => vi.useRealTimers());

function following() {
  const parts: number[] = [];
  const ending = new AbortController();
  return { parts, ending, how: { signal: ending.signal, onProgress: (part: number) => void parts.push(part) } };
}

const chosen = (id: string) => ["/api/chat/rooms/room", { avatar: id }];

describe("the picture of a group", () => {
  it("is announced, uploaded and chosen, and the room is as the server says then", async () => {
    const { parts, how } = following();
    await new GroupPicture(server, "room", BLOB).put(how);
    expect(files.files.get("file-1")?.body).toEqual({ name: "picture.webp", size: 7, contentType: "image/webp" });
    expect([patched, put, parts]).toEqual([[chosen("file-1")], [{ id: "room" }], [1, 1]]);
  });

  it("is chosen as soon as the server says that it has looked at it", async () => {
    vi.useFakeTimers();
    files.verdict = "processing";
    const putting = new GroupPicture(server, "room", BLOB).put(following().how);
    await vi.waitFor(() => expect(files.asked).toHaveLength(1));
    files.examine("file-1", "ready");
    await putting;
    expect(patched).toEqual([chosen("file-1")]);
  });

  it("is asked about where the server's word of it was lost, and not for ever", async () => {
    vi.useFakeTimers();
    files.verdict = "processing";
    const putting = new GroupPicture(server, "room", BLOB).put(following().how).catch((cause: unknown) => cause);
    await vi.advanceTimersByTimeAsync(70_000);
    expect(await putting).toMatchObject({ code: "file_not_ready" });
    expect(files.asked.length).toBeGreaterThan(5);
    expect(patched).toEqual([]);
  });

  it("goes on with the rest of its bytes when it is tried again", async () => {
    const picture = new GroupPicture(server, "room", BLOB);
    files.cutAfter = 4;
    await expect(picture.put(following().how)).rejects.toMatchObject({ code: "offline" });
    await picture.put(following().how);
    expect([files.announcements, files.parts]).toEqual([
      1,
      [
        ["file-1", 0, 4],
        ["file-1", 4, 7],
      ],
    ]);
    expect(patched).toEqual([chosen("file-1")]);
  });

  it("is not uploaded again when only choosing it has failed", async () => {
    const picture = new GroupPicture(server, "room", BLOB);
    refusals.push(new ChatError("timeout", "Too late."));
    await expect(picture.put(following().how)).rejects.toMatchObject({ code: "timeout" });
    await picture.put(following().how);
    expect([files.parts, patched]).toEqual([[["file-1", 0, 7]], [chosen("file-1"), chosen("file-1")]]);
  });

  it("is begun anew, once, when the server knows nothing of it any more", async () => {
    const picture = new GroupPicture(server, "room", BLOB);
    refusals.push(new ChatError("unavailable", "Later."), new ChatError("not_found", "There is no such file."));
    await expect(picture.put(following().how)).rejects.toMatchObject({ code: "unavailable" });
    await picture.put(following().how);
    expect(patched.at(-1)).toEqual(chosen("file-2"));
  });

  it("is not chosen again when somebody has replaced it since it was, though the answer was lost", async () => {
    const picture = new GroupPicture(server, "room", BLOB);
    refusals.push(new ChatError("timeout", "Too late."), new ChatError("conflict", "This file was sent before."));
    await expect(picture.put(following().how)).rejects.toMatchObject({ code: "timeout" });
    files.examine("file-1", "removed");
    await picture.put(following().how);
    expect([files.announcements, patched]).toEqual([1, [chosen("file-1"), chosen("file-1")]]);
  });

  it("is ended when it was given up while it was announced", async () => {
    let answer: () => void = () => undefined;
    files.announcing = new Promise<void>((resolve) => (answer = resolve));
    const { ending, how } = following();
    const picture = new GroupPicture(server, "room", BLOB);
    const putting = picture.put(how).catch((cause: unknown) => cause);
    await vi.waitFor(() => expect(files.announcements).toBe(1));
    const givenUp = picture.giveUp();
    ending.abort();
    answer();
    await givenUp;
    await putting;
    expect([files.states, files.parts]).toEqual([["file-1 removed"], []]);
  });

  it("says why it was refused, and is another file when it is tried again", async () => {
    const picture = new GroupPicture(server, "room", BLOB);
    files.verdict = "refused";
    await expect(picture.put(following().how)).rejects.toMatchObject({
      code: "file_refused",
      details: { reason: "broken" },
    });
    files.verdict = "ready";
    await picture.put(following().how);
    expect(patched).toEqual([chosen("file-2")]);
  });

  it("is refused as the group is, without a second try, and need not be kept then", async () => {
    refusals.push(new ChatError("access_denied", "No."), new ChatError("access_denied", "No."));
    const picture = new GroupPicture(server, "room", BLOB);
    await expect(picture.put(following().how)).rejects.toMatchObject({ code: "access_denied" });
    expect(patched).toHaveLength(1);
    await picture.giveUp();
    expect(files.states).toEqual(["file-1 removed"]);
  });

  it("is ended on the server when nobody wants it any more, unless it may be chosen", async () => {
    const { ending, how } = following();
    files.gate = new Promise(() => undefined);
    const picture = new GroupPicture(server, "room", BLOB);
    const putting = picture.put(how).catch(() => undefined);
    await vi.waitFor(() => expect(files.most).toBe(1));
    ending.abort();
    await putting;
    await picture.giveUp();
    expect(files.states).toEqual(["file-1 removed"]);

    files.gate = Promise.resolve();
    refusals.push(new ChatError("timeout", "Too late."));
    const another = new GroupPicture(server, "room", BLOB);
    await another.put(following().how).catch(() => undefined);
    await another.giveUp();
    expect(files.states.at(-1)).toBe("file-2 ready");
  });
});
