/** Each screen of the app with something on it, made from the demo world: for looking at, and for axe. */
import type { BrowserContextOptions } from "playwright-core";

import { openCamera, whenLive } from "./camera";
import { card, choose } from "./choosing";
import { whileTimeStands } from "./clock";
import { Correspondent } from "./correspondent";
import { WITH_WORKER, type Devices } from "./devices";
import { makePdf, makePhoto, makeVoice, sendFiles } from "./files";
import type { Host, Person } from "./host";
import { startingWith, type Screen } from "./screen";
import type { Strict } from "./journey";
import type { Server } from "./server";
import { eventually, gone, seen } from "./waiting";

export const MAYA = demoPerson("maya", "Maya Santos (demo)");
export const JUNIPER = demoPerson("juniper", "Juniper & Pine (demo)");
export const BRIGHTLINE = demoPerson("brightline", "Brightline Logistics (demo)");

export interface Stage {
  readonly devices: Devices;
  readonly host: Host;
  readonly server: Server;
  readonly strict: Strict;
  readonly options: BrowserContextOptions;
}

/** What to do to see it. The key names the picture. */
export const SCENES: Readonly<Record<string, (stage: Stage) => Promise<Screen>>> = {
  "sign-in": showSignIn,
  "sign-in-password": showPasswordForm,
  conversations: showList,
  "conversations-none": showEmptyList,
  conversation: showConversation,
  "conversation-offline": showOffline,
  "conversation-refused": showRefused,
  "conversation-none": showNoMessages,
  "conversation-files": showFiles,
  viewer: showViewer,
  "info-files": showAllFiles,
  group: showGroup,
  profile: showProfile,
  "info-group": showGroupInfo,
  "group-add": showAddPeople,
  "group-name": showGroupName,
  "group-picture": showGroupPicture,
  person: showPerson,
  readers: showReaders,
  "new-conversation": showNewConversation,
  search: showSearch,
  "search-filters": showSearchFilters,
  "search-none": showSearchNone,
  "search-conversation": showSearchInConversation,
  "account-menu": showMenu,
  toast: showToast,
  notifications: showNotifications,
  "notifications-none": showNoNotifications,
  preferences: showPreferences,
  settings: showSettings,
  "conversation-menu": showConversationMenu,
  "conversation-muted": showMuted,
  "row-menu": showRowMenu,
  "message-bar": showMessageBar,
  "message-reactors": showReactors,
  "message-mentions": showMentions,
  "message-reply": showReply,
  "message-files": showTray,
  "message-camera": showCamera,
  "not-found": showNothingThere,
};

async function showSignIn({ devices, options }: Stage): Promise<Screen> {
  const screen = await devices.openTab(await devices.unpack(options), "/");
  await seen(screen.page.getByRole("button", { name: startingWith(MAYA.name) }));
  return screen;
}

async function showPasswordForm({ devices, strict, options }: Stage): Promise<Screen> {
  const screen = await devices.openTab(await devices.unpack({ ...options, baseURL: strict.server.url }), "/");
  await seen(screen.page.getByLabel("E-mail"));
  return screen;
}

async function showList({ devices, options }: Stage): Promise<Screen> {
  const screen = await devices.signIn(MAYA, options);
  await seen(screen.entry(JUNIPER.name));
  return screen;
}

async function showEmptyList({ devices, host, options }: Stage): Promise<Screen> {
  return devices.signIn(await host.makePerson("va", "Noor Haddad"), options);
}

async function showConversation({ devices, host, options }: Stage): Promise<Screen> {
  const screen = await devices.openConversation(MAYA, JUNIPER, await host.makeRoom(MAYA, JUNIPER), options);
  await seen(screen.log.getByRole("article"));
  await gone(screen.unreadEntry(JUNIPER.name, 2));
  return screen;
}

/** What goes with the next message. */
async function showTray({ devices, host, options }: Stage): Promise<Screen> {
  const [va, company] = await makePeople(host);
  const screen = await devices.openConversation(va, company, await host.makeRoom(va, company), options);
  await choose(screen, [
    await makePhoto("The new shelf.jpg", { width: 1_600, height: 1_200 }),
    makePdf("Contract.pdf"),
  ]);
  await seen(card(screen, "The new shelf.jpg").getByText("Ready"), card(screen, "Contract.pdf").getByText("Ready"));
  await screen.composer.fill("Here they are. What do you think?");
  return screen;
}

