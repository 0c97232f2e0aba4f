/** What reaches people who are not looking: badges, the title, toasts and the bell. */
import { describe, expect } from "vitest";

import { whileTimeStands } from "../harness/clock";
import { Correspondent } from "../harness/correspondent";
import { journey } from "../harness/journey";
import { lookAway, lookBack } from "../harness/visibility";
import { eventually, gone, seen } from "../harness/waiting";

describe("unread messages", () => {
  journey("are counted in the list and in the title until they are read", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.signIn(va);
    await seen(screen.entry(company.name));
    await eventually(() => screen.page.title()).toBe("Hyred Chat");
    const other = await Correspondent.connect(server, company);
    await other.sendAll(roomId, ["one", "two", "three"]);
    await seen(screen.unreadEntry(company.name, 3));
    await eventually(() => screen.page.title()).toBe("(3) Hyred Chat");
    await screen.open(company.name);
    await eventually(() => screen.page.title()).toBe(`${company.name} · Hyred Chat`);
    await gone(screen.unreadEntry(company.name, 3));
    await seen(screen.newMessagesLine);
    other.close();
  });

  journey("move their conversation to the top of the list", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const busy = await host.makePerson("company");
    const busyRoom = await host.makeRoom(va, busy);
    const [one, two] = [await Correspondent.connect(server, company), await Correspondent.connect(server, busy)];
    await one.send(roomId, "first");
    await two.send(busyRoom, "second");
    const screen = await devices.signIn(va);
    const order = () =>
      screen.list
        .getByRole("link")
        .filter({ hasText: /first|second|third/ })
        .allInnerTexts();
    await eventually(async () => (await order())[0]).toContain(busy.name);
    await one.send(roomId, "third");
    await eventually(async () => (await order())[0]).toContain(company.name);
    one.close();
    two.close();
  });

  journey("are not read while nobody looks, and are when somebody looks again", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    await lookAway(screen.page);
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "While you were away");
    await seen(screen.message("While you were away"));
    await eventually(() => screen.page.title()).toBe(`(1) ${company.name} · Hyred Chat`);
    await lookBack(screen.page);
    await eventually(() => screen.page.title()).toBe(`${company.name} · Hyred Chat`);
    other.close();
  });

  journey(
    "of other conversations show a toast, and a click on it opens the conversation",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const screen = await devices.signIn(va);
      await seen(screen.entry(company.name));
      const other = await Correspondent.connect(server, company);
      await whileTimeStands(screen.page, async () => {
        await other.send(roomId, "Look here");
        await seen(screen.toasts.getByText("Look here"));
        await screen.toasts.getByText(company.name).click();
      });
      await seen(screen.conversationWith(company.name), screen.message("Look here"));
      await gone(screen.toasts.getByText("Look here"));
      other.close();
    },
  );

  journey("show no toast in the conversation that is open", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "You see me already");
    await seen(screen.message("You see me already"));
    await whileTimeStands(screen.page, async () => {
      await host.notify([va], "A job for you");
      await seen(screen.toasts.getByText("A job for you"));
      expect(await screen.toasts.getByText("You see me already").count()).toBe(0);
    });
    other.close();
  });

  journey("have a toast that is dismissed by its button, and stay unread", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.signIn(va);
    await seen(screen.entry(company.name));
    const other = await Correspondent.connect(server, company);
    await whileTimeStands(screen.page, async () => {
      await other.send(roomId, "Dismiss me");
      await seen(screen.toasts.getByText("Dismiss me"));
      await screen.dismiss.click();
      await gone(screen.toasts.getByText("Dismiss me"));
    });
    await seen(screen.unreadEntry(company.name, 1));
    other.close();
  });

  journey("are read in every tab when their conversation is read in one", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const context = await devices.unpack({}, va);
    const here = await devices.openTab(context, "/chat");
    const there = await devices.openTab(context, "/chat");
    for (const screen of [here, there]) await screen.whenOnline();
    const other = await Correspondent.connect(server, company);
    await other.sendAll(roomId, ["one", "two"]);
    await seen(there.unreadEntry(company.name, 2));
    await here.open(company.name);
    for (const screen of [here, there]) {
      await gone(screen.unreadEntry(company.name, 2));
      await eventually(() => screen.page.title()).toMatch(/^[^(]*Hyred Chat$/);
    }
    other.close();
  });

  journey("read on one device are read on the other", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const desk = await devices.signIn(va);
    const phone = await devices.signIn(va);
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "On which one?");
    await seen(desk.unreadEntry(company.name, 1), phone.unreadEntry(company.name, 1));
    await phone.open(company.name);
    await gone(desk.unreadEntry(company.name, 1));
    other.close();
  });
});
