/** Signing in as a person of the demo world, and out again. */
import { describe, expect } from "vitest";

import { journey } from "../harness/journey";
import { startingWith } from "../harness/screen";
import { gone, seen } from "../harness/waiting";

const MAYA = "Maya Santos (demo)";
const JUNIPER = "Juniper & Pine (demo)";

describe("signing in", () => {
  journey("offers each demo person, and one click shows their conversations", async ({ devices, server }) => {
    const screen = await devices.openTab(await devices.unpack(), "/");
    await seen(
      screen.page.getByRole("heading", {
        level: 1,
        name: "Sign in to Hyred Chat",
      }),
    );
    const answer = await fetch(`${server.url}/app/config.json`);
    const { demoPeople } = (await answer.json()) as {
      demoPeople: { name: string }[];
    };
    expect(demoPeople.length).toBeGreaterThan(3);
    for (const { name } of demoPeople) await seen(screen.page.getByRole("button", { name: startingWith(name) }));
    await screen.page.getByRole("button", { name: startingWith(MAYA) }).click();
    await seen(screen.entry(JUNIPER));
    expect(new URL(screen.page.url()).pathname).toBe("/chat");
  });

  journey("lets two windows of one browser be two people, who talk", async ({ devices }) => {
    const context = await devices.unpack();
    const maya = await devices.openTab(context, "/");
    await maya.page.getByRole("button", { name: startingWith(MAYA) }).click();
    const juniper = await devices.openTab(context, "/");
    await juniper.page.getByRole("button", { name: startingWith(JUNIPER) }).click();
    await maya.open(JUNIPER);
    await juniper.open(MAYA);
    await maya.send("Two windows, two people");
    await seen(juniper.message("Two windows, two people"));
  });

  journey("is kept through a reload, and given up by signing out", async ({ devices }) => {
    const screen = await devices.openTab(await devices.unpack(), "/");
    const { page } = screen;
    await page.getByRole("button", { name: startingWith(MAYA) }).click();
    await seen(screen.account);
    await page.reload();
    await seen(screen.account);
    await screen.account.click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await seen(page.getByRole("heading", { level: 1, name: "Sign in to Hyred Chat" }));
    await page.reload();
    await seen(page.getByRole("heading", { level: 1, name: "Sign in to Hyred Chat" }));
    await gone(screen.account);
    await page.goto("/chat");
    await seen(page.getByRole("heading", { level: 1, name: "Sign in to Hyred Chat" }));
  });

  journey("keeps no token longer than the session: nothing of it is in localStorage", async ({ devices }) => {
    const screen = await devices.openTab(await devices.unpack(), "/");
    await screen.page.getByRole("button", { name: startingWith(MAYA) }).click();
    await seen(screen.entry(JUNIPER));
    expect(await screen.page.evaluate(() => Object.values(localStorage).join())).not.toContain("dev-token");
  });

  journey("shows the sign-in page to a token that is refused", async ({ devices }) => {
    const email = "nobody@nowhere.example";
    const nobody = {
      id: "nobody",
      name: "Nobody",
      email,
      token: `dev-token-${email}`,
    };
    const screen = await devices.openBlank(await devices.unpack({}, nobody));
    screen.guard.allow(/status of (401|403)/);
    await screen.page.goto("/chat");
    await seen(
      screen.page.getByRole("heading", {
        level: 1,
        name: "Sign in to Hyred Chat",
      }),
    );
  });
});
