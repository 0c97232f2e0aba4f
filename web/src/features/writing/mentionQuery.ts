import { findsBy, partsOf } from "../../lib/text/folding";
import { mayMention, type Named } from "../../lib/text/mentions";

/** UTF-16 units: what is longer is no name that anybody types. */
const MAX_QUERY = 60;
/** More are found by another letter. */
const MOST_FOUND = 50;

export interface MentionQuery {
  /** Where the @ is. */
  readonly start: number;
  readonly text: string;
}

/** What is asked for at a caret: the words from an @ on, up to there; null: nobody is to be named. */
export function mentionQueryAt(text: string, caret: number): MentionQuery | null {
  const start = text.lastIndexOf("@", caret - 1);
  if (caret === 0 || start === -1 || caret - start > MAX_QUERY || !mayMention(text, start)) return null;
  const query = text.slice(start + 1, caret);
  return /^\s|\n/.test(query) ? null : { start, text: query };
}

/** Who is found, those first whose names begin so; nobody when the name is there already. */
export function findNamed<Person extends Named>(people: readonly Person[], query: string): readonly Person[] {
  const parts = partsOf(query);
  if (parts.length === 0) return query === "" ? people.slice(0, MOST_FOUND) : [];
  const found = people.filter(({ name }) => findsBy(parts)(name));
  if (found.every(({ name }) => name === query.trimEnd())) return found.length > 1 && !/\s$/.test(query) ? found : [];
  const begins = (name: string): boolean => name.toLowerCase().startsWith(query.toLowerCase());
  const ordered = [...found].sort((a, b) => Number(begins(b.name)) - Number(begins(a.name)));
  return ordered.slice(0, MOST_FOUND);
}
