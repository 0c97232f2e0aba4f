/** Naming people in a message: by keyboard, mouse and touch, without getting in the way of anything else. */
import { describe, expect } from "vitest";

import { findViolations } from "../harness/accessibility";
import { PHONE, WITH_WORKER } from "../harness/devices";
import { heardBy, listen } from "../harness/heard";
import type { Host, Person } from "../harness/host";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { eventually, gone, seen } from "../harness/waiting";

describe("an @", () => {
  journey(
    "names a member by keys alone, which is read out, and everybody sees who is meant",
    async ({ devices, host }) => {
      const { va, ana, jose, roomId } = await makeGroup(host);
      const context = await devices.unpack({}, va);
      await listen(context);
      const screen = await devices.openTab(context, `/chat/${roomId}`);
      await screen.whenOpen("Onboarding");
      const other = await devices.signIn(jose, {}, `/chat/${roomId}`);
      await screen.composer.pressSequentially("Hi @");
      await seen(option(screen, ana.name), option(screen, jose.name));
      expect(await options(screen).count()).toBe(2);
      await eventually(() => heardBy(screen.page)).toContainEqual(expect.stringContaining("2 people"));
      await screen.composer.pressSequentially("jos");
      await gone(option(screen, ana.name));
      expect(await screen.composer.getAttribute("aria-activedescendant")).toBe(
        await option(screen, jose.name).getAttribute("id"),
      );
      expect(await findViolations(screen.page)).toEqual([]);
      await screen.composer.press("Enter");
      await gone(options(screen));
      expect(await screen.composer.inputValue()).toBe(`Hi @${jose.name} `);
      await screen.composer.pressSequentially("are you there?");
      await screen.composer.press("Enter");
      const text = `Hi @${jose.name} are you there?`;
      await seen(screen.tick(text, "Sent"), other.message(text));
      expect(sentMentions(screen)).toEqual([[jose.id]]);
      await seen(screen.message(text).locator(".hc-mention"), other.message(text).locator(".hc-mention--me"));
      expect(await screen.message(text).locator(".hc-mention--me").count()).toBe(0);
      await screen
        .message(text)
        .getByRole("button", { name: `@${jose.name}` })
        .click();
      const profile = screen.page.getByRole("dialog", { name: "Profile" });
      await seen(profile.getByText(jose.name));
      await screen.page.keyboard.press("Escape");
      await gone(profile);
      await screen.page.keyboard.press("Enter");
      await seen(profile.getByText(jose.name));
    },
  );

  journey("is let go by Escape, sends nothing by itself, and is undone as it was typed", async ({ devices, host }) => {
    const { va, ana, roomId } = await makeGroup(host);
    const screen = await devices.signIn(va, {}, `/chat/${roomId}`);
    await screen.whenOpen("Onboarding");
    await screen.composer.pressSequentially("@an");
    await seen(option(screen, ana.name));
    await screen.composer.press("Escape");
    await gone(options(screen));
    await screen.composer.pressSequentially("a");
    expect(await options(screen).count()).toBe(0);
    await screen.composer.fill("");
    await screen.composer.pressSequentially("@an");
    await screen.composer.press("Tab");
    await eventually(() => screen.composer.inputValue()).toBe(`@${ana.name} `);
    await screen.composer.press("Control+z");
    await eventually(() => screen.composer.inputValue()).toBe("@an");
  });

  journey("is chosen by a finger and by the mouse, and the keyboard stays", async ({ devices, host }) => {
    const { va, ana, jose, roomId } = await makeGroup(host);
    const phone = await devices.signIn(va, PHONE, `/chat/${roomId}`);
    await phone.whenOpen("Onboarding");
    await phone.composer.tap();
    await phone.composer.pressSequentially("@");
    await option(phone, ana.name).tap();
    expect(await phone.composer.inputValue()).toBe(`@${ana.name} `);
    expect(await phone.composer.evaluate((input) => input === document.activeElement)).toBe(true);
    // Somebody else, to whom the draft of the first does not come.
    const desk = await devices.signIn(ana, {}, `/chat/${roomId}`);
    await desk.whenOpen("Onboarding");
    await desk.composer.pressSequentially("@");
    await option(desk, jose.name).click();
    expect(await desk.composer.inputValue()).toBe(`@${jose.name} `);
  });

  journey("leaves an input method alone, and finds by what it has written", async ({ devices, host }) => {
    const va = await host.makePerson("va", "Noor Haddad");
    const people = [va, await host.makePerson("company", "山田太郎"), await host.makePerson("company", "Ana Ruiz")];
    const screen = await devices.signIn(va, {}, `/chat/${await host.makeGroup("Tokyo", people)}`);
    await screen.whenOpen("Tokyo");
    await screen.composer.pressSequentially("@");
    await seen(option(screen, "山田太郎"), option(screen, "Ana Ruiz"));
    const session = await screen.page.context().newCDPSession(screen.page);
    await session.send("Input.imeSetComposition", { text: "やまだ", selectionStart: 3, selectionEnd: 3 });
    await gone(options(screen));
    await session.send("Input.insertText", { text: "山" });
    await seen(option(screen, "山田太郎"));
    await gone(option(screen, "Ana Ruiz"));
    await screen.composer.press("Enter");
    await eventually(() => screen.composer.inputValue()).toBe("@山田太郎 ");
  });

  journey("is nothing in an address, and Enter sends then", async ({ devices, host }) => {
    const { va, ana, roomId } = await makeGroup(host);
    const screen = await devices.signIn(va, {}, `/chat/${roomId}`);
    await screen.whenOpen("Onboarding");
    await screen.composer.pressSequentially("mail me@an");
    expect(await options(screen).count()).toBe(0);
    await screen.composer.press("Enter");
    await seen(screen.tick("mail me@an", "Sent"));
    await screen.composer.pressSequentially(`@${ana.name}, hello`);
    await screen.composer.press("Enter");
    await seen(screen.tick("hello", "Sent"));
    expect(sentMentions(screen)).toEqual([[], [ana.id]]);
  });
});

