/** The files of this version: fetched when it is installed, and given out until it is replaced. */
export {}; // a module: its names are its own

declare const self: ServiceWorkerGlobalScope & {
  /** The build writes the files of this version here. */
  readonly __WB_MANIFEST: readonly { readonly url: string; readonly revision: string | null }[];
};

const PREFIX = "hyred-chat-shell-";
export const PAGE = "/";
export const SETTINGS = "/app/config.json";
/** So long the settings may take: on a bad network, those of last time open the app. */
const SETTINGS_TIMEOUT_MS = 2000;
const files = self.__WB_MANIFEST;
const CACHE = PREFIX + versionOf(files);
const paths = new Set(files.map(({ url }) => new URL(url, self.location.origin).pathname));

/** Whether it is one of this version's. */
export function isFile(path: string): boolean {
  return paths.has(path);
}

export async function keptFile(path: string, request: Request): Promise<Response> {
  return (await (await caches.open(CACHE)).match(path)) ?? fetch(request);
}

export async function newestSettings(): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(SETTINGS, { cache: "no-cache", signal: AbortSignal.timeout(SETTINGS_TIMEOUT_MS) });
    if (answer.ok) await cache.put(SETTINGS, answer.clone());
    return answer;
  } catch (error) {
    const known = await cache.match(SETTINGS);
    if (known === undefined) throw error;
    return known;
  }
}

/** Those of last time, at once; where there are none, the server's. */
export async function knownSettings(): Promise<Response> {
  return keptFile(SETTINGS, new Request(SETTINGS));
}

export async function keepFiles(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Always anew: the page's headers are the server's settings, too, which change without a new version.
  await cache.addAll([PAGE, SETTINGS].map((path) => new Request(path, { cache: "no-cache" })));
  await Promise.all([...paths].map((path) => keepFile(cache, path)));
}

/** Hashed names never change: what an older version has kept is not fetched again. */
async function keepFile(cache: Cache, path: string): Promise<void> {
  const known = path.startsWith("/assets/") ? await caches.match(path) : undefined;
  await (known === undefined ? cache.add(new Request(path, { cache: "no-cache" })) : cache.put(path, known));
}

export async function dropOldFiles(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** The names of emoji, which most people never look for: kept from the first time on that somebody does. */
const SEEN = "hyred-chat-seen";
const SEEN_PATH = /^\/assets\/compact-[\w-]+\.js$/;
/** One for each language. */
const MOST_SEEN = 2;

export function isKeptOnceSeen(path: string): boolean {
  return SEEN_PATH.test(path);
}

export async function fileOnceSeen(request: Request): Promise<Response> {
  const cache = await caches.open(SEEN);
  const known = await cache.match(request);
  if (known !== undefined) return known;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    const older = (await cache.keys()).slice(0, -MOST_SEEN);
    await Promise.all(older.map((one) => cache.delete(one)));
  }
  return answer;
}

/** FNV-1a of the list of files: another list, another cache. */
function versionOf(manifest: typeof files): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(manifest)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
