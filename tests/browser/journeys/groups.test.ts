/** Groups that people make: who is in them, what they may do there, and who they are. */
import type { Locator } from "playwright-core";
import { describe } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { PHONE, WITH_WORKER } from "../harness/devices";
import type { Host, Person } from "../harness/host";
import { journey } from "../harness/journey";
import { focusedName, tabTo } from "../harness/keyboard";
import { startingWith } from "../harness/screen";
import type { Server } from "../harness/server";
import { eventually, gone, seen } from "../harness/waiting";

describe("a group", () => {
  journey("is made of people who are found, and is there for them at once", async ({ devices, host }) => {
    const [va, company, colleague] = await three(host);
    const [mine, theirs] = [await devices.signIn(va), await devices.signIn(company, PHONE)];
    await mine.page.getByRole("button", { name: "New conversation" }).first().click();
    const dialog = mine.page.getByRole("dialog", { name: "New conversation" });
    await dialog.getByRole("button", { name: /^New group/ }).click();
    await choose(dialog, company);
    await choose(dialog, colleague);
    await dialog.getByRole("button", { name: `Leave out ${colleague.name}` }).click();
    await choose(dialog, colleague);
    await dialog.getByRole("button", { name: "Next" }).click();
    await dialog.getByRole("textbox", { name: "Name of the group" }).fill("Spring campaign");
    await dialog.getByRole("button", { name: "Make group" }).click();
    await mine.whenOpen("Spring campaign");
    await seen(mine.log.getByText(/^You created the group/), theirs.entry("Spring campaign"));
    await theirs.entry("Spring campaign").tap();
    await theirs.whenOpen("Spring campaign");
    await seen(theirs.log.getByText(`${va.name} created the group`), theirs.page.getByText("3 members"));
  });

  journey("is made by keys alone", async ({ devices, host }) => {
    const [va, company] = await three(host);
    const { page } = await devices.signIn(va);
    await tabTo(page, /^New conversation$/);
    await page.keyboard.press("Enter");
    await tabTo(page, /^New group/);
    await page.keyboard.press("Enter");
    await eventually(() => focusedName(page)).toBe("Search people");
    await page.keyboard.type(company.name);
    await seen(page.getByRole("checkbox", { name: startingWith(company.name) }));
    await page.keyboard.press("Enter");
    await seen(page.getByRole("button", { name: `Leave out ${company.name}` }));
    await tabTo(page, /^Next$/);
    await page.keyboard.press("Enter");
    await eventually(() => focusedName(page)).toBe("Name of the group");
    await page.keyboard.type("By keys");
    await page.keyboard.press("Enter");
    await seen(page.getByRole("main", { name: "Conversation with By keys" }));
  });

  journey("is renamed, and its people are added and removed, live for all", async ({ devices, host }) => {
    const [va, company, colleague] = await three(host);
    const roomId = await host.startGroup(va, "Spring", [company]);
    const [mine, theirs] = [await devices.openRoom(va, roomId), await devices.openRoom(company, roomId)];
    const [info, theirInfo] = [mine.info, theirs.info];
    await seen(theirInfo.getByRole("heading", { name: "2 members" }));
    await gone(
      theirInfo.getByRole("button", { name: "Rename" }),
      theirInfo.getByRole("button", { name: "Add people" }),
    );

    await info.getByRole("button", { name: "Rename" }).click();
    const rename = mine.page.getByRole("dialog", { name: "Rename the group" });
    await rename.getByRole("textbox", { name: "Name of the group" }).fill("Summer");
    await rename.getByRole("button", { name: "Save" }).click();
    await gone(rename);
    await seen(theirs.conversationWith("Summer"), theirs.log.getByText(/named the group .*Summer/));

    await info.getByRole("button", { name: "Add people" }).click();
    const add = mine.page.getByRole("dialog", { name: "Add people to Summer" });
    await add.getByRole("searchbox", { name: "Search people" }).fill(company.name);
    await seen(add.getByText("Is in the group"));
    await choose(add, colleague);
    await add.getByRole("button", { name: "Add", exact: true }).click();
    await gone(add);
    await seen(theirInfo.getByRole("button", { name: startingWith(colleague.name) }));
    await seen(theirs.log.getByText(`${va.name} added ${colleague.name}`));

    await info.getByRole("button", { name: startingWith(colleague.name) }).click();
    const person = mine.page.getByRole("dialog", { name: "Profile" });
    await person.getByRole("button", { name: "Remove from the group…" }).click();
    await mine.page
      .getByRole("dialog", { name: `Remove ${colleague.name}?` })
      .getByRole("button", { name: "Remove" })
      .click();
    await gone(person);
    await seen(theirInfo.getByRole("heading", { name: "2 members" }));
  });

  journey("has roles that are given, and what they do not allow is told", async ({ devices, host }) => {
    const [va, company, colleague] = await three(host);
    const roomId = await host.startGroup(va, "Roles", [company, colleague]);
    const [mine, theirs] = [await devices.openRoom(va, roomId), await devices.openRoom(company, roomId)];
    await mine.info.getByRole("button", { name: startingWith(company.name) }).click();
    const person = mine.page.getByRole("dialog", { name: "Profile" });
    await person.getByRole("button", { name: "Make admin" }).click();
    await seen(person.getByText(/· Admin/), theirs.log.getByText("You are now an admin"));
    await theirs.info.getByRole("button", { name: "Rename" }).click();
    await host.giveRole(va, roomId, company, "member");
    await gone(theirs.info.getByRole("button", { name: "Add people" }));
    const rename = theirs.page.getByRole("dialog", { name: "Rename the group" });
    theirs.guard.allow(/status of 403/);
    await rename.getByRole("textbox").fill("Mine now");
    await rename.getByRole("button", { name: "Save" }).click();
    await seen(rename.getByText("Your role in this group does not allow that."));
  });

  journey("is left after a word about it, on a phone", async ({ devices, host }) => {
    const [va, company, colleague] = await three(host);
    const roomId = await host.startGroup(va, "For a while", [company, colleague]);
    const [mine, theirs] = [await devices.openRoom(va, roomId, PHONE), await devices.openRoom(company, roomId)];
    await mine.page.getByRole("button", { name: "Profile of For a while" }).tap();
    const sheet = mine.page.getByRole("dialog", { name: "Profile" });
    await sheet.getByRole("button", { name: "Leave the group…" }).tap();
    await mine.page.getByRole("dialog", { name: "Leave For a while?" }).getByRole("button", { name: "Leave" }).tap();
    await gone(sheet, mine.entry("For a while"));
    await seen(mine.list, mine.page.getByText("You left For a while"));
    await seen(theirs.log.getByText(`${va.name} left the group`), theirs.log.getByText("You now own the group"));
    await seen(theirs.info.getByRole("button", { name: "Add people" }));
  });

  journey("is left without a network, and once there is one", async ({ devices, host }) => {
    const [va, company] = await three(host);
    const roomId = await host.startGroup(company, "Far away", [va]);
    const [mine, theirs] = [await devices.openRoom(va, roomId, WITH_WORKER), await devices.openRoom(company, roomId)];
    await mine.loseNetwork();
    await mine.info.getByRole("button", { name: "Leave the group…" }).click();
    await mine.page.getByRole("dialog", { name: "Leave Far away?" }).getByRole("button", { name: "Leave" }).click();
    await gone(mine.entry("Far away"), mine.info);
    await seen(theirs.info.getByRole("heading", { name: "2 members" }));
    await mine.findNetwork();
    await seen(theirs.log.getByText(`${va.name} left the group`));
  });

  journey("of many is searched for its members", async ({ devices, host }) => {
    const va = await host.makePerson("va");
    const others = await Promise.all(Array.from({ length: 12 }, () => host.makePerson("company")));
    const roomId = await host.startGroup(va, "Everybody", [...others, await host.makePerson("va", "Zoë Ångström")]);
    const screen = await devices.openRoom(va, roomId);
    await screen.info.getByRole("searchbox", { name: "Search members" }).fill("angst");
    await seen(screen.info.getByRole("button", { name: startingWith("Zoë Ångström") }));
    await gone(screen.info.getByRole("button", { name: startingWith(others[0]!.name) }));
    await screen.info.getByRole("searchbox", { name: "Search members" }).fill("nobody at all");
    await seen(screen.info.getByText("Nobody here is called so."));
  });
});

