/** On a phone: one pane, big targets, the way back. */
import { describe, expect } from "vitest";

import { PHONE } from "../harness/devices";
import { fill } from "../harness/talk";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { eventually, gone, seen } from "../harness/waiting";

const TOUCH_PX = 44;

describe("on a phone", () => {
  journey("there is one pane, and a way back by button and by gesture", async ({ devices, host }) => {
    const { va, company } = await host.makePair();
    const screen = await devices.signIn(va, PHONE);
    await screen.entry(company.name).tap();
    await seen(screen.conversationWith(company.name));
    await gone(screen.entry(company.name));
    await screen.page.getByRole("button", { name: "Back to conversations" }).tap();
    await seen(screen.entry(company.name));
    await gone(screen.composer);
    await screen.entry(company.name).tap();
    await seen(screen.composer);
    await screen.page.goBack();
    await seen(screen.entry(company.name));
    await gone(screen.composer);
  });

  journey("Enter breaks the line, and the button sends", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId, PHONE);
    await screen.composer.pressSequentially("one");
    await screen.composer.press("Enter");
    await screen.composer.pressSequentially("two");
    expect(await screen.composer.inputValue()).toBe("one\ntwo");
    await screen.sendButton.tap();
    await seen(screen.tick("one", "Sent"));
  });

  journey("all that one touches is big enough, on every screen", async ({ devices, host, server }) => {
    const pair = await host.makePair();
    const { va, company } = pair;
    await fill(server, pair, 40);
    const signIn = await devices.openTab(await devices.unpack(PHONE), "/");
    await seen(signIn.page.getByRole("button").first());
    expect(await smallTargets(signIn)).toEqual([]);
    const screen = await devices.signIn(va, PHONE);
    await seen(screen.entry(company.name));
    expect(await smallTargets(screen)).toEqual([]);
    await screen.entry(company.name).tap();
    await seen(screen.composer);
    expect(await smallTargets(screen)).toEqual([]);
  });

  journey("the message that is being written stays above the keyboard", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId, PHONE);
    await screen.composer.tap();
    await screen.page.setViewportSize({ width: 390, height: 420 }); // what `interactive-widget` leaves of the page
    const bottom = async () => {
      const box = await screen.composer.boundingBox();
      return (box?.y ?? Infinity) + (box?.height ?? 0);
    };
    await eventually(bottom).toBeLessThanOrEqual(420);
    const content = await screen.page.locator("meta[name=viewport]").getAttribute("content");
    expect(content).toContain("interactive-widget=resizes-content");
    expect(content).not.toMatch(/maximum-scale|user-scalable/);
  });
});

function smallTargets(screen: Screen): Promise<string[]> {
  return screen.page.evaluate((least) => {
    const touched = document.querySelectorAll("button, a[href], textarea, input, [role=menuitem], [role=button]");
    return [...touched]
      .filter((element) => !element.matches(".hc-hidden")) // for screen readers, which press for the finger
      .filter((element) =>
        element.checkVisibility({
          visibilityProperty: true,
          opacityProperty: true,
        }),
      )
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > 0 && box.top < innerHeight) // what waits outside comes with the keyboard's focus
      .filter(({ box }) => box.width > 0 && (box.width < least - 0.5 || box.height < least - 0.5))
      .map(
        ({ element, box }) => `${element.getAttribute("aria-label") ?? element.textContent} ${box.width}×${box.height}`,
      );
  }, TOUCH_PX);
}
