/** Finding people, conversations and messages. */
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { PHONE, WITH_WORKER } from "../harness/devices";
import { visibleSeqs } from "../harness/history";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { foundIn, openSearch, sayFindable, searchField, whenFound } from "../harness/searching";
import { fill, longConversation, textOf } from "../harness/talk";
import { eventually, gone, seen } from "../harness/waiting";

const MESSAGES = 200;

describe("the search in everything", () => {
  journey(
    "finds an old message by the beginning of a word and by keyboard alone, and leads to it with what was said around it",
    async ({ devices, host, server }) => {
      const pair = await host.makePair();
      await sayFindable(server, host, pair, "😀 The **quokka** invoice is due", "quokka");
      await fill(server, pair, MESSAGES);
      const screen = await devices.signIn(pair.va);
      await openSearch(screen);
      await searchField(screen).fill("quok");
      const found = foundIn(screen, "Messages", "The quokka invoice is due");
      await seen(found);
      expect(await found.locator("mark").allTextContents()).toEqual(["quok"]);
      await searchField(screen).press("Enter");
      await gone(searchField(screen));
      await screen.whenOpen(pair.company.name);
      await seen(screen.message("quokka"));
      expect(await visibleSeqs(screen)).toEqual(expect.arrayContaining([1, 2]));
      expect(await screen.message("quokka").evaluate((message) => message === document.activeElement)).toBe(true);
      await screen.page.getByRole("button", { name: "Jump to latest" }).click();
      await seen(screen.message(textOf(MESSAGES)));
    },
  );

  journey(
    "finds people, conversations and messages in sections, and moves among them by arrow keys",
    async ({ devices, host, server }) => {
      const pair = await host.makePair();
      const stranger = await host.makePerson("company", "Wombat Works");
      const friend = await host.makePerson("company", "Wombat Friends");
      await host.makeRoom(pair.va, friend);
      await sayFindable(server, host, pair, "A wombat in the garden", "wombat");
      const screen = await devices.signIn(pair.va);
      await openSearch(screen);
      await searchField(screen).fill("wombat");
      await seen(
        foundIn(screen, "Conversations", friend.name),
        foundIn(screen, "People", stranger.name),
        foundIn(screen, "Messages", "A wombat in the garden"),
      );
      const active = screen.page.getByRole("option", { selected: true });
      expect(await active.textContent()).toContain(friend.name);
      await searchField(screen).press("ArrowDown");
      await seen(active.filter({ hasText: stranger.name }));
      await searchField(screen).press("ArrowUp");
      await searchField(screen).press("ArrowUp");
      await seen(active.filter({ hasText: "A wombat in the garden" }));
      await searchField(screen).press("ArrowDown");
      await searchField(screen).press("ArrowDown");
      await searchField(screen).press("Enter");
      await screen.whenOpen(stranger.name);
    },
  );

  journey("is narrowed by who wrote, what is in it, and when", async ({ devices, host, server }) => {
    const pair = await host.makePair();
    await sayFindable(server, host, pair, "The platypus page is https://platypus.example", "platypus");
    const own = await Correspondent.connect(server, pair.va);
    await own.send(pair.roomId, "My platypus has no page");
    own.close();
    await eventually(() => host.countFound(pair.va, "platypus")).toBe(2);
    const screen = await devices.signIn(pair.va);
    await openSearch(screen);
    await searchField(screen).fill("platypus");
    const [theirs, mine] = ["The platypus page", "My platypus"].map((text) => foundIn(screen, "Messages", text));
    await seen(theirs!, mine!);
    await screen.page.getByRole("button", { name: "Filters" }).click();
    await screen.page.getByLabel("Contains").selectOption("A link");
    await gone(mine!);
    await seen(theirs!);
    await screen.page.getByLabel("From").selectOption("Me");
    await seen(screen.page.getByText("No messages found for"));
    await screen.page.getByRole("button", { name: "Reset" }).click();
    await seen(theirs!, mine!);
    await screen.page.getByLabel("Since").fill("2037-01-01");
    await seen(screen.page.getByText("No messages found for"));
  });

  journey("is a page of its own on a phone, and opens what is touched", async ({ devices, host, server }) => {
    const pair = await host.makePair();
    await sayFindable(server, host, pair, "A numbat at noon", "numbat");
    const screen = await devices.signIn(pair.va, PHONE);
    await screen.page.getByRole("button", { name: /^Search everything/ }).tap();
    await searchField(screen).fill("numbat");
    const dialog = screen.page.getByRole("dialog", { name: "Search" });
    expect(await dialog.boundingBox()).toMatchObject({ x: 0, y: 0, width: 390, height: 844 });
    const found = foundIn(screen, "Messages", "A numbat at noon");
    await found.tap();
    await screen.whenOpen(pair.company.name);
    await seen(screen.message("A numbat at noon"));
  });

  journey(
    "says so when there is no network, still finds conversations, and goes on when there is one again",
    async ({ devices, host, server }) => {
      const pair = await host.makePair();
      await sayFindable(server, host, pair, "A bilby by the sea", "bilby");
      const screen = await devices.signIn(pair.va, WITH_WORKER);
      await openSearch(screen);
      await screen.loseNetwork();
      await searchField(screen).fill(pair.company.name);
      await seen(foundIn(screen, "Conversations", pair.company.name));
      await searchField(screen).fill("bilby");
      await seen(screen.page.getByRole("alert").filter({ hasText: "You are offline" }));
      await screen.findNetwork();
      await screen.page.getByRole("button", { name: "Try again" }).click();
      await seen(foundIn(screen, "Messages", "A bilby by the sea"));
    },
  );

  journey("is in Spanish, too", async ({ devices, host }) => {
    const { va } = await host.makePair();
    const screen = await devices.openTab(await devices.unpack({ locale: "es-ES" }, va), "/chat");
    await screen.page.getByRole("button", { name: /^Buscar en todo/ }).click();
    const buscar = screen.page.getByRole("combobox", { name: "Buscar personas, conversaciones y mensajes" });
    await buscar.fill("zzzzz");
    await seen(screen.page.getByText("No se encontraron mensajes"));
  });
});

