/** Long conversations, for scrolling through them. */
import { Correspondent } from "./correspondent";
import type { Host, Pair, Person } from "./host";
import type { Server } from "./server";

const AT_ONCE = 100;

/** The company has written so much; the assistant has read it, up to a message. */
export async function longConversation(
  host: Host,
  server: Server,
  length: number,
  { readSeq = length, where = "here" } = {},
): Promise<Pair> {
  const pair = await host.makePair();
  await fill(server, pair, length, where);
  await Correspondent.markRead(server, pair.va, pair.roomId, readSeq);
  return pair;
}

/** How the message of that number begins. */
export function textOf(number: number, where = "here"): string {
  return `Message ${number} of the long talk ${where}.`;
}

export async function fill(server: Server, { company, roomId }: Pair, length: number, where?: string): Promise<void> {
  const writer = await Correspondent.connect(server, company);
  // Of different heights, so that guesses of a virtual list are wrong.
  const more = (number: number): string => " And so it goes on for some words.".repeat((number * 7) % 5);
  await writer.sendAll(
    roomId,
    Array.from({ length }, (_, index) => textOf(index + 1, where) + more(index + 1)),
  );
  writer.close();
}

/** A long conversation in which every third message answers an earlier one, and every second has reactions. */
export async function livelyConversation(host: Host, server: Server, length: number): Promise<Pair> {
  const pair = await host.makePair();
  const [writer, reader] = await Promise.all([
    Correspondent.connect(server, pair.company),
    Correspondent.connect(server, pair.va),
  ]);
  const ids: string[] = [];
  for (let start = 0; start < length; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, length - start) }, (_, index) => start + index + 1);
    const say = (number: number): Promise<string> =>
      writer.answer(pair.roomId, number % 3 ? undefined : ids[start - 1 - (number % 50)], textOf(number));
    const said = await Promise.all(numbers.map(say));
    ids.push(...said);
    const loved = said.filter((_, index) => index % 2);
    await Promise.all(loved.flatMap((id) => [writer.react(id, "👍"), reader.react(id, "🎉")]));
  }
  reader.close();
  writer.close();
  await Correspondent.markRead(server, pair.va, pair.roomId, length);
  return pair;
}

/** Somebody's conversations with as many companies, a message in each. @returns the companies, latest first. */
export async function fillList(host: Host, server: Server, va: Person, length: number): Promise<[Person, ...Person[]]> {
  const writer = await Correspondent.connect(server, va);
  const companies: Person[] = [];
  for (let count = 1; count <= length; count++) {
    const company = await host.makePerson("company");
    await writer.send(await host.makeRoom(va, company), `Hello number ${count}`);
    companies.unshift(company);
  }
  writer.close();
  const [newest, ...others] = companies;
  if (newest === undefined) throw new Error("There is no list of nothing.");
  return [newest, ...others];
}
