/** Navigation: the app's page at the addresses that are its own to show. */
import { keptFile, PAGE } from "./files";

declare const self: ServiceWorkerGlobalScope;

/** What is not listed goes to the server. */
const PAGES = /^\/(chat(\/[^/]*)?)?$/;

export function isPage(path: string): boolean {
  return PAGES.test(path);
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
