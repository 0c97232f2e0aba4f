/** What people write, paste and call themselves. */
import type { Locator } from "playwright-core";
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { settle } from "../harness/history";
import { journey } from "../harness/journey";
import { eventually, seen } from "../harness/waiting";

const TURNING = "\u202eante Max";
const HEBREW = "נועה לוי";

describe("what is written", () => {
  journey("has the direction of each of its lines", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const writer = await Correspondent.connect(server, company);
    await writer.send(roomId, "Plan for today:\nבוקר טוב, נתחיל בתשע!\nThanks.");
    writer.close();
    const screen = await devices.openConversation(va, company, roomId);
    const bubble = screen.message("Plan for today").locator("> div").first();
    await seen(bubble);
    await settle(screen);
    const first = await boxOf(bubble, "Plan");
    const hebrew = await boxOf(bubble, "בוקר");
    const mark = await boxOf(bubble, "!");
    const last = await boxOf(bubble, "Thanks");
    const right = (box: DOMRect): number => box.x + box.width;
    const edges = await bubble.evaluate((element) => {
      const { left, right: end } = element.getBoundingClientRect();
      const { paddingLeft, paddingRight } = getComputedStyle(element);
      return {
        left: left + parseFloat(paddingLeft),
        right: end - parseFloat(paddingRight),
      };
    });
    expect(first.x).toBeCloseTo(edges.left, 0);
    expect(last.x).toBeCloseTo(edges.left, 0);
    expect(right(hebrew)).toBeCloseTo(edges.right, 0);
    expect(mark.x).toBeLessThan(hebrew.x);
  });

  journey("has its time behind the last word, where there is room for it", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    await screen.send("A first line\nand the last");
    await seen(screen.tick("and the last", "Sent"));
    await settle(screen);
    const message = screen.message("and the last");
    const time = await message.locator("time").boundingBox();
    const word = await boxOf(message, "last");
    expect(time?.x).toBeGreaterThan(word.x + word.width);
    expect(time?.y).toBeLessThan(word.y + word.height);
  });

  journey("is links, code, and plain words", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    await screen.composer.fill(
      "Call:https://meet.example/j/42 or ana@hyred.example or +34 600 123 456, then run `npm https://no.example`",
    );
    await screen.composer.press("Enter");
    const message = screen.message("Call:");
    await seen(message);
    const hrefs = await message
      .locator("a")
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
    expect(hrefs).toEqual(["https://meet.example/j/42", "mailto:ana@hyred.example", "tel:+34600123456"]);
    expect(await message.locator("code").innerText()).toBe("npm https://no.example");
  });

  journey("is cleaned of what nobody sees, and is nothing when nothing is left", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    for (const nothing of ["\u2800", "\u200b\u200b\u200b", "\u2060 \u00ad", "\u3164"]) {
      await screen.composer.fill("something");
      await eventually(() => screen.sendButton.isDisabled()).toBe(false);
      await screen.composer.fill(nothing);
      await eventually(() => screen.sendButton.isDisabled(), JSON.stringify(nothing)).toBe(true);
    }
    for (const [pasted, kept] of [
      ["first line\u000bsecond line", "first line\nsecond line"],
      ["\u001b[32mok\u001b[0m", "ok"],
    ] as const) {
      await screen.composer.fill(pasted);
      await screen.composer.press("Enter");
      await seen(screen.tick(kept.split("\n")[0]!, "Sent"));
      await eventually(async () => (await host.readRoom(va, roomId)).at(-1)?.content).toBe(kept);
    }
  });
});

describe("a name", () => {
  journey("does not turn the sentence that says who is typing", async ({ devices, host, server }) => {
    const [va, max, third] = [
      await host.makePerson("va"),
      await host.makePerson("company", TURNING),
      await host.makePerson("company"),
    ];
    const roomId = await host.makeGroup("Team", [va, max, third]);
    const screen = await devices.signIn(va, {}, `/chat/${roomId}`);
    await screen.whenJoined(roomId);
    const other = await Correspondent.connect(server, max);
    await other.startTyping(roomId);
    const header = screen.page.locator("header").getByText("is typing…").first();
    await seen(header);
    await expectForwards(header, "is typing…");
    other.close();
  });

  journey("of a group reads by its own direction wherever it stands", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    const title = "צוות (2)!";
    await host.makeGroup(title, [va, await host.makePerson("company"), await host.makePerson("company")]);
    const screen = await devices.signIn(va);
    const row = screen.entry(title);
    await row.click();
    await eventually(() => screen.page.title()).toBe(`\u2068${title}\u2069 · Hyred Chat`);
    for (const part of [row, screen.page.locator(".hc-conversation-header")]) {
      await seen(part.getByText(title));
      const [first, last] = [await boxOf(part, "צ", title), await boxOf(part, "!", title)];
      expect(last.x).toBeLessThan(first.x);
    }
  });

  journey(
    "does not turn the message beside it in the list, nor the message its name",
    async ({ devices, host, server }) => {
      const va = await host.makePerson("va");
      const third = await host.makePerson("company");
      const screen = await devices.signIn(va);
      for (const [name, text, isReadFromLeft] of [
        [TURNING, "Total 250 USD (net).", true],
        [HEBREW, "Ready (soon)!", true],
        ["Max", "שלום (ok)!", false],
      ] as const) {
        const sender = await host.makePerson("company", name);
        const roomId = await host.makeGroup(`Room of ${sender.id}`, [va, sender, third]);
        const writer = await Correspondent.connect(server, sender);
        await writer.send(roomId, text);
        writer.close();
        const row = screen.entry(`Room of ${sender.id}`);
        await seen(row.getByText(text));
        const [first, last] = [await boxOf(row, text.slice(0, 1), text), await boxOf(row, text.slice(-1), text)];
        if (isReadFromLeft) expect(first.x, text).toBeLessThan(last.x);
        else expect(last.x, text).toBeLessThan(first.x);
      }
    },
  );
});

/** Its letters stand in the order in which they are read. */
async function expectForwards(part: Locator, text: string): Promise<void> {
  const [first, last] = [await boxOf(part, text.slice(0, 2)), await boxOf(part, text.slice(-1))];
  expect(first.x).toBeLessThan(last.x);
}

/** Where a text stands: the first that is found, or the last within another. */
function boxOf(part: Locator, text: string, within?: string): Promise<DOMRect> {
  return part.evaluate(
    (element, [wanted, around]) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const content = node.nodeValue ?? "";
        const base = around === undefined ? 0 : content.indexOf(around);
        const start =
          around === undefined
            ? content.indexOf(wanted)
            : base + (around.startsWith(wanted) ? 0 : around.lastIndexOf(wanted));
        if (base < 0 || start < 0 || !content.includes(wanted)) continue;
        const range = new Range();
        range.setStart(node, start);
        range.setEnd(node, start + wanted.length);
        return range.getBoundingClientRect().toJSON() as DOMRect;
      }
      throw new Error(`“${wanted}” is not there.`);
    },
    [text, within] as const,
  );
}
