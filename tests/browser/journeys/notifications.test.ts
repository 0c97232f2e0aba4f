/** The browser's own notifications, asked for by a button, and how long toasts stay. */
import type { BrowserContext } from "playwright-core";
import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { journey } from "../harness/journey";
import type { Screen } from "../harness/screen";
import { lookAway } from "../harness/visibility";
import { eventually, gone, seen } from "../harness/waiting";

interface Noted extends Window {
  asked: number;
  shown: string[];
}

describe("notifications of the browser", () => {
  journey(
    "are asked for by a button, never on load, and shown only while the page is hidden",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const screen = await openNoting(await devices.unpack({}, va), (context) => devices.openTab(context, "/chat"));
      await seen(screen.entry(company.name));
      expect((await noted(screen)).asked).toBe(0);
      await screen.openMenu();
      await screen.page.getByRole("menuitem", { name: "Allow notifications" }).click();
      await eventually(async () => (await noted(screen)).asked).toBe(1);
      const other = await Correspondent.connect(server, company);
      await other.send(roomId, "while you look");
      await seen(screen.toasts.getByText("while you look"));
      expect((await noted(screen)).shown).toEqual([]);
      await lookAway(screen.page);
      await other.send(roomId, "while you are away");
      await eventually(async () => (await noted(screen)).shown).toEqual([`${company.name}: while you are away`]);
      other.close();
    },
  );
});

describe("a toast", () => {
  journey("goes by itself, but not while the pointer is on it", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const [held, left] = [await devices.signIn(va), await devices.signIn(va)];
    await seen(held.entry(company.name), left.entry(company.name));
    const other = await Correspondent.connect(server, company);
    await other.send(roomId, "Here for a moment");
    await held.toasts.getByText("Here for a moment").hover();
    await seen(left.toasts.getByText("Here for a moment"));
    await gone(left.toasts.getByText("Here for a moment")); // as much time has passed for both
    await seen(held.toasts.getByText("Here for a moment"));
    await held.page.mouse.move(5, 895);
    await gone(held.toasts.getByText("Here for a moment"));
    other.close();
  });
});

/** A page whose browser grants what is asked for, and notes what is shown instead of showing it. */
async function openNoting(
  context: BrowserContext,
  open: (context: BrowserContext) => Promise<Screen>,
): Promise<Screen> {
  await context.addInitScript(() => {
    const page = window as unknown as Noted;
    page.asked = 0;
    page.shown = [];
    const note = (title: string, options?: NotificationOptions): void =>
      void page.shown.push(`${title}: ${options?.body ?? ""}`);
    class Noting extends EventTarget {
      static permission: NotificationPermission = "default";
      static requestPermission(): Promise<NotificationPermission> {
        page.asked += 1;
        Noting.permission = "granted";
        return Promise.resolve("granted");
      }
      constructor(title: string, options?: NotificationOptions) {
        super();
        note(title, options);
      }
      readonly close = (): undefined => undefined;
    }
    Object.defineProperty(window, "Notification", { value: Noting, configurable: true });
    ServiceWorkerRegistration.prototype.showNotification = (title, options) => {
      note(title, options);
      return Promise.resolve();
    };
  });
  return open(context);
}

function noted(screen: Screen): Promise<Pick<Noted, "asked" | "shown">> {
  return screen.page.evaluate(() => {
    const { asked, shown } = window as unknown as Noted;
    return { asked, shown };
  });
}
