import { describe, expect, it } from "vitest";

import { filterRooms } from "../../realtime/filterRooms";
import { createRoom, me } from "./room.fixture";

/** As the server describes a group that has no title. */
const GROUP = { id: "room", name: "Group", avatar: null, role: "group" } as const;

const rooms = ["José Peña", "Juniper & Pine", "Theo Lindqvist", "Ana-Lucía"].map((name) => createRoom(name));
const namesOf = (query: string) => filterRooms(rooms, query, me).map((room) => room.otherParticipant?.name);

describe("filterRooms", () => {
  it("finds by the beginning of any word", () => {
    expect(namesOf("lind")).toEqual(["Theo Lindqvist"]);
    expect(namesOf("luc")).toEqual(["Ana-Lucía"]);
    expect(namesOf("qvist")).toEqual([]);
  });

  it("minds neither accents nor capitals", () => {
    expect(namesOf("jose PENA")).toEqual(["José Peña"]);
    expect(namesOf("peñ")).toEqual(["José Peña"]);
  });

  it.each(["\u001b[1mTheo\u001b[0m", "Theo\0", "theo\u000blindqvist", "\ufefflind\u007fqvist"])(
    "cleans what is pasted: %j",
    (query) => {
      expect(namesOf(query)).toEqual(["Theo Lindqvist"]);
    },
  );

  it("wants every word, in any order", () => {
    expect(namesOf("pine jun")).toEqual(["Juniper & Pine"]);
    expect(namesOf("pine theo")).toEqual([]);
  });

  it("hands back the very list when nothing is looked for", () => {
    expect(filterRooms(rooms, "  ", me)).toBe(rooms);
  });

  it("finds a group without a title by its members, and not by oneself", () => {
    const group = createRoom("x", {
      title: null,
      otherParticipant: GROUP,
      members: [me, ...rooms[0]!.members.slice(1)],
    });
    expect(filterRooms([group], "josé", me)).toEqual([group]);
    expect(filterRooms([group], "maya", me)).toEqual([]);
  });
});
