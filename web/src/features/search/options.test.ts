// @vitest-environment node
import { describe, expect, it } from "vitest";
import { aMessage, aRoom, JUNIPER, MAYA } from "../../realtime/testing/samples";
import type { User } from "../../realtime/types";
import { NO_FILTERS, countActive, queryOf, sendersOf } from "./filters";
import { optionsOf, type Found } from "./options";

const THEO: User = { id: "theo", name: "Theo Lindqvist", avatar: null, role: "va" };
const nothing: Found = { query: "", rooms: [], people: [], messages: [], hasMore: false, me: MAYA };
const keys = (found: Partial<Found>) => optionsOf({ ...nothing, ...found }).map(({ key }) => key);

describe("what a search in everything has found", () => {
  const room = aRoom();
  const found = { message: aMessage(3), room, highlights: [] };

  it("are conversations, then people, then messages, and the way to more of them", () => {
    const all = { query: "l", rooms: [room], people: [THEO], messages: [found], hasMore: true };
    expect(keys({ ...all, query: "lind" })).toEqual(["person:theo", "message:message-3", "more"]);
    expect(keys({ ...all, query: "juni" })[0]).toBe("room:room");
  });

  it("are neither oneself nor somebody whose conversation is there already", () => {
    expect(keys({ query: "juni", rooms: [room], people: [MAYA, JUNIPER] })).toEqual(["room:room"]);
  });

  it("are the newest conversations as long as nothing is looked for", () => {
    const rooms = Array.from({ length: 9 }, (_, index) => aRoom({ id: `room-${index}` }));
    expect(keys({ rooms })).toEqual(rooms.slice(0, 6).map(({ id }) => `room:${id}`));
  });
});

describe("filters", () => {
  it("are asked for by whole days where the device is", () => {
    const query = queryOf("word", { ...NO_FILTERS, has: "link", since: "2026-03-01", until: "2026-03-02" }, "room");
    expect(query).toMatchObject({ text: "word", roomId: "room", has: "link", senderId: undefined });
    expect(query.from).toBe(new Date(2026, 2, 1).toISOString());
    expect(new Date(query.until!).getTime() - new Date(query.from!).getTime()).toBe(48 * 3_600_000 - 1);
    expect(queryOf("word", { ...NO_FILTERS, since: "+0020" }).from).toBeUndefined();
  });

  it("are counted, and offer whom one shares a conversation with, each once", () => {
    expect(countActive({ ...NO_FILTERS, has: "file", senderId: "theo" })).toBe(2);
    const rooms = [aRoom({ members: [MAYA, THEO, JUNIPER] }), aRoom({ id: "other" })];
    expect(sendersOf(rooms, MAYA, "en").map(({ id }) => id)).toEqual(["juniper", "theo"]);
  });
});
