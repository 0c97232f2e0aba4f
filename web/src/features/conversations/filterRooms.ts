import type { Room, User } from "../../realtime/types";
import { nameOfRoom } from "./roomName";

/** The rooms whose name has a word beginning with each word of the query, whatever the accents and capitals. */
export function filterRooms(rooms: readonly Room[], query: string, me: User | null): readonly Room[] {
  const wanted = wordsOf(query);
  if (wanted.length === 0) return rooms;
  return rooms.filter((room) => {
    const words = wordsOf(nameOfRoom(room, me));
    return wanted.every((part) => words.some((word) => word.startsWith(part)));
  });
}

function wordsOf(text: string): string[] {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}
