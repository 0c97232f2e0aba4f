/** Messages with files that cannot go at once: for want of a network, because of a file, or because one may have gone. */
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";

import { card, choose, newestFiles, tray } from "../harness/choosing";
import { WITH_WORKER } from "../harness/devices";
import { makeBrokenPng, makePdf, makePhoto, makeText } from "../harness/files";
import { LOST_CONNECTION } from "../harness/guard";
import { journey } from "../harness/journey";
import { Link } from "../harness/link";
import { whenQueued, whenTried } from "../harness/storage";
import { eventually, gone, seen } from "../harness/waiting";

const MAX_BYTES = 100_000;

describe("a message with files", () => {
  journey("waits for the network, and goes once and in its place when that is back", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    // As on the first visit: no service worker serves the page.
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    await left.page.locator("input[type=file]").first().waitFor({ state: "attached" });
    await left.loseNetworkEarly();
    await choose(left, [await makePhoto("beach.jpg"), makePdf("contract.pdf")]);
    for (const name of ["beach.jpg", "contract.pdf"]) await seen(card(left, name).getByText("Waiting for the network"));
    const transitions = await watchTransitions(left.page, ".hc-picture");
    await left.send("with the contract");
    await gone(tray(left));
    await left.send("and after it");
    for (const text of ["with the contract", "and after it"]) {
      await seen(left.tick(text, "Queued"));
      await whenQueued(left, text, "queued");
    }
    await seen(left.message("with the contract").getByRole("button", { name: "Cancel contract.pdf" }));
    await right.send("while you are away");
    await left.findNetwork();
    await seen(left.tick("with the contract", "Read"), left.tick("and after it", "Read"));
    const stored = await host.readRoom(va, roomId);
    expect(stored.map(({ content, attachments }) => [content, ...attachments.map(({ name }) => name)])).toEqual([
      ["while you are away"],
      ["with the contract", "beach.jpg", "contract.pdf"],
      ["and after it"],
    ]);
    await seen(right.message("with the contract").getByRole("button", { name: /^Photo from/ }));
    expect(await transitions(), "frames in which a picture on its way is drawn anew").toEqual([]);
  });

  journey("says which file is refused and why, and goes with the rest of them", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId, WITH_WORKER);
    await screen.page.locator("input[type=file]").first().waitFor({ state: "attached" });
    await screen.loseNetwork();
    await choose(screen, [await makeBrokenPng("logo.png"), makeText("notes.txt")]);
    await seen(card(screen, "logo.png"), card(screen, "notes.txt"));
    await screen.send("The logo");
    await screen.send("and after it");
    await screen.findNetwork();
    await seen(screen.tick("The logo", "Not sent"), screen.tick("and after it", "Sent"));
    const message = screen.message("The logo");
    await seen(message.getByText("The file is broken, or not what its name says"));
    await message.getByRole("button", { name: "Remove" }).click();
    await seen(screen.tick("The logo", "Sent"));
    const stored = await host.readRoom(va, roomId);
    expect(stored.map(({ content }) => content)).toEqual(["and after it", "The logo"]);
    expect((await newestFiles(host, va, roomId)).map(({ name }) => name)).toEqual(["notes.txt"]);
  });

  journey("keeps its words when a file is too large, and goes with the rest", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const context = await devices.unpack({}, va);
    await context.route("**/app/config.json", async (route) => {
      const settings = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...settings, maxFileBytes: MAX_BYTES } });
    });
    const screen = await devices.openTab(context, `/chat/${roomId}`);
    await screen.whenOpen(company.name);
    await screen.composer.fill("The plan");
    await choose(screen, [makeText("film.txt", "x".repeat(MAX_BYTES + 1)), makeText("plan.txt")]);
    await seen(screen.page.getByRole("alert").getByText("film.txt: Too large: at most 100 kB"));
    await seen(card(screen, "plan.txt").getByText("Ready"));
    expect(await tray(screen).getByRole("listitem").count()).toBe(1);
    await screen.composer.press("End");
    await screen.composer.pressSequentially(", as agreed");
    await screen.sendButton.click();
    await seen(screen.tick("The plan, as agreed", "Sent"));
    expect((await newestFiles(host, va, roomId)).map(({ name }) => name)).toEqual(["plan.txt"]);
  });

  journey("that may have arrived keeps its files, says so, and is there once", async ({ devices, host }) => {
    const link = await Link.open();
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId, { ...link.proxyOptions, ...WITH_WORKER });
    await screen.whenComplete();
    screen.guard.allow(LOST_CONNECTION);
    await choose(screen, [await makePhoto("beach.jpg")]);
    await seen(card(screen, "beach.jpg").getByText("Ready"));
    link.swallow();
    await screen.send("The beach");
    const cancel = screen.message("The beach").getByRole("button", { name: "Cancel beach.jpg" });
    await whenTried(screen, "The beach");
    await cancel.click();
    await seen(screen.page.getByText("This message may have arrived already, so its files stay with it."));
    link.mend();
    await seen(screen.tick("The beach", "Sent"));
    expect(await newestFiles(host, va, roomId)).toMatchObject([{ name: "beach.jpg" }]);
    await eventually(async () => (await host.readRoom(va, roomId)).length).toBe(1);
    await link.close();
  });
});

/** What begins to change by and by within elements, from now on, as the name of a class and a property. */
async function watchTransitions(page: Page, selector: string): Promise<() => Promise<string[]>> {
  const transitions = await page.evaluateHandle((within) => {
    const begun: string[] = [];
    document.addEventListener("transitionrun", ({ target, propertyName }) => {
      const element = target as Element;
      if (element.closest(within)) begun.push(`${element.getAttribute("class")} ${propertyName}`);
    });
    return begun;
  }, selector);
  return () => transitions.jsonValue();
}
