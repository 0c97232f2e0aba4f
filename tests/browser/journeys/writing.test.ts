/** Marks: how they are written, drawn, copied and pasted. */
import type { Page } from "playwright-core";
import { describe, expect } from "vitest";

import { findViolations } from "../harness/accessibility";
import { Correspondent } from "../harness/correspondent";
import { DESK, PHONE } from "../harness/devices";
import { journey } from "../harness/journey";
import { focusedName, tabTo } from "../harness/keyboard";
import { eventually, gone, seen } from "../harness/waiting";

const MARKED =
  "**Offer** for _ana_lopez_: ~~20~~ 25 hours, see [the plan](https://plan.example/may)\n" +
  "- call `npm test`\n  - *twice*\n1. sign\n> Monday?\n```js\nlet total_hours = 2 * 3 * 4;\n```\nsnake_case_name stays";

describe("marks", () => {
  for (const [device, options] of [
    ["desk", { viewport: DESK }],
    ["phone", PHONE],
  ] as const) {
    journey(`are drawn on a ${device}, and sent as they were written`, async ({ devices, host }) => {
      const { va, company, roomId } = await host.makePair();
      const screen = await devices.openConversation(va, company, roomId, {
        ...options,
        reducedMotion: "reduce",
      });
      const { page } = screen;
      await screen.composer.fill(MARKED);
      await eventually(() => isDrawn(page)).toBe(true);
      expect(await screen.composer.inputValue()).toBe(MARKED);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        expect(await findViolations(page), `while one writes, ${colorScheme}`).toEqual([]);
      }
      await screen.sendButton.click();
      const message = screen.message("Offer");
      await seen(screen.tick("Offer", "Sent"));
      expect(await message.locator("strong").allInnerTexts()).toEqual(["Offer"]);
      expect(await message.locator("em").allInnerTexts()).toEqual(["ana_lopez", "twice"]);
      expect(await message.locator("s").allInnerTexts()).toEqual(["20"]);
      expect(await message.locator("ul ul li, ol li, blockquote").allInnerTexts()).toEqual([
        "twice",
        "1. sign",
        "Monday?",
      ]);
      expect(await message.locator("pre").innerText()).toBe("let total_hours = 2 * 3 * 4;");
      expect(await message.getByRole("link", { name: "the plan" }).getAttribute("href")).toBe(
        "https://plan.example/may",
      );
      await eventually(async () => (await host.readRoom(va, roomId)).at(-1)?.content).toBe(MARKED);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        expect(await findViolations(page), colorScheme).toEqual([]);
      }
      await page.emulateMedia({
        forcedColors: "active",
        reducedMotion: "reduce",
      });
      expect(await findViolations(page), "in forced colours").toEqual([]);
    });
  }

  journey("are left out of the list, of what is read out, and of notifications", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const writer = await Correspondent.connect(server, company);
    await writer.send(roomId, "**Yes**, from _Monday_ on");
    await seen(screen.entry(company.name).getByText("Yes, from Monday on"));
    await seen(screen.page.locator("[aria-live=polite]").filter({ hasText: "Yes, from Monday on" }));
    const other = await devices.signIn(va);
    await other.whenOnline();
    await writer.send(roomId, "**No**, from _Tuesday_ on");
    await seen(other.toasts.getByText("No, from Tuesday on"));
    writer.close();
  });

  journey("make code that is copied by a button, which says so", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId, {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await screen.composer.fill("```\na *b*\n  c\n```");
    await screen.sendButton.click();
    const message = screen.message("a *b*");
    await message.getByRole("button", { name: "Copy code" }).click();
    await seen(message.getByRole("status").filter({ hasText: "Copied" }));
    expect(await screen.page.evaluate(() => navigator.clipboard.readText())).toBe("a *b*\n  c");
  });
});