describe("a message in a group", () => {
  journey("tells its sender who has read it and when, and who has not", async ({ devices, host }) => {
    const [va, company, colleague] = await three(host);
    const roomId = await host.startGroup(va, "Spring", [company, colleague]);
    const mine = await devices.openRoom(va, roomId);
    await mine.send("Who reads this?");
    await seen(mine.tick("Who reads this?", "Sent"));
    const menu = await mine.openActions("Who reads this?");
    await menu.getByRole("menuitem", { name: "Who has read it" }).click();
    const dialog = mine.page.getByRole("dialog", { name: "Who has read it" });
    await seen(dialog.getByText("Nobody has read it yet."));
    const theirs = await devices.openRoom(company, roomId, PHONE);
    await seen(theirs.message("Who reads this?"));
    const reader = dialog.getByRole("listitem").filter({ hasText: company.name });
    await seen(reader.getByText("now"), dialog.getByRole("heading", { name: "Not read yet" }));
    await seen(dialog.getByRole("listitem").filter({ hasText: colleague.name }));
    const others = await theirs.openActions("Who reads this?");
    await gone(others.getByRole("menuitem", { name: "Who has read it" }));
  });
});

describe("somebody in a group", () => {
  journey("has a profile, from which one writes to them", async ({ devices, host, server }) => {
    const [va, company, colleague] = await three(host);
    await host.describe(company, {
      headline: "Runs a small shop",
      timeZone: "Asia/Manila",
      workingHours: { from: "09:00", until: "17:00" },
    });
    const roomId = await host.startGroup(va, "Spring", [company, colleague]);
    await say(server, company, roomId, "Good morning");
    const screen = await devices.openRoom(va, roomId);
    await screen.message("Good morning").getByText(company.name).click();
    const profile = screen.page.getByRole("dialog", { name: "Profile" });
    await seen(profile.getByText("Runs a small shop"), profile.getByText("8 hours ahead of you"));
    await seen(profile.getByText("Mon–Fri, 9:00 AM–5:00 PM"), profile.getByText(/1:00 AM–9:00 AM your time/));
    await profile.getByRole("button", { name: "Message" }).click();
    await screen.whenOpen(company.name);
    await screen.send("And to you");
  });

  journey("is met by keys, from the menu of a message", async ({ devices, host, server }) => {
    const [va, company, colleague] = await three(host);
    const roomId = await host.startGroup(va, "Spring", [company, colleague]);
    await say(server, company, roomId, "Good morning");
    const screen = await devices.openRoom(va, roomId);
    await seen(screen.message("Good morning"));
    await screen.log.focus();
    await screen.page.keyboard.press("Enter");
    await screen.page.keyboard.press("Enter");
    await screen.page.getByRole("menuitem", { name: `Profile of ${company.name}` }).press("Enter");
    await seen(screen.page.getByRole("dialog", { name: "Profile" }).getByText(company.name));
    await screen.page.keyboard.press("Escape");
    await gone(screen.page.getByRole("dialog"));
  });
});