/** What a camera sees. */
async function showCamera({ devices, host, options }: Stage): Promise<Screen> {
  const [va, company] = await makePeople(host);
  const screen = await devices.openConversation(va, company, await host.makeRoom(va, company), options);
  await whenLive(await openCamera(screen.page));
  return screen;
}

async function showOffline(stage: Stage): Promise<Screen> {
  const screen = await showConversation({ ...stage, options: { ...stage.options, ...WITH_WORKER } });
  await screen.loseNetwork();
  await screen.send("I am on the train. You will have it when I am back.");
  await seen(screen.banner);
  return screen;
}

async function showRefused({ devices, host, options }: Stage): Promise<Screen> {
  const [va, company] = await makePeople(host);
  const pair = { va, company, roomId: await host.makeRoom(va, company) };
  const screen = await devices.openConversation(pair.va, pair.company, pair.roomId, { ...options, ...WITH_WORKER });
  await screen.send("Thank you for the trial week!");
  await seen(screen.tick("Thank you for the trial week!", "Sent"));
  await screen.loseNetwork();
  await screen.send("Shall we go on next month?");
  await host.block(pair);
  await screen.findNetwork();
  await seen(screen.tick("Shall we go on next month?", "Not sent"));
  await gone(screen.banner.filter({ hasText: /./ }));
  return screen;
}

async function showNoMessages({ devices, host, options }: Stage): Promise<Screen> {
  const [va, company] = await makePeople(host);
  const screen = await devices.openConversation(va, company, await host.makeRoom(va, company), options);
  await seen(screen.page.getByText(`Say hello to ${company.name}`));
  return screen;
}

async function showFiles({ devices, host, server, options }: Stage): Promise<Screen> {
  const [va, company] = await makePeople(host);
  const roomId = await host.makeRoom(va, company);
  const photos = await Promise.all([2, 3, 5].map((seed) => makePhoto(`photo-${seed}.jpg`, { seed })));
  await sendFiles(server, company, roomId, photos, "The shop, as of this morning");
  await sendFiles(server, va, roomId, [makePdf("Offer for Cedar Studio.pdf")], "My offer");
  const { seq } = await sendFiles(server, company, roomId, [await makeVoice(4)]);
  await Correspondent.markRead(server, va, roomId, seq);
  const screen = await devices.openConversation(va, company, roomId, options);
  await seen(screen.log.getByRole("group", { name: /^Voice message/ }));
  await seen(screen.log.locator('.hc-picture__image[src^="blob:"]:not(.hc-picture__image--coming)').nth(2));
  return screen;
}

async function showViewer(stage: Stage): Promise<Screen> {
  const screen = await showFiles(stage);
  await screen.log.getByRole("button", { name: /1 of 3$/ }).click();
  const viewer = screen.page.getByRole("dialog");
  await seen(viewer.getByRole("heading", { name: "Photo 1 of 3" }), viewer.getByRole("img"));
  return screen;
}

async function showAllFiles(stage: Stage): Promise<Screen> {
  const screen = await showFiles(stage);
  const link = screen.page.getByRole("button", { name: "Photos, files and voice" });
  // Where it has no column of its own, the info is opened first.
  if (!(await link.isVisible())) await screen.page.getByRole("button", { name: /^Profile of/ }).click();
  await link.click();
  const dialog = screen.page.getByRole("dialog", { name: "Photos, files and voice" });
  await seen(dialog.locator('.hc-picture__image[src^="blob:"]:not(.hc-picture__image--coming)').nth(2));
  return screen;
}

async function showGroup({ devices, host, server, options }: Stage): Promise<Screen> {
  const people = await makePeople(host);
  const [va, ...companies] = people;
  const roomId = await host.makeGroup("Onboarding", people);
  for (const company of companies) {
    const writer = await Correspondent.connect(server, company);
    await writer.send(roomId, `Welcome from ${company.name}! The handbook is at https://handbook.example/start.`);
    writer.close();
  }
  const screen = await devices.signIn(va, options, `/chat/${roomId}`);
  await seen(screen.message("Welcome from"));
  return screen;
}

const HOURS = { from: "09:00", until: "17:30" };

