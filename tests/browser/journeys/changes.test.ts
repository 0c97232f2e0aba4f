/** What one can do with messages besides reacting: edit, delete, answer, pin, report. By mouse, touch and keyboard. */
import type { Locator } from "playwright-core";
import { describe, expect } from "vitest";

import { PHONE, WITH_WORKER } from "../harness/devices";
import { heardBy, listen } from "../harness/heard";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { whenCached, whenEdited, whenRefused } from "../harness/storage";
import { eventually, gone, seen } from "../harness/waiting";

describe("editing", () => {
  journey("one's last message begins with an arrow, and ends on both screens", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    await left.send("helo");
    await seen(left.tick("helo", "Sent"));
    await left.composer.press("ArrowUp");
    await seen(left.page.getByText("Editing your message"));
    expect(await left.composer.inputValue()).toBe("helo");
    await left.composer.press("Escape");
    await gone(left.page.getByText("Editing your message"));
    expect(await left.composer.inputValue()).toBe("");
    await left.composer.press("ArrowUp");
    await left.composer.fill("hello");
    await left.composer.press("Enter");
    await seen(right.message("hello").getByRole("button", { name: "edited" }));
    expect(await left.composer.inputValue()).toBe("");
    await right.message("hello").getByRole("button", { name: "edited" }).click();
    const versions = right.page.getByRole("dialog", { name: "Former versions" });
    await seen(versions.getByText("helo", { exact: true }), versions.getByText("hello", { exact: true }));
  });

  journey("works before the message has reached the server, and leaves a draft alone", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId, WITH_WORKER);
    const right = await devices.openConversation(company, va, roomId);
    await left.loseNetwork();
    await left.send("too erly");
    await left.composer.fill("begun");
    await choose(left, "too erly", "Edit");
    await left.composer.fill("too early");
    await left.composer.press("Enter");
    await seen(left.message("too early"));
    expect(await left.composer.inputValue()).toBe("begun");
    await left.findNetwork();
    await seen(right.message("too early").getByRole("button", { name: "edited" }));
    expect((await host.readRoom(va, roomId)).map(({ content }) => content)).toEqual(["too early"]);
  });

  journey(
    "that is refused is in the composer again with a word, and can be sent after all",
    async ({ devices, host }) => {
      const { va, company, roomId } = await host.makePair();
      const left = await devices.openConversation(va, company, roomId, WITH_WORKER);
      const laptop = await devices.openConversation(va, company, roomId);
      const right = await devices.openConversation(company, va, roomId);
      await left.send("at nine");
      await seen(laptop.message("at nine"), right.message("at nine"));
      await editOffline(left, "at nine", "at ten");
      await edit(laptop, "at nine", "at eight");
      await seen(right.message("at eight"));
      await left.findNetwork();
      await seen(left.page.getByRole("status").filter({ hasText: "Your change was not saved. It does not match" }));
      await seen(left.message("at eight"), left.page.getByText("Editing your message"));
      await eventually(() => left.composer.inputValue()).toBe("at ten");
      await left.composer.press("Enter");
      await seen(right.message("at ten"), laptop.message("at ten"));
      expect((await host.readRoom(va, roomId)).map(({ content }) => content)).toEqual(["at ten"]);
      expect(left.wire.count("edit_message")).toBe(2);
    },
  );

  journey("that is refused waits for its place in a composer that is busy", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId, WITH_WORKER);
    const laptop = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    await right.send("when?");
    await left.send("at nine");
    await seen(left.message("when?"), laptop.message("at nine"), right.message("at nine"));
    await editOffline(left, "at nine", "at ten");
    await edit(laptop, "at nine", "at eight");
    await seen(right.message("at eight"));
    await choose(left, "when?", "Reply");
    await left.composer.fill("and where?");
    await left.findNetwork();
    await seen(left.message("at eight"), left.page.getByText("Replying to"));
    expect(await left.composer.inputValue()).toBe("and where?");
    await left.composer.press("Enter");
    await seen(right.message("and where?").getByRole("button", { name: /when\?/ }));
    await seen(left.page.getByText("Editing your message"));
    expect(await left.composer.inputValue()).toBe("at ten");
  });

  journey("that is refused after a reload is there after the next one, once", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const context = await devices.unpack(WITH_WORKER, va);
    const first = await devices.openTab(context, `/chat/${roomId}`);
    const laptop = await devices.openConversation(va, company, roomId);
    await first.whenJoined(roomId);
    await first.send("at nine");
    await seen(first.tick("at nine", "Sent"), laptop.message("at nine"));
    await editOffline(first, "at nine", "at ten");
    await whenEdited(first, "at ten");
    await edit(laptop, "at nine", "at eight");
    await first.page.close();
    await context.setOffline(false);
    const second = await devices.openTab(context, "/chat");
    await whenRefused(second, "at ten");
    await second.page.reload();
    await second.open(company.name);
    await seen(second.message("at eight"), second.page.getByText("Editing your message"));
    expect(await second.composer.inputValue()).toBe("at ten");
    await second.composer.press("Enter");
    await seen(laptop.message("at ten"));
    const third = await devices.openTab(context, `/chat/${roomId}`);
    await seen(third.message("at ten"));
    expect([await third.composer.inputValue(), await second.composer.inputValue()]).toEqual(["", ""]);
  });
});