journey("an edit mentions somebody else, also without a network", async ({ devices, host }) => {
  const { va, ana, jose, roomId } = await makeGroup(host);
  const screen = await devices.signIn(va, WITH_WORKER, `/chat/${roomId}`);
  await screen.whenOpen("Onboarding");
  const other = await devices.signIn(jose, {}, `/chat/${roomId}`);
  await other.whenOpen("Onboarding");
  await screen.send(`ask @${ana.name}`);
  await seen(other.message("ask").locator(".hc-mention"));
  await screen.loseNetwork();
  await screen.composer.press("ArrowUp");
  await screen.composer.fill(`ask @${jose.name}`);
  await screen.composer.press("Enter");
  await seen(screen.message("ask").locator(".hc-mention", { hasText: jose.name }));
  await screen.findNetwork();
  await seen(other.message("ask").locator(".hc-mention--me", { hasText: jose.name }));
});

async function makeGroup(host: Host): Promise<{ va: Person; ana: Person; jose: Person; roomId: string }> {
  const va = await host.makePerson("va", "Noor Haddad");
  const ana = await host.makePerson("company", "Ana Ruiz");
  const jose = await host.makePerson("company", "José Ortega");
  return {
    va,
    ana,
    jose,
    roomId: await host.makeGroup("Onboarding", [va, ana, jose]),
  };
}

function options({ page }: Screen) {
  return page.getByRole("listbox", { name: "Whom to mention" }).getByRole("option");
}

function option(screen: Screen, name: string) {
  return options(screen).filter({ hasText: name });
}

/** Of each message that was sent. */
function sentMentions({ wire }: Screen): unknown[] {
  return wire.sent.filter(({ event }) => event === "send_message").map(({ payload }) => payload.mentions ?? []);
}