describe("what is told of a conversation", () => {
  journey("has its pins, which lead to their messages, and its search", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const writer = await Correspondent.connect(server, company);
    await writer.send(roomId, "The very first words");
    await writer.sendAll(
      roomId,
      Array.from({ length: 120 }, (_, index) => `Number ${index}`),
    );
    writer.close();
    const [first] = await host.readRoom(va, roomId);
    await host.pin(va, roomId, first!.id);
    const phone = await devices.openConversation(va, company, roomId, PHONE);
    await phone.page.getByRole("button", { name: `Profile of ${company.name}` }).tap();
    const sheet = phone.page.getByRole("dialog", { name: "Profile" });
    await sheet.getByRole("button", { name: /The very first words$/ }).tap();
    await gone(sheet);
    await seen(phone.message("The very first words"));
    await phone.page.getByRole("button", { name: `Profile of ${company.name}` }).tap();
    await sheet.getByRole("button", { name: "Search", exact: true }).tap();
    await gone(sheet);
    await eventually(() => focusedName(phone.page)).toBe("Search in this conversation");
  });

  journey("mutes and archives it", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const info = screen.info;
    await info.getByRole("button", { name: "Mute" }).click();
    await screen.page.getByRole("menuitem", { name: "Mute for 8 hours" }).click();
    await seen(info.getByRole("button", { name: "Unmute" }));
    await info.getByRole("button", { name: "Archive" }).click();
    await gone(screen.entry(company.name));
    await info.getByRole("button", { name: "Bring back" }).click();
    await seen(screen.entry(company.name));
  });
});

async function three(host: Host): Promise<readonly [Person, Person, Person]> {
  return [await host.makePerson("va"), await host.makePerson("company"), await host.makePerson("va")];
}

async function choose(dialog: Locator, person: Person): Promise<void> {
  await dialog.getByRole("searchbox", { name: "Search people" }).fill(person.name);
  await dialog.getByRole("checkbox", { name: startingWith(person.name) }).check();
  await seen(dialog.getByRole("button", { name: `Leave out ${person.name}` }));
}

async function say(server: Server, person: Person, roomId: string, text: string): Promise<void> {
  const writer = await Correspondent.connect(server, person);
  await writer.send(roomId, text);
  writer.close();
}