describe("deleting", () => {
  journey("can be undone for a while, and is then so for everybody, and on the device", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    await left.send("keep me");
    await left.send("xylophone");
    await seen(right.message("xylophone"), right.message("keep me"));
    await choose(left, "keep me", "Delete");
    await seen(left.message("This message was deleted."));
    await left.page.getByRole("button", { name: "Undo" }).click();
    await seen(left.message("keep me"));
    await choose(left, "xylophone", "Delete");
    await gone(left.message("xylophone"));
    await gone(right.message("xylophone"));
    await seen(right.message("This message was deleted."));
    await seen(left.entry(company.name).filter({ hasText: "deleted" }));
    expect((await host.readRoom(va, roomId)).map(({ content }) => content)).toEqual([
      "keep me",
      "This message was deleted.",
    ]);
    for (const screen of [left, right]) await eventually(() => keptTexts(screen)).not.toContain("xylophone");
  });

  journey("is done at once when the page goes away", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    await left.send("gone");
    await seen(left.tick("gone", "Sent"));
    await choose(left, "gone", "Delete");
    await seen(left.message("This message was deleted."));
    await left.page.reload();
    await seen(left.message("This message was deleted."));
    await eventually(async () => (await host.readRoom(va, roomId)).map(({ content }) => content)).toEqual([
      "This message was deleted.",
    ]);
  });
});

describe("without a network", () => {
  journey(
    "pins and deletions are shown at once, through a reload, and go out once and in order when it is back",
    async ({ devices, host }) => {
      const { va, company, roomId } = await host.makePair();
      const left = await devices.openConversation(va, company, roomId, WITH_WORKER);
      const right = await devices.openConversation(company, va, roomId);
      for (const text of ["the old address", "the new address", "a slip"]) await left.send(text);
      await seen(right.message("a slip"));
      await choose(left, "the old address", "Pin");
      await seen(pinned(right, "the old address"));
      await whenCached(left, "a slip");
      await left.loseNetwork();
      await choose(left, "the new address", "Pin");
      await seen(pinned(left, "the new address"));
      await choose(left, "the old address", "Unpin");
      await choose(left, "a slip", "Delete");
      const isShown = async (): Promise<void> => {
        await seen(pinned(left, "the new address"), left.message("This message was deleted."));
        await gone(pinned(left, "the old address"), left.message("a slip"));
      };
      await isShown();
      await left.page.reload();
      await isShown();
      await seen(pinned(right, "the old address"), right.message("a slip"));
      const before = left.wire.sent.length;
      await left.findNetwork();
      await seen(pinned(right, "the new address"), right.message("This message was deleted."));
      await gone(pinned(right, "the old address"), right.message("a slip"));
      await left.send("all done");
      await seen(right.message("all done"));
      const [old, fresh, slip] = (await host.readRoom(va, roomId)).map(({ id }) => id);
      const acted = left.wire.sent.slice(before).filter(({ event }) => /^(pin|delete)_message$/.test(event));
      expect(acted.map(({ event, payload }) => [event, payload.messageId, payload.on])).toEqual([
        ["pin_message", fresh, true],
        ["pin_message", old, false],
        ["delete_message", slip, undefined],
      ]);
    },
  );
});

