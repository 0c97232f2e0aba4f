/**
 * The service worker: the app opens at once and without a network, from files that belong together.
 *
 * It keeps the page, its assets and its public settings, and nothing else: conversations are kept by the app, in
 * IndexedDB, and whatever the server answers under /api or /socket.io never comes near it.
 */
export {}; // a module: its names are its own

declare const self: ServiceWorkerGlobalScope & {
  /** The build writes the files of this version here. */
  readonly __WB_MANIFEST: readonly { readonly url: string; readonly revision: string | null }[];
};

const PREFIX = "hyred-chat-shell-";
const PAGE = "/";
const SETTINGS = "/app/config.json";
/** So long the settings may take: on a bad network, those of last time open the app. */
const SETTINGS_TIMEOUT_MS = 2000;
/** Paths that are the app's own to show; what is not listed goes to the server. */
const PAGES = /^\/(chat(\/[^/]*)?)?$/;
const files = self.__WB_MANIFEST;
const CACHE = PREFIX + versionOf(files);
const paths = new Set(files.map(({ url }) => new URL(url, self.location.origin).pathname));

self.addEventListener("install", (event) => {
  event.waitUntil(keepFiles());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([dropOldFiles(), self.clients.claim()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (PAGES.test(url.pathname)) event.respondWith(openPage(request));
  } else if (url.pathname === SETTINGS) {
    event.respondWith(newestSettings());
  } else if (paths.has(url.pathname)) {
    event.respondWith(kept(url.pathname, request));
  }
});

/** The page as it was kept; or, when a new version waits and this is the only window, that one, at once. */
async function openPage(request: Request): Promise<Response> {
  const waiting = self.registration.waiting;
  if (waiting !== null && (await self.clients.matchAll({ type: "window" })).length < 2) {
    waiting.postMessage("activate");
    return new Response("", { headers: { Refresh: "0" } });
  }
  return kept(PAGE, request);
}

self.addEventListener("message", (event) => {
  if (event.data === "activate") event.waitUntil(self.skipWaiting());
});

async function kept(path: string, request: Request): Promise<Response> {
  return (await (await caches.open(CACHE)).match(path)) ?? fetch(request);
}

async function newestSettings(): Promise<Response> {
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

async function keepFiles(): Promise<void> {
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

async function dropOldFiles(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** FNV-1a of the list of files: another list, another cache. */
function versionOf(manifest: typeof files): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(manifest)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