/** A dialog but where it has a column of its own. */
async function showProfile({ devices, host, options }: Stage): Promise<Screen> {
  const [va, company] = await makePeople(host);
  const profile = { headline: "Small shop, kind people", timeZone: "America/Chicago", workingHours: HOURS };
  await host.describe(company, profile);
  const roomId = await host.makeRoom(va, company);
  const screen = await devices.openConversation(va, company, roomId, options);
  await screen.send("The password of the shop is in the vault, under Shop.");
  await seen(screen.tick("The password", "Sent"));
  const [message] = await host.readRoom(va, roomId);
  await host.pin(va, roomId, message!.id);
  await screen.page.getByRole("button", { name: `Profile of ${company.name}` }).click();
  await seen(screen.page.getByText("Small shop, kind people"), screen.page.getByRole("heading", { name: "Pinned" }));
  return screen;
}

/** As its owner sees it. */
async function showGroupInfo({ devices, host, options }: Stage): Promise<Screen> {
  const [va, ...companies] = await makePeople(host);
  const roomId = await host.startGroup(va, "Spring campaign", companies);
  await host.giveRole(va, roomId, companies[0]!, "admin");
  const screen = await devices.signIn(va, options, `/chat/${roomId}`);
  await screen.whenJoined(roomId);
  await screen.page.getByRole("button", { name: "Profile of Spring campaign" }).click();
  await seen(screen.page.getByRole("heading", { name: `${companies.length + 1} members` }));
  return screen;
}

async function showAddPeople(stage: Stage): Promise<Screen> {
  const screen = await showGroupInfo(stage);
  await screen.page.getByRole("button", { name: "Add people" }).click();
  await choosePerson(screen, BRIGHTLINE);
  return screen;
}

async function showGroupName(stage: Stage): Promise<Screen> {
  const screen = await showList(stage);
  await screen.page.getByRole("button", { name: "New conversation" }).first().click();
  await screen.page.getByRole("button", { name: /^New group/ }).click();
  await choosePerson(screen, JUNIPER);
  await choosePerson(screen, BRIGHTLINE);
  await screen.page.getByRole("button", { name: "Next" }).click();
  await screen.page.getByRole("textbox", { name: "Name of the group" }).fill("Spring campaign");
  return screen;
}

/** A square of a picture is being chosen for it. */
async function showGroupPicture(stage: Stage): Promise<Screen> {
  const screen = await showGroupInfo(stage);
  const { name, contentType, bytes } = await makePhoto("The shop.jpg", { width: 1_600, height: 1_000, seed: 3 });
  const input = screen.page.locator('input[type=file][aria-label="Picture"]');
  await input.setInputFiles({ name, mimeType: contentType, buffer: bytes });
  await seen(screen.page.getByRole("application", { name: "Part of the picture that is shown" }));
  return screen;
}

