/** Messages of people who mean harm, or write in ways that break pages. */
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { PHONE } from "../harness/devices";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { seen } from "../harness/waiting";

const MARKUP = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script><b>bold</b>`;
const LINKS = "javascript:alert(1) data:text/html,<b>x</b> https://example.com/a?b=c&d=e#f, mail me";
const LONG_WORD = "W".repeat(1000);
const RIGHT_TO_LEFT = "שלום, מה שלומך? مرحبا بكم";
const OVERRIDE = "invoice\u202Efdp.exe\u202C is here";
const EMOJI = "👩🏽‍🚀🎉❤️";
const ALL = [MARKUP, LINKS, LONG_WORD, `https://example.com/${"x".repeat(900)}`, RIGHT_TO_LEFT, OVERRIDE, EMOJI];

describe("hostile text", () => {
  for (const [device, options] of [
    ["desk", {}],
    ["phone", PHONE],
  ] as const) {
    journey(`is shown as text on a ${device}, runs nothing and widens nothing`, async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const screen = await devices.openConversation(va, company, roomId, options);
      const writer = await Correspondent.connect(server, company);
      for (const text of ALL) {
        await writer.send(roomId, text);
        await seen(screen.message(text));
        expect(await overflowing(screen), text).toEqual([]);
        expect(await screen.log.locator("img[src='x'], script, b").count()).toBe(0);
      }
      writer.close();
      expect(await screen.page.title()).not.toContain("owned");
    });
  }

  journey(
    "makes links only of web addresses, which open elsewhere and tell nothing",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const writer = await Correspondent.connect(server, company);
      await writer.send(roomId, LINKS);
      writer.close();
      const screen = await devices.openConversation(va, company, roomId);
      await seen(screen.message("mail me"));
      const links = await screen.log
        .locator("a")
        .evaluateAll((found) => found.map((link) => ["href", "rel", "target"].map((name) => link.getAttribute(name))));
      expect(links).toEqual([["https://example.com/a?b=c&d=e#f", "noopener noreferrer nofollow", "_blank"]]);
    },
  );

  journey("in names stays text too", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    const evil = await host.makePerson("company", `<img src=x onerror=alert(1)> ${"Long ".repeat(30)}`.trim());
    const roomId = await host.makeRoom(va, evil);
    const screen = await devices.openConversation(va, evil, roomId);
    await seen(screen.entry(evil.name));
    expect(await screen.page.locator("img[src='x']").count()).toBe(0);
    expect(await overflowing(screen)).toEqual([]);
  });
});

/** What is wider than what holds it: the page, the messages, the bubbles. Clipped text (an ellipsis) is none. */
function overflowing(screen: Screen): Promise<string[]> {
  return screen.page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const isOutside = (element: Element): boolean => {
      const { left, right } = element.getBoundingClientRect();
      return right > width + 1 || left < -1;
    };
    const parts = [...document.querySelectorAll("[role=log] article, [role=log] article *, main, nav")];
    const wide = parts.filter(isOutside).map((element) => element.className || element.tagName);
    if (document.documentElement.scrollWidth > width) wide.push("the page scrolls sideways");
    const log = document.querySelector("[role=log]");
    if (log && log.scrollWidth > log.clientWidth) wide.push("the messages scroll sideways");
    return wide;
  });
}
