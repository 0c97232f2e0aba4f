/** The console for moderators: who gets in, and what is decided there by keyboard and by mouse. */
import { describe, expect } from "vitest";

import { openConsole, makeReport } from "../harness/desk";
import { WITH_WORKER } from "../harness/devices";
import { journey } from "../harness/journey";
import { focusedName } from "../harness/keyboard";
import { eventually, gone, seen } from "../harness/waiting";

describe("the console", () => {
  journey("is for admins: anybody else is told so, and led to their conversations", async ({ devices, host }) => {
    const { va, company } = await host.makePair();
    const screen = await openConsole(devices, va);
    await seen(screen.page.getByRole("heading", { level: 1, name: "This console is for moderators" }));
    expect(await screen.page.getByRole("navigation").count()).toBe(0);
    await screen.page.getByRole("link", { name: "To your conversations" }).click();
    await seen(screen.entry(company.name));
  });

  journey("asks who has not signed in to do so, and opens for an admin", async ({ devices }) => {
    const screen = await devices.openTab(await devices.unpack(), "/console/reports?state=open");
    await screen.page.getByRole("button", { name: /^Hyred Support/ }).click();
    await seen(screen.page.getByRole("heading", { level: 1, name: "Reports" }));
    await screen.page.getByRole("button", { name: "Sign out" }).click();
    await seen(screen.page.getByRole("heading", { name: "Sign in to Hyred Chat" }));
    await screen.page.reload();
    await seen(screen.page.getByRole("heading", { name: "Sign in to Hyred Chat" }));
  });

  journey("says at an address where it has nothing that there is nothing", async ({ devices, host }) => {
    const screen = await openConsole(devices, await host.makePerson("admin"), "/console/nothing");
    await seen(screen.page.getByText("There is nothing here"));
    await screen.page.getByRole("link", { name: "To the reports" }).click();
    await seen(screen.page.getByRole("heading", { level: 1, name: "Reports" }));
  });

  journey("is no part of what the chat loads", async ({ devices, host }) => {
    const { va, company } = await host.makePair();
    const context = await devices.unpack(WITH_WORKER, va);
    const asked: string[] = [];
    context.on("request", (request) => asked.push(new URL(request.url()).pathname));
    const screen = await devices.openTab(context, "/chat");
    await seen(screen.entry(company.name));
    await screen.whenComplete();
    const opened = await devices.openTab(context, "/console");
    await seen(opened.page.getByRole("heading", { level: 1, name: "This console is for moderators" }));
    const ofConsole = new Set(asked.filter((path) => path.startsWith("/assets/console")));
    expect(ofConsole.size).toBeGreaterThan(0);
    const first = asked.findIndex((path) => ofConsole.has(path));
    expect(asked.findIndex((path) => path === "/console")).toBeLessThan(first);
  });
});

describe("a report", () => {
  journey(
    "is found, read and decided by keyboard alone, and each look is on record",
    async ({ devices, host, server }) => {
      const { company, text, note } = await makeReport(host, server);
      const { page } = await openConsole(devices, await host.makePerson("admin", "Mo Ibarra"), "/console");
      await seen(page.getByRole("link", { name: new RegExp(`^${company.name}`) }));
      await page.keyboard.press("j");
      while (!(await focusedName(page)).startsWith(company.name)) await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      const report = page.getByRole("region", { name: `Report about ${company.name}` });
      await seen(report.getByText(text), report.getByText(note));
      await eventually(() => focusedName(page)).toContain("Report");
      const reported = report.getByRole("listitem").filter({ hasText: text });
      await seen(reported.getByText("Reported", { exact: true }));
      await seen(report.getByRole("listitem").filter({ hasText: "Are you there?" }));
      await report.getByLabel("Note for other moderators").focus();
      await page.keyboard.type("Spoke with both.");
      await page.keyboard.press("Tab");
      expect(await focusedName(page)).toBe("Resolve");
      await page.keyboard.press("Enter");
      await seen(report.getByText("Resolved", { exact: true }), report.getByRole("button", { name: "Open again" }));
      await page.keyboard.press("Escape");
      await gone(report);
      await eventually(() => focusedName(page)).toContain(company.name);
      await page.getByRole("link", { name: "Resolved" }).click();
      await seen(page.getByRole("link", { name: new RegExp(`^${company.name}`) }));
      await page.getByRole("link", { name: "Audit log" }).click();
      const decided = page.getByRole("row").filter({ hasText: "Decided about a report" });
      await seen(
        decided.filter({ hasText: "Open → Resolved" }),
        page.getByRole("row").filter({ hasText: "Looked at a report" }),
      );
      await decided.first().getByRole("link").click();
      await seen(report.getByText("Spoke with both."));
    },
  );

  journey("that cannot be decided without a network keeps its note and says why", async ({ devices, host, server }) => {
    const { company } = await makeReport(host, server);
    const screen = await openConsole(devices, await host.makePerson("admin"));
    const { page } = screen;
    await page.getByRole("link", { name: new RegExp(`^${company.name}`) }).click();
    await page.getByLabel("Note for other moderators").fill("Not yet.");
    screen.guard.allow(/net::ERR_INTERNET_DISCONNECTED/);
    await page.context().setOffline(true);
    await seen(page.getByText("No network."));
    await page.getByRole("button", { name: "Dismiss" }).click();
    await seen(page.getByRole("alert").filter({ hasText: "offline" }));
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await seen(page.getByRole("button", { name: "Open again" }));
    expect(await page.getByLabel("Note for other moderators").inputValue()).toBe("Not yet.");
  });
});
