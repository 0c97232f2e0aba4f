/**
 * What another app has shared with this one. The service worker takes it from the browser and keeps it here, until somebody
 * has said in which conversation it is to go, or that it is not.
 */

import { cut } from "../text/cut";
import { SHARED_CACHE as CACHE } from "./sharedCache";

export interface Shared {
  readonly files: readonly File[];
  /** What was said with it, and where it is from; empty: nothing. */
  readonly text: string;
  /** How many files there were besides. */
  readonly leftOut: number;
}

const WORDS = "/shared/words";
/** A message takes no more. */
const MAX_FILES = 10;
/** The server takes less; this is for the disk. */
const MAX_BYTES = 250 * 1_024 * 1_024;
/** Code points. */
const MAX_TEXT = 10_000;
/** What nobody has wanted by then is forgotten. */
const MAX_AGE_MS = 60 * 60_000;
const NAME = "X-Name";
const TIME = "X-Time";

/** Keeps the form of a share in place of an earlier one. */
export async function keepShared(form: FormData): Promise<void> {
  await caches.delete(CACHE);
  const cache = await caches.open(CACHE);
  const all = form.getAll("files").filter((entry) => entry instanceof File);
  const files = takeThatFit(all);
  const text = ["title", "text", "url"].flatMap((name) => textOf(form.get(name)));
  await Promise.all(files.map((file, index) => cache.put(`/shared/${index}`, answerOf(file))));
  const words: Omit<Shared, "files"> = {
    text: cut([...new Set(text)].join("\n"), MAX_TEXT),
    leftOut: all.length - files.length,
  };
  // Last: without it there is nothing yet.
  await cache.put(WORDS, new Response(JSON.stringify(words), { headers: { [TIME]: String(Date.now()) } }));
}

/** Null when nothing was shared, or too long ago. */
export async function readShared(): Promise<Shared | null> {
  // Pages without HTTPS have no caches, and nothing is shared with them.
  if (!("caches" in globalThis) || !(await caches.has(CACHE))) return null;
  const cache = await caches.open(CACHE);
  const words = await cache.match(WORDS);
  if (words === undefined || Date.now() - Number(words.headers.get(TIME)) > MAX_AGE_MS) {
    await dropShared();
    return null;
  }
  const answers = await Promise.all(Array.from({ length: MAX_FILES }, (_, index) => cache.match(`/shared/${index}`)));
  const files = await Promise.all(answers.filter((answer) => answer !== undefined).map(fileOf));
  return { ...((await words.json()) as Omit<Shared, "files">), files };
}

export async function dropShared(): Promise<void> {
  await caches.delete(CACHE);
}

function takeThatFit(files: readonly File[]): readonly File[] {
  let left = MAX_BYTES;
  return files
    .filter(({ size }) => {
      const fits = size <= left;
      if (fits) left -= size;
      return fits;
    })
    .slice(0, MAX_FILES);
}

function textOf(entry: FormDataEntryValue | null): readonly string[] {
  return typeof entry === "string" && entry.trim() !== "" ? [entry.trim()] : [];
}

/** Headers have no letters beyond ASCII. */
function answerOf(file: File): Response {
  const type = file.type === "" ? "application/octet-stream" : file.type;
  return new Response(file, { headers: { "Content-Type": type, [NAME]: encodeURIComponent(file.name) } });
}

async function fileOf(answer: Response): Promise<File> {
  const name = decodeURIComponent(answer.headers.get(NAME) ?? "");
  return new File([await answer.blob()], name, { type: answer.headers.get("Content-Type") ?? "" });
}
