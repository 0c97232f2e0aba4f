/** Where there is nothing, or nothing can be done: what is said, in whose language, and where it leads. */
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";

import { WITH_WORKER } from "../harness/devices";
import { journey } from "../harness/journey";
import { tabTo } from "../harness/keyboard";
import { gone, seen } from "../harness/waiting";

const MISSING = /status of 404/;

describe("an address where there is nothing", () => {
  for (const path of ["/login", "/chat/a/b", "/jobs/17"]) {
    journey(`${path} is a page that leads to the conversations`, async ({ devices, host }) => {
      const { va, company } = await host.makePair();
      const screen = await devices.openBlank(await devices.unpack({}, va));
      screen.guard.allow(MISSING);
      const answer = await screen.page.goto(path);
      expect(answer?.status()).toBe(404);
      await seen(screen.page.getByText("There is nothing here"));
      await screen.page.getByRole("link", { name: "To your conversations" }).click();
      await seen(screen.entry(company.name));
    });
  }

  journey("is a page without a network, too", async ({ devices, host }) => {
    const { va, company } = await host.makePair();
    const screen = await devices.signIn(va, WITH_WORKER);
    await seen(screen.entry(company.name));
    await screen.whenComplete();
    await screen.page.reload(); // from now on the service worker answers
    await seen(screen.entry(company.name));
    await screen.loseNetwork();
    await screen.page.goto("/jobs/17");
    await seen(screen.page.getByText("There is nothing here"));
    await screen.page.getByRole("link", { name: "To your conversations" }).click();
    await seen(screen.entry(company.name));
  });

  journey("of a conversation leads to the list, and shows nobody's profile", async ({ devices, host }) => {
    const { va, company } = await host.makePair();
    const screen = await devices.signIn(va, {}, "/chat/no-such-conversation");
    await seen(screen.page.getByText("There is nothing here"), screen.entry(company.name));
    await gone(screen.info);
    expect(await screen.page.getByRole("button", { name: "Try again" }).count()).toBe(0);
    expect(await screen.page.getByRole("main").locator("header").count()).toBe(0);
    await tabTo(screen.page, /^To your conversations$/);
    await screen.page.keyboard.press("Enter");
    await seen(screen.page.getByText("Choose a conversation"));
    expect(new URL(screen.page.url()).pathname).toBe("/chat");
  });
});

describe("a refusal", () => {
  journey(
    "of a message in a conversation that was closed offers what still helps, in the person's language",
    async ({ devices, host }) => {
      const pair = await host.makePair();
      const context = await devices.unpack(
        { locale: "es-ES", permissions: ["clipboard-read", "clipboard-write"], ...WITH_WORKER },
        pair.va,
      );
      const screen = await devices.openTab(context, `/chat/${pair.roomId}`);
      const { page } = screen;
      const composer = page.getByRole("textbox", {
        name: "Mensaje",
        exact: true,
      });
      await composer.waitFor();
      await seen(
        page.getByRole("main", {
          name: `Conversación con ${pair.company.name}`,
        }),
      );
      await screen.whenJoined(pair.roomId);
      await screen.loseNetwork();
      await composer.fill("¿Sigues ahí?");
      await composer.press("Enter");
      await host.block(pair);
      await screen.findNetwork();
      const refused = page.getByRole("article").filter({ hasText: "¿Sigues ahí?" });
      await seen(refused.getByText("No enviado. Esta conversación está cerrada."));
      expect(await refused.getByRole("button", { name: "Reintentar" }).count()).toBe(0);
      await refused.getByRole("button", { name: "Copiar texto" }).click();
      await seen(refused.getByRole("button", { name: "Copiado" }));
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("¿Sigues ahí?");
      await host.unblock(pair);
      await refused.getByRole("button", { name: "Reintentar" }).click();
      await seen(refused.getByRole("img", { name: "Enviado" }));
    },
  );

  for (const [code, reason] of [
    ["rate_limited", "Ha sido demasiado de una vez. Espera un momento y vuelve a intentarlo."],
    ["self_chat", "No puedes iniciar una conversación contigo."],
    ["a_code_of_a_newer_server", "Algo ha fallado. Vuelve a intentarlo."],
  ] as const) {
    journey(`${code} of a new conversation is said in the person's language`, async ({ devices, host }) => {
      const va = await host.makePerson("va");
      const stranger = await host.makePerson("company");
      const { page, guard } = await devices.openTab(await devices.unpack({ locale: "es-MX" }, va), "/chat");
      guard.allow(/status of 4\d\d/);
      await refuse(page, "/api/chat/rooms", code);
      await page.getByRole("button", { name: "Nueva conversación" }).first().click();
      const dialog = page.getByRole("dialog", { name: "Nueva conversación" });
      await dialog.getByRole("searchbox").fill(stranger.name);
      await dialog.getByRole("button", { name: stranger.name }).click();
      await seen(dialog.getByText(reason));
      expect(await page.getByText("A sentence of the server").count()).toBe(0);
    });
  }
});

/** From now on the server refuses what is written at an address. */
async function refuse(page: Page, path: string, code: string): Promise<void> {
  const json = {
    success: false,
    error: "A sentence of the server.",
    code,
    details: { retryAfterMs: 1000 },
  };
  await page.route(`**${path}`, (route) =>
    route.request().method() === "POST" ? route.fulfill({ status: 429, json }) : route.fallback(),
  );
}