describe("whoever writes", () => {
  journey("marks by shortcuts, and takes it back by the browser's own undo", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const { page, composer } = await devices.openConversation(va, company, roomId);
    await whenToolsAreThere(page);
    await composer.pressSequentially("hello world");
    for (const [keys, written] of [
      ["Control+b", "hello **world**"],
      ["Control+i", "hello **_world_**"],
      ["Control+Shift+x", "hello **_~~world~~_**"],
      ["Control+Shift+x", "hello **_world_**"],
      ["Control+i", "hello **world**"],
      ["Control+b", "hello world"],
      ["Control+e", "hello `world`"],
    ] as const) {
      await composer.evaluate((input: HTMLTextAreaElement) => {
        const start = input.value.indexOf("world");
        input.setSelectionRange(start, start + 5);
      });
      await page.keyboard.press(keys);
      await eventually(() => composer.inputValue(), keys).toBe(written);
    }
    await page.keyboard.press("Control+z");
    await eventually(() => composer.inputValue()).toBe("hello world");
    await page.keyboard.press("Control+Shift+z");
    await eventually(() => composer.inputValue()).toBe("hello `world`");
  });

  journey("has tools for it, by pointer and by keyboard", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const { page, composer } = screen;
    await composer.fill("milk");
    await page.getByRole("button", { name: "Formatting" }).click();
    const tools = page.getByRole("toolbar", { name: "Formatting" });
    await tools.getByRole("button", { name: "Bulleted list" }).click();
    await eventually(() => composer.inputValue()).toBe("- milk");
    await seen(tools.getByRole("button", { name: "Bulleted list", pressed: true }));
    await eventually(() => focusedName(page)).toBe("Message");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("eggs");
    await eventually(() => composer.inputValue()).toBe("- milk\n- eggs");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.press("Shift+Enter");
    await eventually(() => composer.inputValue()).toBe("- milk\n- eggs\n");
    await tabTo(page, /^Bold$/, "Shift+Tab");
    await page.keyboard.press("ArrowRight");
    await eventually(() => focusedName(page)).toBe("Italic");
    await page.keyboard.press("Enter");
    await page.keyboard.type("now");
    await eventually(() => composer.inputValue()).toBe("- milk\n- eggs\n_now_");
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Formatting" }).click();
    await gone(tools);
  });

  journey("pastes the marks of a page, and with Shift its words alone", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const options = { permissions: ["clipboard-read", "clipboard-write"] };
    const { page, composer } = await devices.openConversation(va, company, roomId, options);
    await whenToolsAreThere(page);
    const html = '<p>An <b>offer</b> by <a href="https://a.example/b">Ana</a></p><ul><li>a</li><li><i>b</i></li></ul>';
    await page.evaluate(async (copied) => {
      const item = {
        "text/html": new Blob([copied], { type: "text/html" }),
        "text/plain": new Blob(["words"], { type: "text/plain" }),
      };
      await navigator.clipboard.write([new ClipboardItem(item)]);
    }, html);
    await composer.focus();
    await page.keyboard.press("Control+v");
    await eventually(() => composer.inputValue()).toBe("An **offer** by [Ana](https://a.example/b)\n- a\n- _b_");
    await page.keyboard.press("Control+z");
    await eventually(() => composer.inputValue()).toBe("");
    await page.keyboard.press("Control+Shift+v");
    await eventually(() => composer.inputValue()).toBe("words");
    await page.evaluate(() => navigator.clipboard.writeText("https://a.example/c"));
    await composer.selectText();
    await page.keyboard.press("Control+v");
    await eventually(() => composer.inputValue()).toBe("[words](https://a.example/c)");
  });

  journey("sees what an input method is about to replace", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const { page, composer } = await devices.openConversation(va, company, roomId);
    await composer.fill("**a** ");
    await eventually(() => isDrawn(page)).toBe(true);
    const session = await page.context().newCDPSession(page);
    await session.send("Input.imeSetComposition", {
      text: "に",
      selectionStart: 1,
      selectionEnd: 1,
    });
    await eventually(() => isDrawn(page)).toBe(false);
    await session.send("Input.insertText", { text: "日" });
    await eventually(() => isDrawn(page)).toBe(true);
    expect(await composer.inputValue()).toBe("**a** 日");
  });

  journey("sees the caret where the letters are, however wide they would be", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const { page, composer } = await devices.openConversation(va, company, roomId);
    const words = "_the quick_ **brown fox** jumps over `the lazy` dog, ~~and~~ *again* ".repeat(6);
    await composer.fill(`${words}\n> שלום **עולם** hello\n- 一二 **三**四 last`);
    await eventually(() => isDrawn(page)).toBe(true);
    // Upright and without styles the same letters stand where they stand in the input.
    const [drawn, bare] = await page.evaluate(() => {
      const text = document.querySelector<HTMLElement>(".hc-draft__text");
      const input = document.querySelector("textarea");
      if (text === null || input === null) throw new Error("Nothing is drawn.");
      const copy = document.createElement("div");
      copy.className = "hc-draft__text";
      copy.dir = "auto";
      copy.style.width = text.style.width;
      copy.textContent = input.value;
      text.parentElement?.append(copy);
      const placesOf = (root: HTMLElement): number[] => {
        const { left, top } = root.getBoundingClientRect();
        const places: number[] = [];
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          for (let at = 0; at < (node.nodeValue ?? "").length; at += 1) {
            if ((node.nodeValue ?? "").charAt(at) === "\u200b") continue;
            const range = new Range();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            const box = range.getBoundingClientRect();
            places.push(box.left - left, Math.round((box.top - top) / 10));
          }
        }
        return places;
      };
      const both = [placesOf(text), placesOf(copy)] as const;
      copy.remove();
      return both;
    });
    expect(drawn).toHaveLength(bare.length);
    const apart = drawn.map((place, index) => Math.abs(place - (bare[index] ?? Infinity)));
    expect(Math.max(...apart)).toBeLessThan(1.5);
  });
});

/** Whether the draft is drawn as its marks say. */
function isDrawn(page: Page): Promise<boolean> {
  return page.evaluate(() => document.querySelector("textarea")?.dataset.drawn !== undefined);
}

/** Shortcuts and paste are part of what is loaded when the page has nothing better to do. */
async function whenToolsAreThere(page: Page): Promise<void> {
  const composer = page.getByRole("textbox", { name: "Message", exact: true });
  await composer.fill("**a**");
  await eventually(() => isDrawn(page)).toBe(true);
  await composer.fill("");
}
