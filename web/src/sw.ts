/**
 * The service worker: the app opens at once and without a network, from files that belong together, and pushes are
 * shown when no page is open.
 *
 * It keeps the page, its assets and its public settings: conversations are kept by the app, in IndexedDB, and whatever
 * the server answers under /api or /socket.io never comes near it. The one thing that it writes there is a reply to a
 * notification.
 */
import { REPLY } from "./features/push/content";
import { clean } from "./lib/text/cleaning";
import { isPage, mayBePage } from "./sw/addresses";
import { follow, reply } from "./sw/click";
import {
  dropOldFiles,
  fileOnceSeen,
  isFile,
  isKeptOnceSeen,
  keepFiles,
  keptFile,
  knownSettings,
  newestSettings,
  SETTINGS,
} from "./sw/files";
import { openPage, openUnknown } from "./sw/pages";
import { readPush } from "./sw/payload";
import { receivePush } from "./sw/push";
import { isShare, receiveShare } from "./sw/share";
import { tellWindows } from "./sw/windows";
import { surroundingsOf } from "./sw/worker";

declare const self: ServiceWorkerGlobalScope;

const worker = surroundingsOf(self, knownSettings);

self.addEventListener("install", (event) => {
  event.waitUntil(keepFiles());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([dropOldFiles(), self.clients.claim()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin === self.location.origin && isShare(request.method, url.pathname)) {
    event.respondWith(receiveShare(request));
    return;
  }
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (isPage(url.pathname)) event.respondWith(openPage(request));
    else if (mayBePage(url.pathname)) event.respondWith(openUnknown(request));
  } else if (url.pathname === SETTINGS) {
    event.respondWith(newestSettings());
  } else if (isFile(url.pathname)) {
    event.respondWith(keptFile(url.pathname, request));
  } else if (isKeptOnceSeen(url.pathname)) {
    event.respondWith(fileOnceSeen(request));
  }
});

self.addEventListener("message", (event) => {
  if (event.data === "activate") event.waitUntil(self.skipWaiting());
});

self.addEventListener("push", (event) => {
  event.waitUntil(receivePush(worker, readPush(event.data)));
});

self.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  const text = action === REPLY ? clean((event as NotificationEvent & { reply?: string | null }).reply ?? "") : "";
  // Without a text (a platform that shows the button only), the conversation is where one replies.
  event.waitUntil(text === "" ? follow(worker, notification.data) : reply(worker, notification.data, text));
});

self.addEventListener("pushsubscriptionchange", (event) => {
  // Only a page has a token to tell the server with. Without one, the next that starts sees it.
  (event as ExtendableEvent).waitUntil(tellWindows(worker, { kind: "push.subscriptionChanged" }));
});
