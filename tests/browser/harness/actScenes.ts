/** What one can do with messages and people, each with something on it: for looking at, and for axe. */
import type { Stage } from "./scenes";
import type { Screen } from "./screen";
import { seen } from "./waiting";

/** What to do to see it. The key names the picture. */
export const ACT_SCENES: Readonly<Record<string, (stage: Stage) => Promise<Screen>>> = {
  "message-menu": showMessageMenu,
  "emoji-picker": showEmojiPicker,
  "message-versions": showVersions,
  "person-report": showReport,
  "person-block": showBlock,
};

const TEXT = "Could we meet on Tuesday?";

async function showMessageMenu(stage: Stage): Promise<Screen> {
  const screen = await showWritten(stage);
  await screen.openActions(TEXT);
  return screen;
}

async function showEmojiPicker(stage: Stage): Promise<Screen> {
  const screen = await showWritten(stage);
  const menu = await screen.openActions(TEXT);
  await menu.getByRole("menuitem", { name: "All emoji" }).click();
  const picker = screen.page.getByRole("dialog", { name: "Emoji" });
  await picker.getByRole("searchbox", { name: "Search emoji" }).fill("hand");
  await seen(picker.getByRole("button", { name: "waving hand", exact: true }));
  return screen;
}

async function showVersions(stage: Stage): Promise<Screen> {
  const screen = await showWritten(stage);
  const menu = await screen.openActions(TEXT);
  await menu.getByRole("menuitem", { name: "Edit", exact: true }).click();
  await screen.composer.fill("Could we meet on Wednesday?");
  await screen.sendButton.click();
  await screen.message("on Wednesday").getByRole("button", { name: "edited" }).click();
  await seen(screen.page.getByRole("dialog", { name: "Former versions" }).getByText(TEXT, { exact: true }));
  return screen;
}

async function showReport(stage: Stage): Promise<Screen> {
  return askAbout(await showWritten(stage), "Report…", "Send report");
}

async function showBlock(stage: Stage): Promise<Screen> {
  return askAbout(await showWritten(stage), "Block…", "Block");
}

async function askAbout(screen: Screen, item: string, button: string): Promise<Screen> {
  await screen.page.getByRole("button", { name: "Conversation menu" }).click();
  await screen.page.getByRole("menuitem", { name: item }).click();
  await seen(screen.page.getByRole("dialog").getByRole("button", { name: button, exact: true }));
  return screen;
}

/** A conversation in which one has written something. */
async function showWritten({ devices, host, options }: Stage): Promise<Screen> {
  const va = await host.makePerson("va", "Noor Haddad");
  const company = await host.makePerson("company", "Cedar Studio");
  const screen = await devices.openConversation(va, company, await host.makeRoom(va, company), options);
  await screen.send(TEXT);
  await seen(screen.tick(TEXT, "Sent"));
  return screen;
}
