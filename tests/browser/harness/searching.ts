/** The search in everything, as people use it, and what there is to find. */
import type { Locator } from "playwright-core";

import { Correspondent } from "./correspondent";
import type { Host, Pair, Person } from "./host";
import type { Screen } from "./screen";
import type { Server } from "./server";
import { eventually, seen } from "./waiting";

/** Where one types what to search for. */
export function searchField(screen: Screen): Locator {
  return screen.page.getByRole("combobox", { name: /^Search people/ });
}

/** What was found in a section: “Conversations”, “People”, “Messages”. */
export function foundIn(screen: Screen, section: string, text: string | RegExp): Locator {
  const group = screen.page.getByRole("group", { name: section, exact: true });
  return group.getByRole("option").filter({ hasText: text });
}

/** By its shortcut. */
export async function openSearch(screen: Screen): Promise<void> {
  await screen.page.keyboard.press("Control+k");
  await seen(searchField(screen));
}

/** The company says something in a room, and the assistant finds it from now on. */
export async function sayFindable(
  server: Server,
  host: Host,
  { company, va, roomId }: Pair,
  text: string,
  words: string,
): Promise<void> {
  const writer = await Correspondent.connect(server, company);
  await writer.send(roomId, text);
  writer.close();
  await whenFound(host, va, words);
}

export async function whenFound(host: Host, person: Person, words: string): Promise<void> {
  await eventually(() => host.countFound(person, words)).toBeGreaterThan(0);
}
