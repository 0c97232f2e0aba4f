/** Notices of the host's jobs and contracts: `server` knows where the jobs have their pages, and of contracts not. */
import type { BrowserContext, Locator } from "playwright-core";
import { describe, expect } from "vitest";

import { whileTimeStands } from "../harness/clock";
import type { Host, Person } from "../harness/host";
import { journey } from "../harness/journey";
import { MARKETPLACE } from "../harness/server";
import { eventually, seen } from "../harness/waiting";

const PAGE = `${MARKETPLACE}/jobs/17%20b`;

describe("a notice of a job", () => {
  journey("leads from the bell to its page in the same tab, and is read", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    const screen = await devices.signIn(va);
    await answerForMarketplace(screen.page.context());
    await notifyOfJob(host, va);
    const link = (await screen.openBell()).getByRole("link", {
      name: /^A job for you/,
    });
    expect(await link.getAttribute("href")).toBe(PAGE);
    await link.click();
    await screen.page.waitForURL(PAGE);
    await seen(screen.page.getByText("The marketplace"));
    expect(screen.page.context().pages()).toHaveLength(1);
    await screen.page.goBack();
    await seen(screen.bellWith(0));
    await eventually(() => host.listNotifications(va, { unread: true })).toEqual([]);
  });

  journey("leads there from its toast", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    const screen = await devices.signIn(va);
    await answerForMarketplace(screen.page.context());
    await whileTimeStands(screen.page, async () => {
      await notifyOfJob(host, va);
      await screen.toasts.getByRole("link", { name: /^A job for you/ }).click();
      await screen.page.waitForURL(PAGE);
    });
    await screen.page.goBack();
    await eventually(() => host.listNotifications(va, { unread: true })).toEqual([]);
  });

  journey("leads there from its push, and is read once the app is open", async ({ devices, host, reach }) => {
    const va = await host.makePerson("va");
    const { screen, browser } = await reach(va);
    await screen.page.close();
    await notifyOfJob(host, va);
    const { collapseKey } = await browser.takeShown();
    expect(await browser.click(collapseKey)).toEqual({
      opened: [PAGE],
      focused: [],
    });
    const again = await devices.openTab(screen.page.context(), "/chat");
    await seen(again.bellWith(0));
    await eventually(() => host.listNotifications(va, { unread: true })).toEqual([]);
  });
});

describe("a notice of a contract, which has no page", () => {
  journey("is text in toast and bell, and its push opens the app", async ({ host, reach }) => {
    const va = await host.makePerson("va");
    const { screen, browser } = await reach(va);
    await whileTimeStands(screen.page, async () => {
      await host.notify([va], "A contract for you", "To sign", "contract", {
        contractId: "5",
      });
      await screen.toasts.getByText("A contract for you", { exact: true }).hover(); // so that it stays
    });
    expect(await namesOf(screen.toasts.locator("a, button"))).toEqual(["Dismiss"]);
    const row = (await screen.openBell()).getByRole("listitem");
    await seen(row.getByText("A contract for you", { exact: true }));
    expect(await namesOf(row.locator("a, button"))).toEqual(["Mark as read"]);
    await screen.page.close();
    const { collapseKey } = await browser.takeShown();
    expect(await browser.click(collapseKey)).toEqual({
      opened: ["/chat"],
      focused: [],
    });
  });
});

async function namesOf(controls: Locator): Promise<(string | null)[]> {
  return Promise.all((await controls.all()).map((control) => control.getAttribute("aria-label")));
}

async function notifyOfJob(host: Host, person: Person): Promise<void> {
  await host.notify([person], "A job for you", "In short.", "job_match", {
    jobId: "17 b",
  });
}

async function answerForMarketplace(context: BrowserContext): Promise<void> {
  await context.route(`${MARKETPLACE}/**`, (route) =>
    route.fulfill({ contentType: "text/html", body: "The marketplace" }),
  );
}
