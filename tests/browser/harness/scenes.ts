/** Each screen of the app with something on it, made from the demo world: for looking at, and for axe. */
import type { BrowserContextOptions } from "playwright-core";

import { Correspondent } from "./correspondent";
import type { Devices } from "./devices";
import { LOST_CONNECTION } from "./guard";
import type { Host, Person } from "./host";
import { startingWith, type Screen } from "./screen";
import type { Server } from "./server";
import { seen } from "./waiting";

export const MAYA = demoPerson("maya", "Maya Santos (demo)");
export const JUNIPER = demoPerson("juniper", "Juniper & Pine (demo)");
export const BRIGHTLINE = demoPerson("brightline", "Brightline Logistics (demo)");

export interface Stage {
  readonly devices: Devices;
  readonly host: Host;
  readonly server: Server;
  readonly options: BrowserContextOptions;
}

/** What to do to see it. The key names the picture. */
export const SCENES: Readonly<Record<string, (stage: Stage) => Promise<Screen>>> = {
  "sign-in": showSignIn,
  conversations: showList,
  "conversations-none": showEmptyList,
  conversation: showConversation,
  "conversation-offline": showOffline,
  "conversation-refused": showRefused,
  "new-conversation": showNewConversation,
  "account-menu": showMenu,
  toast: showToast,
  notifications: showNotifications,
};

async function showSignIn({ devices, options }: Stage): Promise<Screen> {
  const screen = await devices.openTab(await devices.unpack(options), "/");
  await seen(screen.page.getByRole("button", { name: startingWith(MAYA.name) }));
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
  return screen;
}

async function showOffline(stage: Stage): Promise<Screen> {
  const screen = await showConversation(stage);
  screen.guard.allow(LOST_CONNECTION);
  await screen.page.context().setOffline(true);
  await screen.send("I am on the train. You will have it when I am back.");
  await seen(screen.banner);
  return screen;
}

async function showRefused({ devices, host, options }: Stage): Promise<Screen> {
  const va = await host.makePerson("va", "Noor Haddad");
  const company = await host.makePerson("company", "Cedar Studio");
  const pair = { va, company, roomId: await host.makeRoom(va, company) };
  const screen = await devices.openConversation(pair.va, pair.company, pair.roomId, options);
  await screen.send("Thank you for the trial week!");
  await seen(screen.tick("Thank you for the trial week!", "Sent"));
  screen.guard.allow(LOST_CONNECTION);
  await screen.page.context().setOffline(true);
  await screen.send("Shall we go on next month?");
  await host.block(pair);
  await screen.page.context().setOffline(false);
  await seen(screen.tick("Shall we go on next month?", "Not sent"));
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

async function showMenu(stage: Stage): Promise<Screen> {
  const screen = await showList(stage);
  await screen.openMenu();
  return screen;
}

async function showToast(stage: Stage): Promise<Screen> {
  const screen = await showList(stage);
  const writer = await Correspondent.connect(stage.server, BRIGHTLINE);
  await writer.send(await stage.host.makeRoom(MAYA, BRIGHTLINE), "Could you start an hour earlier tomorrow?");
  writer.close();
  await seen(screen.toasts.getByText("Could you start an hour earlier tomorrow?"));
  return screen;
}

async function showNotifications(stage: Stage): Promise<Screen> {
  const screen = await showToast(stage);
  await screen.dismiss.click();
  await screen.bell.click();
  await seen(screen.page.getByRole("dialog", { name: "Notifications" }));
  return screen;
}

function demoPerson(key: string, name: string): Person {
  return { id: `demo-${key}`, name, token: `dev-token-${key}@demo.hyred.example` };
}
