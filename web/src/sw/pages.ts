/** Navigation: the app's page at the addresses that are its own to show. */
import { keptFile, PAGE } from "./files";

declare const self: ServiceWorkerGlobalScope;

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
