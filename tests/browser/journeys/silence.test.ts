/** What makes no push: reading in time, muting, and what one has chosen. */
import { describe, expect } from "vitest";

import { whileTimeStands } from "../harness/clock";
import { Correspondent } from "../harness/correspondent";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { eventually, seen } from "../harness/waiting";

describe("no push comes", () => {
  journey("for what was read in time", async ({ devices, host, reach }) => {
    const { va, company, roomId } = await host.makePair();
    const { screen, browser } = await reach(va);
    await screen.open(company.name);
    const other = await devices.openConversation(company, va, roomId);
    await other.send("You see it");
    await seen(other.tick("You see it", "Read"));
    await screen.page.close();
    await other.send("You do not");
    expect((await browser.takePush()).body).toBe("You do not");
  });

  journey("from a conversation that is muted, nor a toast", async ({ host, server, reach }) => {
    const { va, company, roomId } = await host.makePair();
    const loud = await host.makePerson("company");
    const loudRoom = await host.makeRoom(va, loud);
    const { screen, browser } = await reach(va);
    await screen.open(company.name);
    await screen.page.getByRole("button", { name: "Conversation menu" }).click();
    await screen.page.getByRole("menuitem", { name: "Mute for 1 hour" }).click();
    await seen(screen.page.getByRole("img", { name: /^Muted until/ }));
    await screen.page.goto("/chat");
    await screen.whenOnline();
    await seen(screen.entry(company.name).getByRole("img", { name: /^Muted until/ })); // the page knows it, too
    const [muted, other] = [await Correspondent.connect(server, company), await Correspondent.connect(server, loud)];
    await muted.send(roomId, "Not a sound");
    await seen(screen.unreadEntry(company.name, 1));
    await whileTimeStands(screen.page, async () => {
      await other.send(loudRoom, "Hear me");
      await seen(screen.toasts.getByText("Hear me"));
      expect(await screen.toasts.getByText("Not a sound").count()).toBe(0);
    });
    expect((await browser.takePush()).body).toBe("Hear me");
    muted.close();
    other.close();
  });

  journey("from a muted conversation before the page knows of it, as a toast", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const loud = await host.makePerson("company");
    const loudRoom = await host.makeRoom(va, loud);
    await host.mute(va, roomId);
    const context = await devices.unpack({}, va);
    let answer: () => void = () => undefined;
    const isTime = new Promise<void>((resolve) => (answer = resolve));
    await context.route("**/api/notifications/preferences", (route) => isTime.then(() => route.continue()));
    const screen = await devices.openTab(context, "/chat");
    await screen.whenOnline();
    const [muted, other] = [await Correspondent.connect(server, company), await Correspondent.connect(server, loud)];
    await muted.send(roomId, "Not a sound");
    await other.send(loudRoom, "Hear me");
    await seen(screen.unreadEntry(company.name, 1), screen.unreadEntry(loud.name, 1));
    await whileTimeStands(screen.page, async () => {
      answer();
      await seen(screen.toasts.getByText("Hear me"));
      expect(await screen.toasts.getByText("Not a sound").count()).toBe(0);
    });
    muted.close();
    other.close();
  });

  journey("of a type that one does not want pushed", async ({ devices, host, server, reach }) => {
    const { va, company, roomId } = await host.makePair();
    const { screen, browser } = await reach(va);
    await screen.openPreferences();
    await turn(screen, "Push: Chat messages", false);
    await eventually(async () => (await host.readPreferences(va)).types.chat_message?.push).toBe(false);
    await screen.page.close();
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "Only in the list");
    await host.notify([va], "A job for you");
    expect((await browser.takePush()).title).toBe("A job for you");
    await eventually(() => host.listNotifications(va)).toContain("Only in the list");
    const again = await devices.openTab(screen.page.context(), "/chat");
    const bell = await again.openBell();
    await seen(bell.getByText("A job for you", { exact: true }), again.unreadEntry(company.name, 1));
    other.close();
  });

  journey("in quiet hours, and again after them", async ({ devices, host, reach }) => {
    const { va } = await host.makePair();
    const { screen, browser } = await reach(va);
    const hours = { from: clock(-1), until: clock(2) };
    const preferences = await screen.openPreferences();
    await turn(screen, "Quiet hours", true);
    await preferences.getByLabel("From", { exact: true }).fill(hours.from);
    const stored = () => host.readPreferences(va);
    await preferences.getByLabel("From", { exact: true }).blur();
    await eventually(async () => (await stored()).quietHours?.from).toBe(hours.from);
    await preferences.getByLabel("Until", { exact: true }).fill(hours.until);
    await preferences.getByLabel("Until", { exact: true }).blur();
    await eventually(async () => (await stored()).quietHours).toEqual(hours);
    expect((await stored()).timeZone).toBe("UTC");
    await screen.page.close();
    const notice = await host.notify([va], "A job in the night");
    await eventually(() => host.readReason(notice)).toBe("quiet_hours");
    const again = await devices.openTab(screen.page.context(), "/chat");
    await seen(again.bellWith(1));
    await again.openPreferences();
    await turn(again, "Quiet hours", false);
    await eventually(async () => (await stored()).quietHours).toBeNull();
    await again.page.close();
    await host.notify([va], "A job in the morning");
    expect((await browser.takePush()).title).toBe("A job in the morning");
  });

  journey("with the text of a message, when one does not want that", async ({ host, server, reach }) => {
    const { va, company, roomId } = await host.makePair();
    const { screen, browser } = await reach(va);
    await screen.openPreferences();
    await turn(screen, "Show message text in notifications", false);
    await eventually(async () => (await host.readPreferences(va)).preview).toBe(false);
    await screen.page.close();
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "Between you and me");
    expect(JSON.stringify(await browser.takeShown())).not.toContain("Between you and me");
    other.close();
  });
});

async function turn({ page }: Screen, name: string, isOn: boolean): Promise<void> {
  const button = page.getByRole("switch", { name, exact: true });
  await button.click();
  await seen(page.getByRole("switch", { name, exact: true, checked: isOn }));
}

/** The time in so many hours, in UTC. */
function clock(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 13) + ":30";
}
