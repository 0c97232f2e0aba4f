/** Files that a page uploads: chosen there, followed on their way, and compared with what has arrived. */
import { createHash } from "node:crypto";

import type { Page } from "playwright-core";

import type { Sample } from "./files";
import type { Host, Person, StoredMessage } from "./host";
import type { Screen } from "./screen";
import type { Server } from "./server";
import { eventually } from "./waiting";

/** What is no file of any kind, and so arrives as it is. */
export function makeBytes(name: string, size: number): Sample {
  const bytes = Buffer.alloc(size);
  // Other bytes at each place, so that none can stand for another.
  for (let index = 0; index < size; index += 4) bytes.writeUInt32LE((index * 2_654_435_761) >>> 0, index);
  return { name, contentType: "application/octet-stream", bytes };
}

/** What begins as a photograph does, and goes on as none. */
export function makeBroken(name: string, size: number): Sample {
  const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), makeBytes(name, size).bytes]);
  return { name, contentType: "application/octet-stream", bytes };
}

/** Chooses files in the composer, as the device's own dialog does. */
export async function chooseFiles({ page }: Screen, samples: readonly Sample[]): Promise<void> {
  const files = samples.map(({ name, contentType, bytes }) => ({ name, mimeType: contentType, buffer: bytes }));
  await page.locator('input[type=file][aria-label="File"]').setInputFiles(files);
}

/** What a page has sent of files. */
export interface Followed {
  /** From which bytes on: one number for each request. */
  readonly offsets: number[];
  /** Where the last of them was sent to. */
  url: string;
}

export function followUploads(page: Page): Followed {
  const followed: Followed = { offsets: [], url: "" };
  page.on("request", (request) => {
    if (request.method() !== "PATCH") return;
    followed.offsets.push(Number(request.headers()["upload-offset"]));
    followed.url = request.url();
  });
  return followed;
}

/** How much of an upload the server has, whatever becomes of it. */
export async function readReceived(url: string, person: Person): Promise<number> {
  const headers = { authorization: `Bearer ${person.token}`, "tus-resumable": "1.0.0" };
  return Number((await fetch(url, { method: "HEAD", headers })).headers.get("upload-offset"));
}

/** Waits until a room has these messages and no others, each with its files as they were, or none. */
export async function arrived(
  { host, server }: { readonly host: Host; readonly server: Server },
  { person, roomId }: { readonly person: Person; readonly roomId: string },
  expected: readonly (readonly [content: string, files: readonly Sample[]])[],
): Promise<void> {
  const read = () => host.readRoom(person, roomId);
  await eventually(async () => (await read()).map(({ content }) => content)).toEqual(
    expected.map(([content]) => content),
  );
  const found = await Promise.all((await read()).map((message) => digestsOf(server, message)));
  await eventually(() => found).toEqual(
    expected.map(([, files]) => files.map(({ name, bytes }) => [name, digest(bytes)])),
  );
}

async function digestsOf(server: Server, { attachments }: StoredMessage): Promise<[name: string, digest: string][]> {
  return Promise.all(
    attachments.map(async ({ name, url }) => {
      const answer = await fetch(new URL(url, server.url));
      return [name, digest(Buffer.from(await answer.arrayBuffer()))] as [string, string];
    }),
  );
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
