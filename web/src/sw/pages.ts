/** Navigation: the app's page at the addresses that are its own to show. */
import { keptFile, PAGE } from "./files";

declare const self: ServiceWorkerGlobalScope;

const PAGES = /^\/(chat(\/[^/]*)?)?$/;
/** What is the server's alone to answer, and its own files. */
const NO_PAGES = /^\/(api|socket\.io|app|assets|icons|demo)(\/|$)|\.\w+$/;

export function isPage(path: string): boolean {
  return PAGES.test(path);
}

/** Whether the server is asked first: there may be a page of the host's, or nothing. */
export function mayBePage(path: string): boolean {
  return !NO_PAGES.test(path);
}

/** What the server has there; without a network, the app's page, which says that there is nothing. */
export async function openUnknown(request: Request): Promise<Response> {
  return fetch(request).catch(() => keptFile(PAGE, request));
}

/** The page as it was kept; or, when a new version waits and this is the only window, that one, at once. */
export async function openPage(request: Request): Promise<Response> {
  const waiting = self.registration.waiting;
  if (waiting !== null && (await self.clients.matchAll({ type: "window" })).length < 2) {
    waiting.postMessage("activate");
    return new Response("", { headers: { Refresh: "0" } });
  }
  return keptFile(PAGE, request);
}
