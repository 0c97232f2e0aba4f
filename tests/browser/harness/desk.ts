/** The console for moderators, and what there is to moderate. */
import type { BrowserContextOptions } from "playwright-core";

import { Correspondent } from "./correspondent";
import type { Devices } from "./devices";
import { sendFiles, type Sample } from "./files";
import type { Host, Pair, Person } from "./host";
import type { Screen } from "./screen";
import type { Server } from "./server";

/** The console as it opens for somebody who is signed in on a new device. */
export async function openConsole(
  devices: Devices,
  person: Person,
  path = "/console",
  options: BrowserContextOptions = {},
): Promise<Screen> {
  return devices.openTab(await devices.unpack(options, person), path);
}

export interface Reported extends Pair {
  /** What is reported: a message of the company. */
  readonly text: string;
  readonly note: string;
}

/** A company asks for money, and the other one reports it. */
export async function makeReport(host: Host, server: Server, pair?: Pair): Promise<Reported> {
  const { va, company, roomId } = pair ?? (await host.makePair());
  const text = `Pay me 200 first, by a link of ${company.name}.`;
  const note = `Asks for money before the first day. Says ${va.name}.`;
  const writer = await Correspondent.connect(server, company);
  await writer.sendAll(roomId, ["Good morning!", "We would like to work with you.", text, "Are you there?"]);
  writer.close();
  const stored = await host.readRoom(va, roomId);
  const message = stored.find(({ content }) => content === text);
  if (message === undefined) throw new Error("The message was not stored.");
  await host.report(va, message.id, note);
  return { va, company, roomId, text, note };
}

/** A company sends files in one message, the other one reports it, and the company deletes it. */
export async function makeReportOfFiles(host: Host, server: Server, files: readonly Sample[]): Promise<Pair> {
  const pair = await host.makePair();
  const { id } = await sendFiles(server, pair.company, pair.roomId, files, "Look at this");
  await host.report(pair.va, id, "They sent me this.");
  await host.deleteMessage(pair.company, id);
  return pair;
}
