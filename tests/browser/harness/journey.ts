/** `journey("a sentence of behaviour", async ({ devices, host, server }) => …)`: a test with a browser and a server. */
import type { Browser } from "playwright-core";
import { expect, inject, test } from "vitest";

import { launchChromium } from "./chromium";
import { Devices, WITH_WORKER } from "./devices";
import { Firebase } from "./firebase";
import { Host, type Person } from "./host";
import { isMeasuring } from "./measures";
import { PushBrowser, whenReached } from "./pushBrowser";
import { PushService } from "./pushService";
import type { Screen } from "./screen";
import { Server } from "./server";
import { seen } from "./waiting";

/** A server that signs people in with Firebase, as in production. */
export interface Strict {
  readonly firebase: Firebase;
  readonly server: Server;
  readonly host: Host;
}

/** Somebody at a new device, who has allowed notifications there. */
export interface Reached {
  readonly screen: Screen;
  readonly browser: PushBrowser;
}

/** Browser, server and host are everybody's; people, rooms and devices are each journey's own. */
const withBrowser = test.extend<{
  $worker: {
    browser: Browser;
    pushService: PushService;
    server: Server;
    host: Host;
    firebase: Firebase;
    strictServer: Server;
  };
  $test: {
    devices: Devices;
    strict: Strict;
    reach: (person: Person) => Promise<Reached>;
  };
}>({
  browser: [
    // eslint-disable-next-line no-empty-pattern -- vitest reads the pattern to learn what a fixture needs: nothing
    async ({}, use) => {
      const browser = await launchChromium();
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
  pushService: [
    // eslint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      const service = await PushService.start();
      await use(service);
      await service.stop();
    },
    { scope: "worker" },
  ],
  server: [
    async ({ pushService }, use) => {
      const server = await Server.start({
        HYRED_WEB_PUSH_HOSTS: pushService.host,
      });
      await use(server);
      await server.remove();
    },
    { scope: "worker" },
  ],
  host: [({ server }, use) => use(new Host(server)), { scope: "worker" }],
  firebase: [
    // eslint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      const firebase = await Firebase.start();
      await use(firebase);
      await firebase.stop();
    },
    { scope: "worker" },
  ],
  strictServer: [
    async ({ firebase }, use) => {
      const server = await Server.start(firebase.settings);
      await use(server);
      await server.remove();
    },
    { scope: "worker" },
  ],
  strict: async ({ firebase, strictServer }, use) => {
    await use({ firebase, server: strictServer, host: new Host(strictServer) });
    expect(strictServer.takeFaults(), "errors of the server with Firebase").toEqual([]);
  },
  reach: async ({ devices, server, pushService }, use) => {
    await use(async (person) => {
      const context = await devices.unpack(WITH_WORKER, person);
      const browser = await PushBrowser.install(context, pushService, server.url);
      const screen = await devices.openTab(context, "/chat");
      await seen(screen.account);
      await screen.whenOnline();
      expect(browser.isSubscribed, "nobody was asked on load").toBe(false);
      await screen.openMenu();
      await screen.page.getByRole("menuitem", { name: "Allow notifications" }).click();
      await whenReached(screen);
      return { screen, browser };
    });
  },
  devices: async ({ browser, server }, use) => {
    await server.revive();
    const devices = new Devices(browser, server);
    await use(devices);
    const faults = await devices.closeAll();
    expect(faults, "errors in the pages").toEqual([]);
    expect(server.takeFaults(), "errors of the server").toEqual([]);
  },
});

export const journey = withBrowser.runIf(inject("hasBrowser"));

/** A journey whose figures count only where nothing else runs. */
export const measure = withBrowser.runIf(inject("hasBrowser") && isMeasuring);
