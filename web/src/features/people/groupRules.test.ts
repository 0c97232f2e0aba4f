import { describe, expect, it } from "vitest";

import type { Member, MemberRole, Room } from "../../realtime/types";
import { mayManage, mayRemove, roleOf, rolesFor, sortMembers } from "./groupRules";

function group(myRole: MemberRole, more: Partial<Room> = {}): Room {
  return { type: "group", status: "active", myRole, ...more } as Room;
}

function member(memberRole: MemberRole | null, name = "Ben"): Member {
  return { id: name, name, avatar: null, role: "va", memberRole };
}

describe("an owner", () => {
  it("gives any other role to anybody, and removes anybody", () => {
    expect(rolesFor(group("owner"), member("member"))).toEqual(["owner", "admin"]);
    expect(rolesFor(group("owner"), member("owner"))).toEqual(["admin", "member"]);
    expect(mayRemove(group("owner"), member("owner"))).toBe(true);
  });
});

describe("an admin", () => {
  it("makes ordinary members admins, and removes those alone", () => {
    expect(rolesFor(group("admin"), member("member"))).toEqual(["admin"]);
    expect(rolesFor(group("admin"), member("admin"))).toEqual([]);
    expect(mayRemove(group("admin"), member("member"))).toBe(true);
    expect(mayRemove(group("admin"), member("owner"))).toBe(false);
  });
});

describe("nobody", () => {
  it("changes a group as an ordinary member, a closed group, or a room of two", () => {
    expect(mayManage(group("member"))).toBe(false);
    expect(mayManage(group("owner", { status: "blocked" }))).toBe(false);
    expect(mayManage(group("owner", { type: "direct" }))).toBe(false);
    expect(rolesFor(group("member"), member("member"))).toEqual([]);
  });
});

describe("members", () => {
  it("stand by their roles, then by their names as people sort them", () => {
    const members = [member("member", "zoe"), member(null, "Álvaro"), member("owner", "Zed"), member("admin", "Bo")];
    expect(sortMembers(members, "es").map(({ name }) => name)).toEqual(["Zed", "Bo", "Álvaro", "zoe"]);
    expect(roleOf(member(null))).toBe("member");
  });
});
