/** What is told, marked as read or kept as a draft is so: in every tab, whatever lies over the page. */
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";

import { PHONE } from "../harness/devices";
import { Correspondent } from "../harness/correspondent";
import { heardBy, listen } from "../harness/heard";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { eventually, gone, seen } from "../harness/waiting";

describe("a screen reader", () => {
  journey("is told of what arrives, and never of the history", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const other = await Correspondent.connect(server, company);
    const texts = Array.from({ length: 11 }, (_, index) => `Old ${index + 1}`);
    await other.sendAll(roomId, texts);
    await Correspondent.markRead(server, va, roomId, texts.length);
    const context = await devices.unpack({}, va);
    await listen(context);
    const screen = await devices.openTab(context, "/chat");
    await screen.open(company.name);
    await seen(screen.message("Old 11"));
    await other.send(roomId, "Brand new");
    await eventually(() => heardBy(screen.page)).toContain(`${company.name}: Brand new`);
    await screen.page.reload(); // now the device has it all
    await screen.whenJoined(roomId);
    await seen(screen.message("Brand new"));
    await other.send(roomId, "Newer still");
    await eventually(() => heardBy(screen.page)).toContain(`${company.name}: Newer still`);
    expect((await heardBy(screen.page)).filter((text) => /new message|Old|Brand/.test(text))).toEqual([]);
    other.close();
  });
});

/** What may lie over a conversation, and how it is opened there. */
const covers: readonly (readonly [string, "phone" | "desk", (screen: Screen, name: string) => Promise<unknown>])[] = [
  ["the profile", "phone", ({ page }, name) => page.getByRole("button", { name: `Profile of ${name}` }).tap()],
  ["the bell", "desk", (screen) => screen.openBell()],
  ["a new conversation", "desk", ({ page }) => page.getByRole("button", { name: "New conversation" }).first().click()],
];

describe("a message that comes under", () => {
  for (const [cover, device, open] of covers) {
    journey(`${cover} on a ${device} is not read until that is closed`, async ({ devices, host }) => {
      const { va, company, roomId } = await host.makePair();
      const sender = await devices.openConversation(company, va, roomId);
      const screen = await devices.openConversation(va, company, roomId, device === "phone" ? PHONE : {});
      await sender.send("Before");
      await seen(sender.tick("Before", "Read"));
      await open(screen, company.name);
      await seen(screen.page.getByRole("dialog"));
      await sender.send("Under it");
      await seen(sender.tick("Under it", "Delivered"));
      await eventually(() => screen.page.title()).toBe(`(1) ${company.name} · Hyred Chat`);
      await sender.send("Under it, too");
      await seen(sender.tick("Under it, too", "Delivered"));
      await eventually(() => screen.page.title()).toBe(`(2) ${company.name} · Hyred Chat`);
      await seen(sender.tick("Under it", "Delivered"));
      await screen.page
        .getByRole("dialog")
        .getByRole("button", { name: /^Close/ })
        .click();
      await seen(sender.tick("Under it, too", "Read"));
      await eventually(() => screen.page.title()).toBe(`${company.name} · Hyred Chat`);
    });
  }
});

describe("a draft", () => {
  journey("that is sent in one tab is gone in all, and Enter there sends nothing", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const context = await devices.unpack({}, va);
    const [one, list] = [await devices.openTab(context, `/chat/${roomId}`), await devices.openTab(context, "/chat")];
    for (const screen of [one, list]) await screen.whenOnline();
    await one.composer.fill("Friday suits me");
    await seen(list.entry(company.name).getByText("Draft: Friday suits me"));
    const two = await devices.openTab(context, `/chat/${roomId}`);
    await eventually(() => two.composer.inputValue()).toBe("Friday suits me");
    await one.composer.press("Enter");
    await eventually(() => two.composer.inputValue()).toBe("");
    await gone(list.entry(company.name).getByText(/^Draft/));
    await two.composer.press("Enter");
    await two.send("And Monday, too");
    await seen(two.tick("And Monday, too", "Sent"));
    const stored = await host.readRoom(va, roomId);
    expect(stored.map(({ content }) => content)).toEqual(["Friday suits me", "And Monday, too"]);
  });

  journey(
    "is the same in two tabs, as it was written last, and gone where it is deleted",
    async ({ devices, host }) => {
      const { va, roomId } = await host.makePair();
      const context = await devices.unpack({}, va);
      const open = () => devices.openTab(context, `/chat/${roomId}`);
      const [one, two] = [await open(), await open()];
      for (const screen of [one, two]) await screen.whenJoined(roomId);
      await one.composer.fill("Fri");
      await eventually(() => two.composer.inputValue()).toBe("Fri");
      await two.composer.fill("Friday or Monday");
      await eventually(() => one.composer.inputValue()).toBe("Friday or Monday");
      await one.composer.fill("");
      await eventually(() => two.composer.inputValue()).toBe("");
      const three = await open();
      await three.whenJoined(roomId);
      expect(await three.composer.inputValue()).toBe("");
    },
  );
});

