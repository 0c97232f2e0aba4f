import { isolate } from "../text/isolation";
import { fillText, type Catalogue, type Params } from "./catalogue";
import type { Locale } from "./locale";
import { systemEn } from "./messages/system.en";
import { systemEs } from "./messages/system.es";

/** Who reads, and in which language. */
export interface Reader {
  readonly myId: string | null;
  /** The name of somebody, as far as it is known. */
  nameOf(userId: string): string | undefined;
  readonly locale: Locale;
}

const CATALOGUES: Readonly<Record<Locale, Catalogue>> = { en: systemEn, es: systemEs };

/** Of those whom an event is about, named before the others are counted. */
const MAX_NAMES = 3;

type Metadata = Readonly<Record<string, unknown>> | null;

/** What a message of the system says in the reader's language; null when this version does not know how to say it. */
export function describeSystem(metadata: Metadata, reader: Reader): string | null {
  const { event, actorId, userIds, title, role } = metadata ?? {};
  if (typeof event !== "string" || typeof actorId !== "string" || !Array.isArray(userIds)) return null;
  const ids = userIds.filter((id) => typeof id === "string");
  const key = keyOf(event === "role_changed" ? String(role) : event, actorId, ids, reader);
  if (key === null) return null;
  const named = {
    actor: nameOf(actorId, reader),
    people: listPeople(ids, reader),
    title: typeof title === "string" ? title : "",
  };
  return textOf(key, named, reader);
}

const BY_SOMEBODY = new Set(["created", "added", "removed", "left", "renamed", "avatar_changed"]);
const OF_SOMEBODY = new Set(["owner", "admin", "member"]);
const TO_YOU = new Set(["added", "removed"]);

/** The sentence: another one where the reader has done it, or is the one to whom it was done. */
function keyOf(event: string, actorId: string, ids: readonly string[], { myId }: Reader): string | null {
  const isYou = ids.length === 1 && ids[0] === myId;
  if (OF_SOMEBODY.has(event)) return `${event}${isYou ? "You" : ""}`;
  if (!BY_SOMEBODY.has(event)) return null;
  if (actorId === myId) return `${event}ByYou`;
  return `${event}${isYou && TO_YOU.has(event) ? "You" : ""}`;
}

function listPeople(ids: readonly string[], reader: Reader): string {
  // What cannot be named comes last, and oneself after those who can be.
  const isMe = (id: string): boolean => id === reader.myId;
  const sorted = [...ids.filter((id) => !isMe(id)), ...ids.filter(isMe)];
  const shown = sorted.slice(0, sorted.length === MAX_NAMES + 1 ? MAX_NAMES + 1 : MAX_NAMES);
  const names = shown.map((id) => (isMe(id) ? textOf("you", {}, reader) : isolate(nameOf(id, reader))));
  const others = sorted.length - shown.length;
  if (others > 0) names.push(textOf("others", { count: others }, reader));
  return new Intl.ListFormat(reader.locale, { type: "conjunction" }).format(names);
}

function nameOf(userId: string, reader: Reader): string {
  return reader.nameOf(userId) ?? textOf("somebody", {}, reader);
}

function textOf(key: string, params: Params, { locale }: Reader): string {
  const text = CATALOGUES[locale][`system.${key}`];
  return text === undefined ? "" : fillText(text, params, locale);
}
