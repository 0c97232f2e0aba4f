/** The results of a search in everything, as the list that the arrow keys move through. */
import { filterRooms } from "../../realtime/filterRooms";
import type { FoundMessage, Room, User } from "../../realtime/types";

export type Option =
  | { readonly kind: "room"; readonly key: string; readonly room: Room }
  | { readonly kind: "person"; readonly key: string; readonly person: User }
  | { readonly kind: "message"; readonly key: string; readonly found: FoundMessage }
  | { readonly kind: "more"; readonly key: "more" };

const MOST_ROOMS = 6;
const MOST_PEOPLE = 5;

export interface Found {
  readonly query: string;
  readonly rooms: readonly Room[];
  readonly people: readonly User[];
  readonly messages: readonly FoundMessage[];
  readonly hasMore: boolean;
  readonly me: User | null;
}

/** Conversations, then people with whom there is none among these, then messages. */
export function optionsOf({ query, rooms, people, messages, hasMore, me }: Found): readonly Option[] {
  const named = filterRooms(rooms, query, me).slice(0, MOST_ROOMS);
  const known = new Set(named.map(({ otherParticipant }) => otherParticipant?.id));
  const others = people.filter(({ id }) => id !== me?.id && !known.has(id)).slice(0, MOST_PEOPLE);
  return [
    ...named.map((room): Option => ({ kind: "room", key: `room:${room.id}`, room })),
    ...others.map((person): Option => ({ kind: "person", key: `person:${person.id}`, person })),
    ...messages.map((found): Option => ({ kind: "message", key: `message:${found.message.id}`, found })),
    ...(hasMore ? [{ kind: "more", key: "more" } as const] : []),
  ];
}
