/** People who are named in a text behind an @. Who is meant is told by ids beside the text; the text has their names. */

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface MentionSegment<Person extends Named = Named> {
  readonly text: string;
  /** Who is named here; null: nobody. */
  readonly person: Person | null;
}

/** Behind one of these an @ is a part of an address. */
const IN_ADDRESS = /[\p{L}\p{N}\p{M}._%+'@/-]$/u;
/** What goes on with a name: not in scripts that write no spaces between words. */
const GOES_ON =
  /^(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{N}\p{M}_]/u;

/** Whether an @ at `index` may name somebody. */
export function mayMention(text: string, index: number): boolean {
  return !IN_ADDRESS.test(text.slice(Math.max(0, index - 2), index));
}

/** Stretches of `text` with and without a person's name; joined, they are `text` again. The longest name counts. */
export function splitMentions<Person extends Named>(
  text: string,
  people: readonly Person[],
): readonly MentionSegment<Person>[] {
  const longestFirst = [...people].sort((a, b) => b.name.length - a.name.length);
  const segments: MentionSegment<Person>[] = [];
  let end = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", Math.max(at + 1, end))) {
    const person = mayMention(text, at) ? longestFirst.find(({ name }) => stands(name, text, at + 1)) : undefined;
    if (person === undefined) continue;
    if (at > end) segments.push({ text: text.slice(end, at), person: null });
    end = at + 1 + person.name.length;
    segments.push({ text: text.slice(at, end), person });
  }
  if (end < text.length) segments.push({ text: text.slice(end), person: null });
  return segments;
}

/** Ids of those of `people` who are named, each once. Of several of one name, those in `chosen`; all, when none of them is. */
export function mentionedIn(text: string, people: readonly Named[], chosen: readonly string[] = []): readonly string[] {
  const names = new Set(splitMentions(text, people).flatMap(({ person }) => person?.name ?? []));
  const named = people.filter(({ name }) => names.has(name));
  const isMeant = ({ id, name }: Named): boolean =>
    chosen.includes(id) || !named.some((other) => other.name === name && chosen.includes(other.id));
  return named.filter(isMeant).map(({ id }) => id);
}

function stands(name: string, text: string, start: number): boolean {
  return name !== "" && text.startsWith(name, start) && !GOES_ON.test(text.slice(start + name.length));
}