describe("the browser's language", () => {
  for (const languages of [["en-US@posix", "en"], ["C"], [], ["es_ES.UTF-8"]]) {
    journey(`may be ${JSON.stringify(languages)}: the app opens, with times`, async ({ devices, host }) => {
      const { va, roomId } = await host.makePair();
      const context = await devices.unpack({}, va);
      await context.addInitScript((tags) => {
        Object.defineProperty(navigator, "languages", { get: () => tags });
        Object.defineProperty(navigator, "language", {
          get: () => tags[0] ?? "",
        });
      }, languages);
      const { page } = await devices.openTab(context, `/chat/${roomId}`);
      const isSpanish = languages[0]?.startsWith("es") === true;
      const composer = page.getByRole("textbox", {
        name: isSpanish ? "Mensaje" : "Message",
        exact: true,
      });
      await composer.fill("In which language?");
      await composer.press("Enter");
      await seen(
        page
          .getByRole("article")
          .filter({ hasText: "In which language?" })
          .locator("time", { hasText: /\d:\d\d/ }),
      );
      expect(await page.locator("html").getAttribute("lang")).toBe(isSpanish ? "es" : "en");
    });
  }
});

describe("a device that goes to another time zone", () => {
  journey(
    "shows its times there, of old and new messages, without loading again",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const other = await Correspondent.connect(server, company);
      await other.send(roomId, "Before the flight");
      const context = await devices.unpack({ timezoneId: undefined } as object, va);
      const screen = await devices.openBlank(context);
      const device = await context.newCDPSession(screen.page);
      await device.send("Emulation.setTimezoneOverride", {
        timezoneId: "Europe/Madrid",
      });
      await screen.page.goto(`/chat/${roomId}`);
      const timeOf = (text: string) => screen.message(text).locator("time").innerText();
      const clockIn = async (text: string, timeZone: string) => {
        const moment = await screen.message(text).locator("time").getAttribute("datetime");
        return new Intl.DateTimeFormat("en-US", {
          hour: "numeric",
          minute: "2-digit",
          timeZone,
        }).format(new Date(moment ?? ""));
      };
      await seen(screen.message("Before the flight"));
      expect(await timeOf("Before the flight")).toBe(await clockIn("Before the flight", "Europe/Madrid"));
      await device.send("Emulation.setTimezoneOverride", {
        timezoneId: "Asia/Tokyo",
      });
      await other.send(roomId, "After the flight");
      await seen(screen.message("After the flight"));
      for (const text of ["Before the flight", "After the flight"]) {
        await eventually(() => timeOf(text)).toBe(await clockIn(text, "Asia/Tokyo"));
      }
      other.close();
    },
  );
});

describe("keys that an input method takes", () => {
  journey("confirm a word in the search for people, and choose nobody", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    await host.makePerson("company", "Zhang Studio");
    const screen = await devices.signIn(va);
    await screen.page.getByRole("button", { name: "New conversation" }).first().click();
    const dialog = screen.page.getByRole("dialog", {
      name: "New conversation",
    });
    const field = dialog.getByRole("searchbox");
    await field.focus();
    const keyboard = await InputMethod.of(screen.page);
    await keyboard.compose("Zhang");
    await seen(dialog.getByRole("button", { name: /^Zhang Studio/ }));
    for (const key of ["Enter", "ArrowDown", "Escape"]) await keyboard.take(key);
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    await keyboard.confirm("Zhang");
    await eventually(() => field.inputValue()).toBe("Zhang");
    await seen(dialog);
    expect(new URL(screen.page.url()).pathname).toBe("/chat");
    await field.press("Enter");
    await seen(screen.conversationWith("Zhang Studio"));
  });

  journey("end the composition in the list's search, which keeps its text", async ({ devices, host }) => {
    const { va, company } = await host.makePair();
    const screen = await devices.signIn(va);
    await seen(screen.entry(company.name));
    const field = screen.page.getByRole("searchbox", {
      name: "Search conversations",
    });
    await field.focus();
    const keyboard = await InputMethod.of(screen.page);
    await keyboard.compose("jo");
    for (const key of ["Escape", "Enter", "ArrowDown"]) await keyboard.take(key);
    await keyboard.confirm("jo");
    expect(await field.inputValue()).toBe("jo");
    await field.press("Escape");
    await eventually(() => field.inputValue()).toBe("");
    expect(new URL(screen.page.url()).pathname).toBe("/chat");
  });

  journey("send nothing from the composer", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    await screen.composer.focus();
    const keyboard = await InputMethod.of(screen.page);
    await keyboard.compose("にほん");
    await keyboard.take("Enter");
    await keyboard.confirm("日本");
    expect(await screen.composer.inputValue()).toBe("日本");
    await screen.composer.press("Enter");
    await seen(screen.tick("日本", "Sent"));
    expect((await host.readRoom(va, roomId)).length).toBe(1);
  });
});

/** An input method, as Chromium knows one: a composition under way, and keys that it takes. */
class InputMethod {
  private constructor(private readonly session: Awaited<ReturnType<ReturnType<Page["context"]>["newCDPSession"]>>) {}

  static async of(page: Page): Promise<InputMethod> {
    return new InputMethod(await page.context().newCDPSession(page));
  }

  async compose(text: string): Promise<void> {
    const { length } = text;
    await this.session.send("Input.imeSetComposition", {
      text,
      selectionStart: length,
      selectionEnd: length,
    });
  }

  async take(key: string): Promise<void> {
    await this.session.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key,
      code: key,
      windowsVirtualKeyCode: 229,
    });
    await this.session.send("Input.dispatchKeyEvent", {
      type: "keyUp",
      key,
      code: key,
      windowsVirtualKeyCode: 229,
    });
  }

  async confirm(text: string): Promise<void> {
    await this.session.send("Input.insertText", { text });
  }
}
