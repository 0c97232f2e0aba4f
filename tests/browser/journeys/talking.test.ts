/** Two people who find one another and talk. */
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { DESK } from "../harness/devices";
import { longConversation } from "../harness/talk";
import { journey } from "../harness/journey";
import { startingWith } from "../harness/screen";
import { whenDrafted } from "../harness/storage";
import { eventually, gone, seen } from "../harness/waiting";

describe("talking", () => {
  journey("begins with finding somebody by name, and opens their conversation", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    const company = await host.makePerson("company", "Zephyr & Daughters");
    const screen = await devices.signIn(va);
    await screen.page.getByRole("button", { name: "New conversation" }).first().click();
    const dialog = screen.page.getByRole("dialog", {
      name: "New conversation",
    });
    await dialog.getByRole("searchbox", { name: "Search people" }).fill("zephyr");
    await dialog.getByRole("button", { name: startingWith(company.name) }).click();
    await gone(dialog);
    await seen(screen.conversationWith(company.name));
    expect(new URL(screen.page.url()).pathname).toMatch(/^\/chat\/.+/);
    await screen.send("Hello, Zephyr");
    await seen(screen.tick("Hello, Zephyr", "Sent"), screen.entry(company.name));
  });

  journey("shows a message on both screens, and the answer too", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    await left.send("Are you there?");
    await seen(right.message("Are you there?"));
    await right.composer.fill("Yes, here");
    await right.composer.press("Enter");
    await seen(left.message("Yes, here"));
    await eventually(() => left.composer.inputValue()).toBe("");
    expect(await left.message("Yes, here").getAttribute("aria-label")).toMatch(startingWith(company.name));
    await eventually(() => left.renderedSeqs()).toEqual([1, 2]);
    await eventually(() => right.renderedSeqs()).toEqual([1, 2]);
  });

  journey("breaks a line with Shift+Enter, keeps it, and grows to six lines", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const heightOf = async (): Promise<number> => (await screen.composer.boundingBox())?.height ?? 0;
    const one = await heightOf();
    await screen.composer.pressSequentially("first");
    await screen.composer.press("Shift+Enter");
    await screen.composer.pressSequentially("second");
    await eventually(heightOf).toBeGreaterThan(one + 10);
    const two = await heightOf();
    await screen.composer.fill("line\n".repeat(5) + "line");
    await eventually(async () => (await heightOf()) - one).toBeGreaterThan(4.5 * (two - one));
    const six = await heightOf();
    await screen.composer.fill("line\n".repeat(11) + "line");
    await eventually(() => screen.composer.evaluate((field) => field.scrollHeight > field.clientHeight + 1)).toBe(true);
    expect(await heightOf()).toBeLessThan(six + (two - one) * 0.9);
    await screen.composer.fill("first\nsecond");
    await screen.composer.press("Enter");
    const bubble = screen.message("first");
    await seen(bubble);
    expect(await bubble.innerText()).toContain("first\nsecond");
  });

  journey("keeps the newest message in sight while what one writes grows", async ({ devices, host, server }) => {
    const { va, company, roomId } = await longConversation(host, server, 40);
    const screen = await devices.openConversation(company, va, roomId);
    const distanceFromEnd = (): Promise<number> =>
      screen.log.evaluate((log) => Math.round(log.scrollHeight - log.clientHeight - log.scrollTop));
    await eventually(distanceFromEnd).toBe(0);
    // One key after another: each has the composer measured anew.
    for (const line of ["one", "two", "three", "four"]) {
      await screen.composer.pressSequentially(line);
      await screen.composer.press("Shift+Enter");
    }
    await eventually(distanceFromEnd).toBe(0);
    // Then there is more room, and less again; as when a phone's keyboard goes and comes back.
    await screen.composer.fill("");
    await eventually(distanceFromEnd).toBe(0);
    await screen.composer.fill("one\ntwo\nthree\nfour");
    await eventually(distanceFromEnd).toBe(0);
    const { width, height } = screen.page.viewportSize() ?? DESK;
    for (const rest of [height / 2, height, height / 2]) {
      const before = await screen.log.evaluate((log) => log.clientHeight);
      await screen.page.setViewportSize({ width, height: rest });
      await eventually(() => screen.log.evaluate((log) => log.clientHeight)).not.toBe(before);
      await eventually(distanceFromEnd).toBe(0);
    }
  });

  journey("counts down the last characters, and refuses what is too long", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const counter = screen.page.getByRole("status").filter({ hasText: /characters? left/ });
    await screen.composer.fill("a".repeat(100));
    await gone(counter);
    await screen.composer.fill("a".repeat(990));
    await seen(counter.filter({ hasText: "10 characters left" }));
    await screen.composer.fill("a".repeat(1001));
    await eventually(() => screen.sendButton.isDisabled()).toBe(true);
    await screen.composer.fill("😀".repeat(1000));
    await screen.sendButton.click();
    await seen(screen.log.getByRole("img", { name: "Sent" }));
  });

  journey(
    "shows that the other is typing, in the conversation and in the list, until they stop",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const screen = await devices.openConversation(va, company, roomId);
      const other = await Correspondent.connect(server, company);
      await other.startTyping(roomId);
      const typing = screen.page.getByRole("status").filter({ hasText: `${company.name} is typing…` });
      await seen(typing, screen.entry(company.name).filter({ hasText: /typing/i }));
      await other.stopTyping(roomId);
      await gone(typing);
      other.close();
    },
  );

  journey("tells the other that one is typing, and that one has stopped by sending", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    const right = await devices.openConversation(company, va, roomId);
    const typing = right.page.getByRole("status").filter({ hasText: `${va.name} is typing…` });
    await left.composer.fill("I am wri");
    await eventually(async () => {
      await left.composer.press("."); // they go on: it ends a while after the last key
      return typing.isVisible();
    }).toBe(true);
    await left.composer.press("Enter");
    await seen(right.message("I am wri"));
    await gone(typing);
  });

  journey("ticks a message from sent over delivered to read", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const left = await devices.openConversation(va, company, roomId);
    await left.send("Tick, tick");
    await seen(left.tick("Tick, tick", "Sent"));
    const right = await devices.signIn(company);
    await seen(left.tick("Tick, tick", "Delivered"));
    await right.open(va.name);
    await seen(left.tick("Tick, tick", "Read"));
  });

  journey("keeps a draft for each conversation, through a reload too", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const third = await host.makePerson("company");
    await host.makeRoom(va, third);
    const screen = await devices.openConversation(va, company, roomId);
    await screen.composer.fill("not yet finished");
    await screen.open(third.name);
    await eventually(() => screen.composer.inputValue()).toBe("");
    await screen.open(company.name);
    await eventually(() => screen.composer.inputValue()).toBe("not yet finished");
    await whenDrafted(screen, "not yet finished");
    await screen.page.reload();
    await eventually(() => screen.composer.inputValue()).toBe("not yet finished");
  });

  journey("is all there after a reload", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    for (const text of ["one of three", "two of three", "three of three"]) await screen.send(text);
    await seen(screen.tick("three of three", "Sent"));
    await screen.page.reload();
    await eventually(() => screen.renderedSeqs()).toEqual([1, 2, 3]);
    await seen(screen.message("three of three"), screen.entry(company.name).filter({ hasText: "You: three of three" }));
  });
});
