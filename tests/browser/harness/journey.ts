/** `journey("a sentence of behaviour", async ({ devices, host, server }) => …)`: a test with a browser and a server. */
import type { Browser } from "playwright-core";
import { expect, inject, test } from "vitest";

import { launchChromium } from "./chromium";
import { Devices } from "./devices";
import { Host } from "./host";
import { Server } from "./server";

/** Browser, server and host are everybody's; people, rooms and devices are each journey's own. */
const withBrowser = test.extend<{
  $worker: { browser: Browser; server: Server; host: Host };
  $test: { devices: Devices };
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
  server: [
    // eslint-disable-next-line no-empty-pattern -- as above
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.remove();
    },
    { scope: "worker" },
  ],
  host: [({ server }, use) => use(new Host(server)), { scope: "worker" }],
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
