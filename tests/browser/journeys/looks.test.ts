/** Themes, languages, motion, and working by keyboard alone. */
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";

import { journey } from "../harness/journey";
import { startingWith } from "../harness/screen";
import { focusedName, focusedRole, tabTo } from "../harness/keyboard";
import { eventually, gone, seen } from "../harness/waiting";

describe("looks", () => {
  journey("follow the system, dark or light, at once", async ({ devices, host }) => {
    const { va } = await host.makePair();
    const screen = await devices.signIn(va, { colorScheme: "dark" });
    await eventually(() => brightness(screen.page)).toBeLessThan(80);
    await screen.page.emulateMedia({ colorScheme: "light" });
    await eventually(() => brightness(screen.page)).toBeGreaterThan(200);
  });

  journey("are dark by the switch, also after a reload, until the system decides again", async ({ devices, host }) => {
    const { va } = await host.makePair();
    const screen = await devices.signIn(va);
    await eventually(() => brightness(screen.page)).toBeGreaterThan(200);
    await screen.chooseTheme("Dark theme");
    await eventually(() => brightness(screen.page)).toBeLessThan(80);
    await screen.page.reload();
    await seen(screen.account);
    await eventually(() => brightness(screen.page)).toBeLessThan(80);
    await screen.chooseTheme("System theme");
    await eventually(() => brightness(screen.page)).toBeGreaterThan(200);
  });

  journey("are a name and the list's shape before any script has come, in the dark too", async ({ devices }) => {
    const screen = await devices.openTab(await devices.unpack({ javaScriptEnabled: false, colorScheme: "dark" }), "/");
    await seen(screen.page.getByRole("heading", { level: 1, name: "Hyred Chat" }));
    const [ground, pane, shape] = await screen.page.evaluate(() =>
      ["body", ".hc-first", ".hc-first__row span"].map((part) => {
        const element = document.querySelector(part);
        return element === null ? "" : getComputedStyle(element).backgroundColor;
      }),
    );
    expect(new Set([ground, pane, shape]).size).toBe(3);
    const scripted = await devices.openTab(await devices.unpack(), "/");
    await seen(
      scripted.page.getByRole("heading", {
        level: 1,
        name: "Sign in to Hyred Chat",
      }),
    );
    expect(await scripted.page.locator(".hc-first").count()).toBe(0);
  });

  journey("leave the way out in sight in a small window", async ({ devices, host }) => {
    const { va } = await host.makePair();
    const screen = await devices.signIn(va, {
      viewport: { width: 360, height: 640 },
    });
    await screen.openMenu();
    const bottom = async () => {
      const box = await screen.page.getByRole("menuitem", { name: "Sign out" }).boundingBox();
      return (box?.y ?? Infinity) + (box?.height ?? 0);
    };
    await eventually(bottom).toBeLessThanOrEqual(640);
  });

  journey("speak Spanish when asked to, and say so to screen readers", async ({ devices, host }) => {
    const { va } = await host.makePair();
    const screen = await devices.signIn(va);
    const { page } = screen;
    const settings = await screen.openSettings();
    await settings.getByRole("radio", { name: "Español" }).click();
    await page.keyboard.press("Escape");
    await seen(page.getByRole("navigation", { name: "Conversaciones" }));
    expect(await page.locator("html").getAttribute("lang")).toBe("es");
    await page.reload();
    await seen(page.getByRole("navigation", { name: "Conversaciones" }));
  });

  journey("are Spanish from the start in a Spanish browser", async ({ devices, host }) => {
    const { va } = await host.makePair();
    const screen = await devices.openTab(await devices.unpack({ locale: "es-MX" }, va), "/chat");
    await seen(screen.page.getByRole("navigation", { name: "Conversaciones" }));
  });

  journey("move nothing for people who asked for less motion", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId, {
      reducedMotion: "reduce",
    });
    await screen.send("still");
    const moving = await screen.page.evaluate(
      () =>
        document.getAnimations().filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 20)
          .length,
    );
    expect(moving).toBe(0);
  });
});

describe("by keyboard alone", () => {
  journey("one signs in, opens a conversation, writes, and leaves", async ({ devices }) => {
    const screen = await devices.openTab(await devices.unpack(), "/");
    const { page } = screen;
    await seen(
      page.getByRole("button", {
        name: startingWith("Theo Lindqvist (demo)"),
      }),
    );
    await tabTo(page, /^Theo Lindqvist/);
    await page.keyboard.press("Enter");
    await seen(screen.account);
    await tabTo(page, /^Search conversations$/);
    await page.keyboard.type("brightline");
    await eventually(() => screen.list.getByRole("link").count()).toBe(1);
    await page.keyboard.press("ArrowDown");
    await eventually(() => focusedName(page)).toMatch(/^Brightline Logistics/);
    await page.keyboard.press("Enter");
    await seen(
      page.getByRole("main", {
        name: "Conversation with Brightline Logistics (demo)",
      }),
    );
    await tabTo(page, /^Message$/);
    await page.keyboard.type("Written without a mouse");
    await page.keyboard.press("Enter");
    await seen(page.getByRole("article").filter({ hasText: "Written without a mouse" }));
    await tabTo(page, /^Your account$/);
    await page.keyboard.press("Enter");
    await eventually(() => focusedRole(page)).toMatch(/^menuitem/);
    await page.keyboard.press("Escape");
    await gone(page.getByRole("menu"));
    await eventually(() => focusedName(page)).toBe("Your account");
    await page.keyboard.press("Enter");
    await eventually(() => focusedRole(page)).toMatch(/^menuitem/);
    await page.keyboard.press("End");
    await eventually(() => focusedName(page)).toBe("Sign out");
    await page.keyboard.press("Enter");
    await seen(page.getByRole("heading", { level: 1, name: "Sign in to Hyred Chat" }));
  });

  journey("a dialog keeps the focus, and gives it back when it closes", async ({ devices, host }) => {
    const { va } = await host.makePair();
    const { page } = await devices.signIn(va);
    await tabTo(page, /^New conversation$/);
    await page.keyboard.press("Enter");
    await eventually(() => focusedName(page)).toBe("Search people");
    for (let press = 0; press < 12; press++) {
      await page.keyboard.press("Tab");
      const isInside = await page.evaluate(() => {
        const focused = document.activeElement;
        return focused === document.body || focused?.closest("dialog, [role=dialog]") !== null;
      });
      expect(isInside).toBe(true);
    }
    await page.keyboard.press("Escape");
    await gone(page.getByRole("dialog"));
    await eventually(() => focusedName(page)).toBe("New conversation");
  });

  journey("what has the focus shows it", async ({ devices, host }) => {
    const { va, company } = await host.makePair();
    const screen = await devices.signIn(va);
    const { page } = screen;
    await seen(screen.entry(company.name));
    const names = new Set<string>();
    for (let press = 0; press < 12; press++) {
      await page.keyboard.press("Tab");
      const [name, isMarked] = await page.evaluate(() => {
        const focused = document.activeElement ?? document.body;
        const marks = [focused, focused.parentElement ?? focused].map((element) => getComputedStyle(element));
        const isShown = marks.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none");
        return [
          focused.getAttribute("aria-label") ?? focused.textContent,
          isShown || focused === document.body,
        ] as const;
      });
      names.add(name);
      expect(isMarked, name).toBe(true);
    }
    expect(names.size).toBeGreaterThan(3);
  });
});

/** Of the page's ground, 0 to 255. */
function brightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    if (canvas === null) throw new Error("There is no canvas.");
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3;
  });
}
