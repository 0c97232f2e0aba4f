/** Who may do what in a group, as the server has it: what one may not do is not offered. */
import type { Member, MemberRole, Room } from "../../realtime/types";

const ROLES: readonly MemberRole[] = ["owner", "admin", "member"];
const RANK: Readonly<Record<MemberRole, number>> = { owner: 0, admin: 1, member: 2 };

export function roleOf({ memberRole }: Member): MemberRole {
  return memberRole ?? "member";
}

/** Whether one may change a group: its name, its people. Nobody does in a group of the host, and nobody in a closed one. */
export function mayManage({ type, status, myRole }: Room): boolean {
  return type === "group" && status !== "blocked" && myRole !== "member";
}

/** The roles that one may give to another member. */
export function rolesFor(room: Room, member: Member): readonly MemberRole[] {
  if (!mayManage(room)) return [];
  const theirs = roleOf(member);
  if (room.myRole === "owner") return ROLES.filter((role) => role !== theirs);
  return theirs === "member" ? ["admin"] : [];
}

export function mayRemove(room: Room, member: Member): boolean {
  return mayManage(room) && (room.myRole === "owner" || roleOf(member) === "member");
}

/** Owners first, then admins, each by their names. */
export function sortMembers(members: readonly Member[], locale: string): Member[] {
  const names = new Intl.Collator(locale, { sensitivity: "base", numeric: true });
  return [...members].sort((a, b) => RANK[roleOf(a)] - RANK[roleOf(b)] || names.compare(a.name, b.name));
}