async function choosePerson({ page }: Screen, person: Person): Promise<void> {
  const dialog = page.getByRole("dialog").last();
  await dialog.getByRole("searchbox", { name: "Search people" }).fill(person.name.replace(/ \(.*/, ""));
  await dialog.getByRole("checkbox", { name: startingWith(person.name) }).check();
  await seen(dialog.getByRole("button", { name: `Leave out ${person.name}` }));
}

async function showReaders({ devices, host, server, options }: Stage): Promise<Screen> {
  const [va, company, other] = await makePeople(host);
  const roomId = await host.startGroup(va, "Spring campaign", [company, other]);
  const screen = await devices.signIn(va, options, `/chat/${roomId}`);
  await screen.whenJoined(roomId);
  await screen.send("The plan is ready.");
  await seen(screen.tick("The plan is ready.", "Sent"));
  const [message] = (await host.readRoom(va, roomId)).slice(-1);
  await Correspondent.markRead(server, company, roomId, message!.seq);
  const menu = await screen.openActions("The plan is ready.");
  await menu.getByRole("menuitem", { name: "Who has read it" }).click();
  await seen(screen.page.getByRole("dialog", { name: "Who has read it" }).getByText("now"));
  return screen;
}

/** Somebody of a group, as its owner sees them. */
async function showPerson({ devices, host, server, options }: Stage): Promise<Screen> {
  const [va, company] = await makePeople(host);
  const profile = { headline: "Small shop, kind people", timeZone: "Asia/Manila", workingHours: HOURS };
  await host.describe(company, profile);
  const roomId = await host.startGroup(va, "Spring campaign", [company, await host.makePerson("va")]);
  const writer = await Correspondent.connect(server, company);
  await writer.send(roomId, "Shall we begin?");
  writer.close();
  const screen = await devices.signIn(va, options, `/chat/${roomId}`);
  await screen.message("Shall we begin?").getByText(company.name).click();
  await seen(screen.page.getByRole("dialog", { name: "Profile" }).getByText("Small shop, kind people"));
  return screen;
}

async function showNothingThere({ devices, options }: Stage): Promise<Screen> {
  const screen = await devices.signIn(MAYA, options);
  await screen.page.evaluate(() => {
    history.pushState(null, "", "/nothing/here");
    dispatchEvent(new PopStateEvent("popstate"));
  });
  await seen(screen.page.getByText("There is nothing here"));
  return screen;
}

async function showNewConversation(stage: Stage): Promise<Screen> {
  const screen = await showList(stage);
  await screen.page.getByRole("button", { name: "New conversation" }).first().click();
  const dialog = screen.page.getByRole("dialog", { name: "New conversation" });
  await dialog.getByRole("searchbox", { name: "Search people" }).fill("demo");
  await seen(dialog.getByRole("button", { name: startingWith(BRIGHTLINE.name) }));
  return screen;
}

async function showSearch(stage: Stage): Promise<Screen> {
  return search(stage, "contract");
}

async function showSearchFilters(stage: Stage): Promise<Screen> {
  const screen = await search(stage, "the");
  await screen.page.getByRole("button", { name: "Filters" }).click();
  await screen.page.getByLabel("Contains").selectOption("A link");
  await seen(screen.page.getByRole("button", { name: "Filters, 1 active" }));
  await gone(screen.page.getByText("Searching messages"));
  return screen;
}

async function showSearchNone(stage: Stage): Promise<Screen> {
  const screen = await search(stage, "xylophone");
  await seen(screen.page.getByText("No messages found for"));
  return screen;
}

async function showSearchInConversation(stage: Stage): Promise<Screen> {
  await eventually(() => stage.host.countFound(MAYA, "the")).toBeGreaterThan(0);
  const screen = await showConversation(stage);
  await screen.page.getByRole("button", { name: /^Search in this conversation/ }).click();
  await screen.page.getByRole("searchbox", { name: "Search in this conversation" }).fill("the");
  await seen(screen.page.getByText(/^1 of \d+/));
  return screen;
}

async function search({ devices, host, options }: Stage, words: string): Promise<Screen> {
  await eventually(() => host.countFound(MAYA, "the")).toBeGreaterThan(0);
  const screen = await devices.signIn(MAYA, options);
  await screen.page.getByRole("button", { name: /^Search everything/ }).click();
  await screen.page.getByRole("combobox", { name: /^Search people/ }).fill(words);
  await seen(screen.page.getByRole("status").filter({ hasText: /results?$/ }));
  return screen;
}

async function showMenu(stage: Stage): Promise<Screen> {
  const screen = await showList(stage);
  await screen.openMenu();
  await seen(screen.page.getByRole("menuitem", { name: /notifications/i }));
  return screen;
}

async function showToast(stage: Stage): Promise<Screen> {
  const screen = await showList(stage);
  const writer = await Correspondent.connect(stage.server, BRIGHTLINE);
  const roomId = await stage.host.makeRoom(MAYA, BRIGHTLINE);
  await whileTimeStands(screen.page, async () => {
    await writer.send(roomId, "Could you start an hour earlier tomorrow?");
    // So that it stays for as long as it is looked at.
    await screen.toasts.getByText("Could you start an hour earlier tomorrow?").hover();
  });
  writer.close();
  return screen;
}

/** A job and an answer to a proposal, one of them read; of the messages the list tells. */
async function showNotifications({ devices, host, server, options }: Stage): Promise<Screen> {
  const [va, ...companies] = await makePeople(host);
  await host.notify([va], "Your proposal was accepted", "Juniper & Pine would like to talk.", "proposal_response");
  for (const company of companies) {
    const writer = await Correspondent.connect(server, company);
    await writer.sendAll(await host.makeRoom(va, company), [
      "Good morning!",
      "Could you start an hour earlier tomorrow?",
    ]);
    writer.close();
  }
  await host.notify([va], "A job for you", "Virtual assistant, 20 hours a week");
  await eventually(async () => (await host.listNotifications(va)).length).toBe(2 + companies.length);
  const screen = await devices.signIn(va, options);
  await seen(screen.bellWith(2));
  await screen.openBell();
  await screen.markRead("Your proposal was accepted");
  await seen(screen.bellWith(1));
  return screen;
}

async function showNoNotifications(stage: Stage): Promise<Screen> {
  const screen = await showEmptyList(stage);
  await seen((await screen.openBell()).getByText("Nothing new"));
  return screen;
}

async function showPreferences({ devices, host, options }: Stage): Promise<Screen> {
  const [va, company] = await makePeople(host);
  await host.mute(va, await host.makeRoom(va, company));
  await host.choose(va, {
    quietHours: { from: "22:00", until: "07:00" },
    timeZone: "Asia/Manila",
  });
  const screen = await devices.signIn(va, options);
  await seen(screen.entry(company.name));
  const dialog = await screen.openPreferences();
  await seen(dialog.getByRole("button", { name: `Unmute ${company.name}` }));
  return screen;
}

async function showSettings(stage: Stage): Promise<Screen> {
  const screen = await showList(stage);
  await screen.openSettings();
  return screen;
}

async function showConversationMenu(stage: Stage): Promise<Screen> {
  const screen = await showConversation(stage);
  await screen.page.getByRole("button", { name: "Conversation menu" }).click();
  await seen(screen.page.getByRole("menuitem", { name: "Mute for 1 hour" }));
  return screen;
}

async function showMuted({ devices, host, server, options }: Stage): Promise<Screen> {
  const [va, company] = await makePeople(host);
  const roomId = await host.makeRoom(va, company);
  await host.mute(va, roomId);
  const writer = await Correspondent.connect(server, company);
  await writer.sendAll(roomId, ["The numbers for May are in.", "No hurry: Monday is fine."]);
  writer.close();
  const screen = await devices.openConversation(va, company, roomId, options);
  await seen(screen.message("No hurry"), screen.page.getByRole("img", { name: /^Muted/ }));
  await gone(screen.unreadEntry(company.name, 2));
  return screen;
}

async function showRowMenu(stage: Stage): Promise<Screen> {
  const screen = await showList(stage);
  await screen.entry(JUNIPER.name).click({ button: "right" });
  await seen(screen.page.getByRole("menuitem", { name: "Archive", exact: true }));
  return screen;
}

const QUESTION = "Could you start an hour earlier tomorrow?";

/** A conversation with a question of somebody else's, and what may be done with it. */
async function showQuestion({ devices, host, server, options }: Stage): Promise<Screen> {
  const [va, company] = await makePeople(host);
  const roomId = await host.makeRoom(va, company);
  const writer = await Correspondent.connect(server, company);
  await writer.sendAll(roomId, ["Good morning!", QUESTION]);
  writer.close();
  const screen = await devices.openConversation(va, company, roomId, options);
  await seen(screen.message(QUESTION));
  await gone(screen.unreadEntry(company.name, 2));
  return screen;
}

/** Where there is a mouse; elsewhere the message alone. */
async function showMessageBar(stage: Stage): Promise<Screen> {
  const screen = await showQuestion(stage);
  if (stage.options.hasTouch === true) return screen;
  await screen.message(QUESTION).hover();
  await seen(screen.page.getByRole("button", { name: "Reply", exact: true }));
  return screen;
}

async function showReactors(stage: Stage): Promise<Screen> {
  const screen = await showQuestion(stage);
  await (await screen.openActions(QUESTION)).getByRole("menuitemcheckbox", { name: /👍/ }).click();
  await seen(screen.reaction(QUESTION, "👍"));
  await (await screen.openActions(QUESTION)).getByRole("menuitem", { name: "Who reacted" }).click();
  await seen(screen.page.getByRole("dialog", { name: "Who reacted" }));
  return screen;
}

async function showReply(stage: Stage): Promise<Screen> {
  const screen = await showQuestion(stage);
  await (await screen.openActions(QUESTION)).getByRole("menuitem", { name: "Reply" }).click();
  await seen(screen.page.getByText("Replying to"));
  return screen;
}

async function showMentions(stage: Stage): Promise<Screen> {
  const screen = await showGroup(stage);
  await screen.send("@Cedar Studio, could you look at the handbook?");
  await seen(screen.tick("could you look", "Sent"));
  await screen.composer.pressSequentially("And @");
  await seen(screen.page.getByRole("option", { name: startingWith("Harbor & Vale") }));
  return screen;
}

async function makePeople(host: Host): Promise<[Person, Person, Person]> {
  return [
    await host.makePerson("va", "Noor Haddad"),
    await host.makePerson("company", "Cedar Studio"),
    await host.makePerson("company", "Harbor & Vale"),
  ];
}

function demoPerson(key: string, name: string): Person {
  const email = `${key}@demo.hyred.example`;
  return { id: `demo-${key}`, name, email, token: `dev-token-${email}` };
}
