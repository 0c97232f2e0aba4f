/** Reacting to messages: by mouse, touch and keyboard, with and without a network. */
import { describe, expect } from "vitest";

import { PHONE, WITH_WORKER } from "../harness/devices";
import { heardBy, listen } from "../harness/heard";
import { journey } from "../harness/journey";
import { tabTo } from "../harness/keyboard";
import type { Screen } from "../harness/screen";
import { whenCached } from "../harness/storage";
import { eventually, gone, seen } from "../harness/waiting";

const LONG_PRESS_MS = 600;

describe("a reaction", () => {
  journey("is chosen beside the message, seen by the other at once, and taken back", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    await right.send("shall we?");
    await left.message("shall we?").hover();
    await left.page.getByRole("button", { name: "React", exact: true }).click();
    await left.page.getByRole("menuitemcheckbox", { name: /React with .*🎉/ }).click();
    await seen(left.reaction("shall we?", "🎉"), right.reaction("shall we?", "🎉"));
    expect(await left.reaction("shall we?", "🎉").getAttribute("aria-pressed")).toBe("true");
    await right.reaction("shall we?", "🎉").click();
    await eventually(() => left.reaction("shall we?", "🎉").textContent()).toBe("🎉2");
    await left.reaction("shall we?", "🎉").click();
    await eventually(() => right.reaction("shall we?", "🎉").textContent()).toBe("🎉");
    expect(await left.reaction("shall we?", "🎉").getAttribute("aria-pressed")).toBe("false");
  });

  journey("is chosen by keys alone, and read out", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const context = await devices.unpack({}, va);
    await listen(context);
    const screen = await devices.openTab(context, `/chat/${roomId}`);
    await screen.whenOpen(company.name);
    await screen.send("first");
    await screen.send("second");
    await seen(screen.tick("second", "Sent"));
    await tabTo(screen.page, /^Messages$/, "Shift+Tab");
    for (const key of ["Enter", "ArrowUp", "Enter"]) await screen.page.keyboard.press(key);
    await seen(screen.page.getByRole("menuitemcheckbox", { name: /React with .*👍/ }));
    await screen.page.keyboard.press("ArrowRight");
    await screen.page.keyboard.press("Enter");
    await seen(screen.reaction("first", "❤️"));
    await eventually(() => heardBy(screen.page)).toContainEqual(expect.stringContaining("Reacted with"));
    await eventually(() => screen.page.evaluate(() => document.activeElement?.textContent ?? "")).toContain("first");
  });

  journey("is chosen by a long press on a phone", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const phone = await devices.openConversation(va, company, roomId, PHONE);
    const desk = await devices.openConversation(company, va, roomId);
    await desk.send("press me");
    await seen(phone.message("press me"));
    await longPress(phone, "press me");
    await phone.page.getByRole("menuitemcheckbox", { name: /React with .*👍/ }).tap();
    await seen(desk.reaction("press me", "👍"));
    await gone(phone.page.getByRole("menu"));
  });

  journey("waits for a network, and ends as it was chosen last", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId, WITH_WORKER);
    const right = await devices.openConversation(company, va, roomId);
    await right.send("later");
    await seen(left.message("later"));
    await left.loseNetwork();
    await react(left, "later", "👍");
    await react(left, "later", "🎉");
    await left.reaction("later", "👍").click();
    await gone(left.reaction("later", "👍"));
    await left.page.reload();
    await seen(left.reaction("later", "🎉"));
    await left.findNetwork();
    await seen(right.reaction("later", "🎉"));
    // One goes out when the one before it is stored.
    await eventually(() =>
      left.wire.sent.filter(({ event }) => event === "react").map(({ payload }) => [payload.emoji, payload.on]),
    ).toEqual([
      ["🎉", true],
      ["👍", false],
    ]);
    expect(await right.reaction("later", "👍").count()).toBe(0);
  });

  journey("that is one too many is undone with a word", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    await screen.send("much liked");
    await seen(screen.tick("much liked", "Sent"));
    for (const emoji of ["👍", "🎉", "😂"]) await react(screen, "much liked", emoji);
    await choose(screen, "much liked", "🙏"); // shown at once, and perhaps undone before anybody has looked
    await seen(screen.page.getByRole("status").filter({ hasText: "Your reaction was not saved." }));
    await gone(screen.reaction("much liked", "🙏"));
    await seen(screen.reaction("much liked", "👍"));
  });

  journey(
    "that came while one was away is there when one is back, at once from the device",
    async ({ devices, host }) => {
      const { va, company, roomId } = await host.makePair();
      const left = await devices.openConversation(va, company, roomId, WITH_WORKER);
      const right = await devices.openConversation(company, va, roomId);
      await left.send("are you there?");
      await seen(right.message("are you there?"));
      await left.loseNetwork();
      await react(right, "are you there?", "👍");
      await left.findNetwork();
      await seen(left.reaction("are you there?", "👍"));
    },
  );
});

async function react(screen: Screen, text: string, emoji: string): Promise<void> {
  await choose(screen, text, emoji);
  await seen(screen.reaction(text, emoji));
}

async function longPress(screen: Screen, text: string): Promise<void> {
  const box = await screen.message(text).locator(".hc-message__bubble").boundingBox();
  if (box === null) throw new Error(`Nothing is seen of ${text}.`);
  const touch = await screen.page.context().newCDPSession(screen.page);
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
  await touch.send("Input.dispatchTouchEvent", {
    type: "touchStart",
    touchPoints,
  });
  await screen.page.getByRole("menu", { name: "Message" }).waitFor({ timeout: LONG_PRESS_MS * 10 });
  await touch.send("Input.dispatchTouchEvent", {
    type: "touchEnd",
    touchPoints: [],
  });
}

journey(
  "any emoji is found by its name in one's language, in the tone of skin that one has chosen",
  async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    await left.send("wave at me");
    await seen(right.message("wave at me"));
    const menu = await left.openActions("wave at me");
    await menu.getByRole("menuitem", { name: "All emoji" }).click();
    const picker = left.page.getByRole("dialog", { name: "Emoji" });
    await picker.getByRole("combobox", { name: "Skin tone" }).selectOption("✋🏽");
    await picker.getByRole("searchbox", { name: "Search emoji" }).fill("waving hand");
    await picker.getByRole("button", { name: "waving hand", exact: true }).click();
    await gone(picker);
    await seen(right.reaction("wave at me", "👋🏽"));
  },
);

journey("all emoji are there without a network once somebody has looked at them", async ({ devices, host }) => {
  const { va, company, roomId } = await host.makePair();
  const screen = await devices.openConversation(va, company, roomId, WITH_WORKER);
  await screen.send("once");
  await seen(screen.tick("once", "Sent"));
  await whenCached(screen, "once");
  await screen.whenComplete();
  const look = async () => {
    await (await screen.openActions("once")).getByRole("menuitem", { name: "All emoji" }).click();
    await seen(
      screen.page.getByRole("dialog", { name: "Emoji" }).getByRole("button", { name: "grinning face", exact: true }),
    );
  };
  await look();
  await screen.loseNetwork();
  await screen.page.reload();
  await seen(screen.message("once"));
  await look();
});

async function choose(screen: Screen, text: string, emoji: string): Promise<void> {
  const menu = await screen.openActions(text);
  await menu.getByRole("menuitemcheckbox", { name: new RegExp(emoji) }).click();
}
