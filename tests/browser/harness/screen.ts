/** One open page of the app, found by the names that people (and their screen readers) find things by. */
import { type Locator, type Page } from "playwright-core";

import { LOST_CONNECTION, type Guard } from "./guard";
import { eventually } from "./waiting";
import { Wire } from "./wire";

export type Tick = "Queued" | "Sent" | "Delivered" | "Read" | "Not sent";

export class Screen {
  readonly list: Locator;
  readonly log: Locator;
  readonly composer: Locator;
  readonly sendButton: Locator;
  readonly banner: Locator;
  readonly toasts: Locator;
  readonly bell: Locator;
  readonly account: Locator;
  readonly newMessagesLine: Locator;
  readonly wire: Wire;
  /** How oneself is seen by others: as offline, as long as there is no connection. */
  private readonly ownStatus: Locator;

  /** Of a page that has not been opened yet. */
  constructor(
    readonly page: Page,
    readonly guard: Guard,
    private readonly hasWorker: boolean,
  ) {
    this.wire = new Wire(page);
    this.ownStatus = page.locator(".hc-account .hc-presence");
    this.list = page.getByRole("navigation", { name: "Conversations" });
    this.log = page.getByRole("log", { name: "Messages" });
    this.composer = page.getByRole("textbox", { name: "Message", exact: true });
    this.sendButton = page.getByRole("button", { name: "Send message" });
    this.banner = page.getByRole("status", { name: "Connection" });
    this.toasts = page.getByRole("region", { name: "New notifications" });
    this.bell = page.getByRole("button", {
      name: /^Notifications(, \d+ unread)?$/,
    });
    this.account = page.getByRole("button", { name: "Your account" });
    this.newMessagesLine = this.log.getByRole("separator", {
      name: "New messages",
    });
  }

  /** The button of the newest toast that puts it away. */
  get dismiss(): Locator {
    return this.toasts.getByRole("button", { name: "Dismiss", exact: true }).first();
  }

  /** What is told of a conversation, beside it. */
  get info(): Locator {
    return this.page.getByRole("complementary", { name: "Profile" });
  }

  /** The entry of somebody in the list of conversations. */
  entry(name: string): Locator {
    return this.list.getByRole("link", { name: startingWith(name) });
  }

  unreadEntry(name: string, count: number): Locator {
    return this.list.getByRole("link", {
      name: new RegExp(`^${escape(name)}.*, ${count} unread$`, "s"),
    });
  }

  conversationWith(name: string): Locator {
    return this.page.getByRole("main", { name: `Conversation with ${name}` });
  }

  /** The bubble that holds a text. */
  message(text: string): Locator {
    return this.log.getByRole("article").filter({ hasText: text });
  }

  tick(text: string, state: Tick): Locator {
    return this.message(text).getByRole("img", { name: state, exact: true });
  }

  /** Opens a conversation by a click in the list. */
  async open(name: string): Promise<void> {
    await this.entry(name).click();
    await this.whenOpen(name);
  }

  /** Waits until a conversation is there, with its messages if there are any. */
  async whenOpen(name: string): Promise<void> {
    await this.conversationWith(name).waitFor();
    await this.composer.waitFor();
    await this.page.getByRole("status", { name: "Loading messages" }).waitFor({ state: "hidden" });
  }

  /**
   * Waits until the page is told what happens: it is connected, and has all that was before. Whatever lasts for a moment
   * only (a toast, somebody who types) is for pages that can hear of it.
   */
  async whenOnline(): Promise<void> {
    await this.ownStatus.and(this.page.locator(":not(.hc-presence--offline)")).waitFor({ state: "attached" });
    await eventually(() => this.wire.hasCaughtUp).toBe(true);
  }

  /** Waits until the page is in a room: what is written there comes live, and not as its history. */
  async whenJoined(roomId: string): Promise<void> {
    await this.whenOnline();
    await eventually(() => this.wire.hasJoined(roomId)).toBe(true);
  }

