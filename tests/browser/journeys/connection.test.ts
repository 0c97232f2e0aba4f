/** What is said, and shown, of a connection that is slow, lost or dead: nothing that is not so, and nothing over anything. */
import { describe, expect } from "vitest";

import { nothingLiesUnder } from "../harness/apart";
import { PHONE, WITH_WORKER } from "../harness/devices";
import { LOST_CONNECTION } from "../harness/guard";
import { heardBy, listen } from "../harness/heard";
import { journey } from "../harness/journey";
import { Link } from "../harness/link";
import { eventually, gone, seen } from "../harness/waiting";

describe("the first connection", () => {
  journey("over a slow network is never called a reconnection", async ({ devices, host }) => {
    const { va, company } = await host.makePair();
    const link = await Link.open();
    link.delayMs = 900;
    const context = await devices.unpack(link.proxyOptions, va);
    await listen(context);
    const screen = await devices.openTab(context, "/chat");
    await seen(screen.entry(company.name));
    await seen(screen.page.getByRole("button", { name: "Your account" }));
    await screen.open(company.name);
    await screen.send("Slow, but here");
    await seen(screen.tick("Slow, but here", "Sent"));
    const heard = await heardBy(screen.page);
    expect(heard.filter((text) => /Reconnecting|Up to date|offline/i.test(text))).toEqual([]);
    await link.close();
  });
});

describe("a connection that is lost", () => {
  for (const [device, options] of [
    ["desk", {}],
    ["phone", PHONE],
  ] as const) {
    journey(`is said in a place of its own on a ${device}, and nobody shows as here`, async ({ devices, host }) => {
      const { va, company, roomId } = await host.makePair();
      const link = await Link.open();
      const other = await devices.openConversation(company, va, roomId);
      const context = await devices.unpack({ ...options, ...link.proxyOptions, ...WITH_WORKER }, va);
      await listen(context);
      const screen = await devices.openTab(context, `/chat/${roomId}`);
      await screen.whenJoined(roomId);
      const header = screen.page.getByRole("main").locator("header");
      await other.send("Hello");
      await screen.send("Good morning"); // people who have written to one another see who is here
      await seen(screen.message("Hello"), header.getByText("Online"));
      await screen.whenComplete();
      screen.guard.allow(LOST_CONNECTION);
      link.cut();
      const strip = screen.page.locator(".hc-strip").and(screen.page.locator(":visible"));
      await seen(screen.banner.filter({ hasText: "Reconnecting…" }), strip);
      expect(await strip.count(), "once, where one writes").toBe(1);
      await gone(header.getByText("Online"));
      await nothingLiesUnder(strip.last(), header, screen.message("Hello"), screen.composer);
      if (device === "phone") await screen.page.getByRole("button", { name: "Back to conversations" }).tap();
      await screen.account.click();
      await seen(screen.page.getByRole("menu").getByText("Virtual assistant · Offline"));
      await screen.page.keyboard.press("Escape");
      await nothingLiesUnder(strip.first(), screen.page.getByRole("searchbox"), screen.entry(company.name));
      await screen.page.getByRole("searchbox").click();
      expect(await screen.page.getByRole("searchbox").evaluate((field) => field === document.activeElement)).toBe(true);
      const retry = screen.page.getByRole("button", { name: "Try now" }).first();
      await retry.click({ trial: true });
      link.mend();
      // It may have been tried without it meanwhile, and that all is well is said for two seconds only.
      await retry.evaluateAll(([button]) => (button as HTMLElement | undefined)?.click());
      await eventually(() => heardBy(screen.page)).toContain("Up to date");
      await gone(strip.first());
      await screen.account.click();
      await seen(screen.page.getByRole("menu").getByText("Virtual assistant · Online"));
      await link.close();
    });
  }

  journey("shows in the list what waits where, and moves it up", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const busy = await host.makePerson("company");
    const busyRoom = await host.makeRoom(va, busy);
    const link = await Link.open();
    const screen = await devices.openConversation(va, busy, busyRoom, { ...link.proxyOptions, ...WITH_WORKER });
    await screen.send("Latest");
    await seen(screen.tick("Latest", "Sent"));
    await screen.open(company.name);
    const order = () => screen.list.getByRole("link").evaluateAll((rows) => rows.map(({ textContent }) => textContent));
    await eventually(async () => (await order())[0]).toContain(busy.name);
    await screen.whenComplete();
    screen.guard.allow(LOST_CONNECTION);
    link.cut();
    await screen.send("On the train");
    const row = screen.entry(company.name);
    await seen(row.getByRole("img", { name: "Queued" }), row.getByText("You: On the train"));
    await eventually(async () => (await order())[0]).toContain(company.name);
    await host.block({ va, company, roomId });
    link.mend();
    await seen(row.getByRole("img", { name: "Not sent" }));
    await host.unblock({ va, company, roomId });
    await screen.message("On the train").getByRole("button", { name: "Try again" }).click();
    await gone(row.getByRole("img", { name: "Not sent" }), row.getByRole("img", { name: "Queued" }));
    await seen(row.getByText("You: On the train"));
    await link.close();
  });

  journey(
    "that swallows everything is noticed, and what was written then is stored once",
    async ({ devices, host }) => {
      const { va, company, roomId } = await host.makePair();
      const link = await Link.open();
      const screen = await devices.openConversation(va, company, roomId, { ...link.proxyOptions, ...WITH_WORKER });
      await screen.whenComplete();
      screen.guard.allow(LOST_CONNECTION);
      link.swallow();
      await screen.send("Into the dark");
      await seen(screen.tick("Into the dark", "Queued"));
      await seen(screen.banner.filter({ hasText: "Reconnecting…" }));
      link.mend();
      await seen(screen.tick("Into the dark", "Sent"));
      expect((await host.readRoom(va, roomId)).map(({ content }) => content)).toEqual(["Into the dark"]);
      await link.close();
    },
  );
});