describe("answering", () => {
  journey("quotes the message, leads to it and back, and says what has become of it", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    await left.send("when shall we meet?");
    await seen(right.message("when shall we meet?"));
    await right.message("when shall we meet?").hover();
    await right.page.getByRole("button", { name: "Reply", exact: true }).click();
    await seen(right.page.getByText("Replying to"));
    await right.send("on Monday");
    await gone(right.page.getByText("Replying to"));
    const quote = left.message("on Monday").getByRole("button", { name: /when shall we meet\?/ });
    await quote.click();
    await eventually(() => left.page.evaluate(() => document.activeElement?.textContent ?? "")).toContain("when shall");
    await choose(left, "when shall we meet?", "Delete", 0);
    await seen(right.message("on Monday").getByRole("button", { name: /This message was deleted\./ }));
  });

  journey("begins with a sweep on a phone, and is read out", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const context = await devices.unpack(PHONE, va);
    await listen(context);
    const phone = await devices.openTab(context, `/chat/${roomId}`);
    await phone.whenOpen(company.name);
    const desk = await devices.openConversation(company, va, roomId);
    await desk.send("sweep me");
    await seen(phone.message("sweep me"));
    await sweep(phone, "sweep me");
    await seen(phone.page.getByText("Replying to"));
    await eventually(() => heardBy(phone.page)).toContainEqual(expect.stringContaining("Replying to"));
    await phone.send("swept");
    await seen(desk.message("swept").getByRole("button", { name: /sweep me/ }));
  });
});

journey(
  "a pinned message stands over the conversation for both, until it is not pinned any more",
  async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    await left.send("the address");
    await seen(right.message("the address"));
    await choose(left, "the address", "Pin");
    const bar = right.page.getByRole("button", { name: /pinned message.*the address/i });
    await seen(bar);
    await bar.click();
    await choose(right, "the address", "Unpin");
    await gone(bar, left.page.getByRole("button", { name: /pinned message.*the address/i }));
  },
);

describe("reporting", () => {
  journey("a message of somebody else's tells the moderators which one it was", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    await right.send("Pay me elsewhere");
    await choose(left, "Pay me elsewhere", "Report…");
    const dialog = left.page.getByRole("dialog", { name: "Report this message" });
    await dialog.getByRole("radio", { name: "Asks to work or pay outside of Hyred" }).check();
    await dialog.getByRole("button", { name: "Send report" }).click();
    await seen(dialog.getByText("Thank you. Our team looks at it."));
    const [message] = await host.readRoom(va, roomId);
    expect(await host.listReports(company)).toMatchObject([{ reason: "off_platform", messageId: message?.id }]);
  });
});

async function choose(screen: Screen, text: string, command: string, nth = 0): Promise<void> {
  const bubble = screen.message(text).nth(nth).locator(".hc-message__bubble");
  await bubble.click({ button: "right", position: { x: 8, y: 8 } });
  await screen.page.getByRole("menuitem", { name: command, exact: true }).click();
}

/** Says something else in one's own message. */
async function edit(screen: Screen, text: string, next: string): Promise<void> {
  await choose(screen, text, "Edit");
  await screen.composer.fill(next);
  await screen.composer.press("Enter");
  await seen(screen.message(next));
}

async function editOffline(screen: Screen, text: string, next: string): Promise<void> {
  await screen.loseNetwork();
  await edit(screen, text, next);
}

/** What stands over the conversation of a pinned message. */
function pinned({ page }: Screen, text: string): Locator {
  return page.getByRole("button", { name: new RegExp(`pinned message.*${text}`, "i") });
}

async function sweep(screen: Screen, text: string): Promise<void> {
  const box = await screen.message(text).locator(".hc-message__bubble").boundingBox();
  if (box === null) throw new Error(`Nothing is seen of ${text}.`);
  const touch = await screen.page.context().newCDPSession(screen.page);
  const at = (by: number) => [{ x: box.x + 20 + by, y: box.y + box.height / 2 }];
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0) });
  for (let by = 10; by <= 120; by += 10) {
    await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(by) });
  }
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

/** All that the device keeps of messages and rooms, as one text. */
function keptTexts({ page }: Screen): Promise<string> {
  return page.evaluate(async () => {
    const texts: string[] = [];
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue;
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(new Error("The database could not be opened."));
      });
      for (const store of database.objectStoreNames) {
        const all = await new Promise<unknown>((resolve) => {
          const reading = database.transaction(store).objectStore(store).getAll();
          reading.onsuccess = () => resolve(reading.result);
        });
        texts.push(JSON.stringify(all));
      }
      database.close();
    }
    return texts.join("\n");
  });
}
