/** Signing in by e-mail and password, as in production. */
import type { BrowserContext, Page } from "playwright-core";
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import type { Devices } from "../harness/devices";
import type { Person } from "../harness/host";
import { journey, type Strict } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { eventually, gone, seen } from "../harness/waiting";

const PASSWORD = "correct horse battery staple";
/** The server warns of a token's end a minute ahead. */
const WARNED_SOON_SECONDS = 63;

describe("signing in with Firebase", () => {
  journey("shows one's conversations, and ends by signing out", async ({ devices, strict }) => {
    const { va, company } = await strict.host.makePair();
    const screen = await openSignIn(devices, strict);
    await fillIn(screen, strict, va);
    await seen(screen.entry(company.name));
    await signOut(screen);
    await screen.page.goto("/chat");
    await seen(heading(screen.page));
    expect(await kept(screen.page)).not.toContain("refreshToken");
  });

  journey("says when the password is not right, and lets one try again", async ({ devices, strict }) => {
    const { va } = await strict.host.makePair();
    const screen = await openSignIn(devices, strict);
    screen.guard.allow(/status of 400/);
    await fillIn(screen, strict, va, "wrong");
    await seen(screen.page.getByRole("alert").filter({ hasText: "E-mail or password is not right." }));
    expect(await screen.page.getByLabel("E-mail").inputValue()).toBe(va.email);
    await screen.page.getByLabel("Password").fill(PASSWORD);
    await screen.page.keyboard.press("Enter");
    await seen(screen.account);
  });

  journey("renews the token over the live connection, unnoticed", async ({ devices, strict }) => {
    const { va, company, roomId } = await strict.host.makePair();
    const screen = await openSignIn(devices, strict);
    strict.firebase.nextTokenSeconds = WARNED_SOON_SECONDS;
    const before = strict.firebase.refreshes;
    await fillIn(screen, strict, va);
    await screen.open(company.name);
    await eventually(() => strict.firebase.refreshes).toBe(before + 1);
    await eventually(() => screen.wire.count("authenticate")).toBe(1);
    const other = await Correspondent.connect(strict.server, company);
    await other.send(roomId, "Still there?");
    await seen(screen.message("Still there?"));
    await screen.send("Still here");
    await seen(screen.tick("Still here", "Sent"));
    expect(screen.wire.connections).toBe(1);
    other.close();
  });

  journey(
    "is kept on the device when one asks for it, for all tabs until one signs out",
    async ({ devices, strict }) => {
      const { va } = await strict.host.makePair();
      const context = await devices.unpack({ baseURL: strict.server.url });
      const first = await openSignIn(devices, strict, context);
      await first.page.getByLabel("Keep me signed in on this device").check();
      await fillIn(first, strict, va);
      const second = await devices.openTab(context, "/chat");
      await seen(second.account);
      await signOut(first);
      await seen(heading(second.page));
      expect(await kept(second.page)).not.toContain("refreshToken");
    },
  );

  journey("ends with its tab when one does not ask for more", async ({ devices, strict }) => {
    const { va } = await strict.host.makePair();
    const context = await devices.unpack({ baseURL: strict.server.url });
    await fillIn(await openSignIn(devices, strict, context), strict, va);
    const other = await devices.openTab(context, "/chat");
    await seen(heading(other.page));
  });
});

async function openSignIn(devices: Devices, { server }: Strict, context?: BrowserContext): Promise<Screen> {
  const screen = await devices.openTab(context ?? (await devices.unpack({ baseURL: server.url })), "/");
  await seen(screen.page.getByLabel("E-mail"));
  return screen;
}

async function fillIn(
  { account, page }: Screen,
  { firebase }: Strict,
  { email }: Person,
  password = PASSWORD,
): Promise<void> {
  firebase.addAccount(email, PASSWORD);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  if (password === PASSWORD) await seen(account);
}

async function signOut(screen: Screen): Promise<void> {
  await screen.openMenu();
  await screen.page.getByRole("menuitem", { name: "Sign out" }).click();
  await seen(heading(screen.page));
  await gone(screen.account);
}

function heading(page: Page) {
  return page.getByRole("heading", { level: 1, name: "Sign in to Hyred Chat" });
}

function kept(page: Page): Promise<string> {
  return page.evaluate(() =>
    [sessionStorage, localStorage].map((storage) => JSON.stringify(Object.entries(storage))).join(),
  );
}
