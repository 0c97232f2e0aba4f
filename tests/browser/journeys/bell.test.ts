/** The bell: the same list on every device, from the server. */
import { describe, expect } from "vitest";

import { whileTimeStands } from "../harness/clock";
import { Correspondent } from "../harness/correspondent";
import { WITH_WORKER } from "../harness/devices";
import { journey } from "../harness/journey";
import { focusedName, tabTo } from "../harness/keyboard";
import { eventually, gone, seen } from "../harness/waiting";

describe("the bell", () => {
  journey(
    "has the host's news after a reload and on another device, also what came while nobody was there, and no messages",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const other = await Correspondent.connect(server, company);
      await other.send(roomId, "While you were away");
      await host.notify([va], "A job for you");
      await eventually(() => host.listNotifications(va)).toContain("While you were away");
      const desk = await devices.signIn(va);
      await seen(desk.bellWith(1), desk.unreadEntry(company.name, 1));
      await desk.page.reload();
      await seen(desk.bellWith(1));
      const phone = await devices.signIn(va);
      for (const screen of [desk, phone]) {
        const bell = await screen.openBell();
        await seen(bell.getByText("A job for you", { exact: true }));
        expect(await bell.getByRole("listitem").count()).toBe(1);
      }
      other.close();
    },
  );

  journey("has a number that leaves the bell to be seen", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    for (let job = 1; job <= 10; job++) await host.notify([va], `Job ${job}`);
    const screen = await devices.signIn(va);
    await seen(screen.bellWith(10), screen.bell.getByText("9+", { exact: true }));
  });

  journey(
    "opens a list that can be left, however narrow the window and in either language",
    async ({ devices, host }) => {
      const va = await host.makePerson("va");
      await host.notify([va], "A job for you");
      for (const locale of ["en-US", "es-ES"]) {
        const { page } = await devices.openTab(await devices.unpack({ locale }, va), "/chat");
        await page.getByRole("button", { name: /^Notifica(tions|ciones), 1/ }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("listitem").waitFor();
        for (const width of [320, 375, 430, 1280]) {
          await page.setViewportSize({ width, height: 700 });
          // Where they are, with nothing scrolled: what hangs over the edge cannot be reached by hand.
          const edges = () =>
            dialog.evaluate((frame) => {
              const right = frame.getBoundingClientRect().right;
              const buttons = [...frame.querySelectorAll(".hc-dialog__header button")];
              return buttons.map((button) => button.getBoundingClientRect().right <= right);
            });
          await eventually(edges, `${locale}, ${width} px`).toEqual([true, true, true]);
        }
      }
    },
  );

  journey("loses on all devices what is read on one", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    const [desk, phone] = [await devices.signIn(va), await devices.signIn(va)];
    await host.notify([va], "A job for you");
    await seen(desk.bellWith(1), phone.bellWith(1));
    await phone.openBell();
    await phone.markRead("A job for you");
    await seen(desk.bellWith(0), phone.bellWith(0));
    await eventually(() => host.listNotifications(va, { unread: true })).toEqual([]);
    await desk.page.reload();
    await seen((await desk.openBell()).getByText("A job for you", { exact: true }), desk.bellWith(0));
  });

  journey(
    "marks all as read, everywhere and for good, and reads no messages by that",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const [desk, phone] = [await devices.signIn(va), await devices.signIn(va)];
      await seen(desk.entry(company.name), phone.entry(company.name));
      const other = await Correspondent.connect(server, company);
      await other.send(roomId, "A message");
      await host.notify([va], "One of two");
      await host.notify([va], "Two of two");
      await seen(desk.bellWith(2), phone.bellWith(2));
      const bell = await desk.openBell();
      await bell.getByRole("button", { name: "Mark all as read" }).click();
      await gone(bell.getByRole("button", { name: "Mark all as read" }));
      await seen(phone.bellWith(0));
      await eventually(() => host.listNotifications(va, { unread: true })).toEqual(["A message"]);
      await desk.page.reload();
      await seen((await desk.openBell()).getByText("One of two"), desk.bellWith(0));
      await seen(desk.unreadEntry(company.name, 1));
      other.close();
    },
  );

  journey("is quiet about a burst of messages, of which one toast tells", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.signIn(va);
    const other = await Correspondent.connect(server, company);
    await whileTimeStands(screen.page, async () => {
      await other.sendAll(roomId, ["one", "two", "three"]);
      await seen(screen.toasts.getByText("three"));
      expect(await screen.toasts.getByRole("button", { name: "Dismiss", exact: true }).count()).toBe(1);
    });
    await seen(screen.unreadEntry(company.name, 3), screen.bellWith(0));
    await seen((await screen.openBell()).getByText("Nothing new"));
    await gone(screen.toasts.getByText("three")); // what lies behind an open dialog cannot be used
    other.close();
  });

  journey("keeps its list without a network, and what was read there is read afterwards", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    const screen = await devices.signIn(va, WITH_WORKER);
    await host.notify([va], "Read on a train");
    await seen(screen.bellWith(1));
    await screen.loseNetwork();
    await screen.openBell();
    await screen.markRead("Read on a train");
    await seen(screen.bellWith(0));
    await screen.findNetwork();
    await eventually(() => host.listNotifications(va, { unread: true })).toEqual([]);
  });
});