journey(
  "a message that is found in a conversation that is open leads there at once",
  async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, MESSAGES);
    await whenFound(host, va, '"Message 3 of"');
    const screen = await devices.openConversation(va, company, roomId);
    await openSearch(screen);
    await searchField(screen).fill('"Message 3 of the"');
    await foundIn(screen, "Messages", textOf(3)).click();
    await eventually(() => visibleSeqs(screen)).toContain(3);
  },
);

describe("the search in one conversation", () => {
  const bar = (screen: Screen) => screen.page.getByRole("search", { name: "Search in this conversation" });
  const finder = (screen: Screen) => bar(screen).getByRole("searchbox");

  journey(
    "leads from the newest message to older ones and back, marks the words, and keeps the keyboard in its field",
    async ({ devices, host, server }) => {
      const pair = await host.makePair();
      await sayFindable(server, host, pair, "The first **echidna**", "first echidna");
      await fill(server, pair, MESSAGES);
      await sayFindable(server, host, pair, "Another echidna", "another echidna");
      const screen = await devices.openConversation(pair.va, pair.company, pair.roomId);
      await screen.composer.press("Control+f");
      await finder(screen).fill("ech");
      await seen(bar(screen).getByText("1 of 2", { exact: true }));
      await seen(screen.message("Another echidna"));
      await eventually(() => foundOnScreen(screen)).toEqual(["ech"]);
      await finder(screen).press("Enter");
      await seen(bar(screen).getByText("2 of 2", { exact: true }), screen.message("The first echidna"));
      expect(await visibleSeqs(screen)).toContain(1);
      await eventually(() => foundOnScreen(screen)).toEqual(["ech"]);
      expect(await finder(screen).evaluate((field) => field === document.activeElement)).toBe(true);
      await finder(screen).press("Shift+Enter");
      await seen(bar(screen).getByText("1 of 2", { exact: true }), screen.message("Another echidna"));
      await finder(screen).press("Escape");
      await gone(bar(screen));
      expect(await foundOnScreen(screen)).toEqual([]);
    },
  );

  journey("is not opened behind a dialog", async ({ devices, host, server }) => {
    const pair = await host.makePair();
    await sayFindable(server, host, pair, "Which one?", "which");
    const screen = await devices.openConversation(pair.va, pair.company, pair.roomId);
    await (await screen.openActions("Which one?")).getByRole("menuitem", { name: "Report…" }).click();
    const dialog = screen.page.getByRole("dialog");
    await dialog.waitFor();
    for (const keys of ["Control+f", "Control+k"]) await screen.page.keyboard.press(keys);
    expect([await bar(screen).count(), await screen.page.getByRole("dialog").count()]).toEqual([0, 1]);
    await screen.page.keyboard.press("Escape");
    await gone(dialog);
    await screen.composer.press("Control+f");
    await seen(bar(screen));
  });

  journey("is opened and used by touch, and says when nothing is found", async ({ devices, host, server }) => {
    const pair = await host.makePair();
    await sayFindable(server, host, pair, "A dugong in the bay", "dugong");
    const screen = await devices.openConversation(pair.va, pair.company, pair.roomId, PHONE);
    await screen.page.getByRole("button", { name: /^Search in this conversation/ }).tap();
    await finder(screen).fill("xylophone");
    await seen(bar(screen).getByText("Nothing found"));
    await finder(screen).fill("dugong");
    await seen(bar(screen).getByText("1 of 1", { exact: true }));
    const buttons = await bar(screen).getByRole("button").all();
    for (const button of buttons) expect((await button.boundingBox())!.width).toBeGreaterThanOrEqual(40);
    await bar(screen).getByRole("button", { name: "Close search" }).tap();
    await gone(bar(screen));
  });
});

/** The words that are marked on the screen. */
function foundOnScreen(screen: Screen): Promise<string[]> {
  return screen.page.evaluate(() => [...(CSS.highlights.get("hc-found") ?? [])].map(String));
}