  /**
   * Waits until the device has all of the app: each part of it is there without a network from then on. Parts that are not
   * shown yet are fetched by the service worker while it is installed.
   * @throws on a device without a service worker, of which nobody can say when it has them.
   */
  async whenComplete(): Promise<void> {
    if (!this.hasWorker)
      throw new Error("This device has no service worker: open it WITH_WORKER (harness/devices.ts).");
    await eventually(() => this.page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
  }

  /** Takes the network from a device that has all of the app. */
  async loseNetwork(): Promise<void> {
    await this.whenComplete();
    await this.goOffline();
  }

  /** Takes the network from a device that may lack parts of the app, once it asks for none. */
  async loseNetworkEarly(): Promise<void> {
    await this.page.waitForLoadState("networkidle");
    await this.goOffline();
  }

  /** Waits until the page knows that it has no connection. */
  async whenOffline(): Promise<void> {
    await this.ownStatus.and(this.page.locator(".hc-presence--offline")).waitFor({ state: "attached" });
  }

  /** Waits until this page knows: before that, what it writes still goes out, as Chromium leaves open sockets alone. */
  private async goOffline(): Promise<void> {
    this.guard.allow(LOST_CONNECTION);
    await this.page.context().setOffline(true);
    await this.whenOffline();
  }

  async findNetwork(): Promise<void> {
    await this.page.context().setOffline(false);
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.sendButton.click();
    await this.message(text).first().waitFor();
  }

  /** The button of a reaction to a message. */
  reaction(text: string, emoji: string): Locator {
    return this.message(text).getByRole("button", {
      name: new RegExp(`^[\\u2066-\\u2069]*${emoji}`),
    });
  }

  /** Opens what one can do with a message, as a mouse does. */
  async openActions(text: string): Promise<Locator> {
    await this.message(text).locator(".hc-message__bubble").click({ button: "right" });
    const menu = this.page.getByRole("menu", { name: "Message" });
    await menu.waitFor();
    return menu;
  }

  /** The numbers of the messages that are rendered now, from top to bottom. */
  async renderedSeqs(): Promise<number[]> {
    const articles = this.log.locator("article[data-seq], [role=article][data-seq]");
    return articles.evaluateAll((found) => found.map((article) => Number(article.getAttribute("data-seq"))));
  }

  /** The bell, as it is named with so many unread. */
  bellWith(unread: number): Locator {
    const name = unread === 0 ? "Notifications" : `Notifications, ${unread} unread`;
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Opens what is behind the bell. */
  async openBell(): Promise<Locator> {
    await this.bell.click();
    const dialog = this.page.getByRole("dialog", { name: "Notifications" });
    await dialog.waitFor();
    return dialog;
  }

  /** Marks one of the bell's list as read that leads nowhere. */
  async markRead(title: string): Promise<void> {
    const row = this.page
      .getByRole("dialog", { name: "Notifications" })
      .getByRole("listitem")
      .filter({ hasText: title });
    await row.getByRole("button", { name: "Mark as read", exact: true }).click();
  }

  async openPreferences(): Promise<Locator> {
    const bell = await this.openBell();
    await bell.getByRole("button", { name: "Notification preferences" }).click();
    const dialog = this.page.getByRole("dialog", {
      name: "Notification preferences",
    });
    await dialog.getByRole("switch").first().waitFor();
    return dialog;
  }

  async chooseInMenu(item: string): Promise<void> {
    await this.openMenu();
    await this.page.getByRole("menuitem", { name: item }).click();
  }

  async openMenu(): Promise<void> {
    await this.account.click();
    await this.page.getByRole("menu").waitFor();
  }

  async openSettings(): Promise<Locator> {
    await this.chooseInMenu("Settings");
    const dialog = this.page.getByRole("dialog", { name: "Settings" });
    await dialog.getByRole("radio").first().waitFor();
    return dialog;
  }

  async chooseTheme(name: "Dark theme" | "Light theme" | "System theme"): Promise<void> {
    const settings = await this.openSettings();
    await settings.getByRole("radio", { name }).click();
    await this.page.keyboard.press("Escape");
    await settings.waitFor({ state: "hidden" });
  }
}

/** Names that start with this one, and not with a longer one ("Ana 1", "Ana 12"). */
export function startingWith(name: string): RegExp {
  return new RegExp(`^${escape(name)}(?!\\w)`);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