describe("a part of the app that is not there yet", () => {
  journey("says so without a network, and is there when that is back", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    // As on the first visit: no service worker has the app, and the page had no time to fetch what it may need.
    const context = await devices.unpack({}, va);
    await context.addInitScript(() => (window.requestIdleCallback = () => 0));
    const screen = await devices.openTab(context, "/chat");
    await screen.whenOnline();
    await host.notify([va], "A quiet word");
    await seen(screen.bellWith(1));
    await screen.loseNetworkEarly();
    const bell = await screen.openBell();
    await seen(bell.getByRole("button", { name: "Load again" }));
    await screen.findNetwork();
    await seen(bell.getByText("A quiet word"));
  });
});

describe("by keyboard alone", () => {
  journey("one opens the bell, changes a preference, and is back at the bell", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    const screen = await devices.signIn(va);
    const { page } = screen;
    await screen.bell.focus();
    await page.keyboard.press("Enter");
    await seen(page.getByRole("dialog", { name: "Notifications" }));
    await tabTo(page, /^Notification preferences$/);
    await page.keyboard.press("Enter");
    await seen(
      page.getByRole("switch", {
        name: "Push: Chat messages",
        checked: true,
      }),
    );
    await tabTo(page, /^Push: Chat messages$/);
    await page.keyboard.press("Space");
    await seen(
      page.getByRole("switch", {
        name: "Push: Chat messages",
        checked: false,
      }),
    );
    await eventually(async () => (await host.readPreferences(va)).types.chat_message?.push).toBe(false);
    await page.keyboard.press("Escape");
    await gone(page.getByRole("dialog"));
    await eventually(() => focusedName(page)).toBe("Notifications");
  });

  journey("one mutes a conversation, and unmutes it", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const { page } = screen;
    const muted = page.getByRole("main").getByRole("img", { name: /^Muted until/ });
    await page.getByRole("button", { name: "Conversation menu" }).focus();
    await page.keyboard.press("Enter");
    await eventually(() => focusedName(page)).toBe("Mark as unread");
    for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowDown");
    await eventually(() => focusedName(page)).toBe("Mute for 8 hours");
    await page.keyboard.press("Enter");
    await seen(muted);
    await eventually(() => focusedName(page)).toBe("Conversation menu");
    await page.reload();
    await seen(muted);
    await page.getByRole("button", { name: "Conversation menu" }).focus();
    await page.keyboard.press("Enter");
    await eventually(() => focusedName(page)).toBe("Mark as unread");
    for (let step = 0; step < 2; step++) await page.keyboard.press("ArrowDown");
    await eventually(() => focusedName(page)).toBe("Unmute");
    await page.keyboard.press("Enter");
    await gone(muted);
  });
});
