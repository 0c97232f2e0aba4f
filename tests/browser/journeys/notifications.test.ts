/** The browser's own notifications, asked for by a button, and where toasts are and for how long. */
import { describe, expect } from "vitest";

import { nothingLiesUnder } from "../harness/apart";
import { letPass, whileTimeStands } from "../harness/clock";
import { Correspondent } from "../harness/correspondent";
import { PHONE } from "../harness/devices";
import { makePdf, makePhoto, sendFiles } from "../harness/files";
import { journey } from "../harness/journey";
import { lookAway } from "../harness/visibility";
import { eventually, gone, seen } from "../harness/waiting";

const SHOWN_MS = 5_000;

describe("notifications of the browser", () => {
  journey(
    "are asked for by a button, never on load, and shown only while the page is hidden",
    async ({ host, server, reach }) => {
      const { va, company, roomId } = await host.makePair();
      const { screen, browser } = await reach(va);
      await seen(screen.entry(company.name));
      const other = await Correspondent.connect(server, company);
      await other.send(roomId, "while you look");
      await seen(screen.toasts.getByText("while you look"));
      expect(await browser.shown()).toEqual([]);
      await lookAway(screen.page);
      await other.send(roomId, "while you are away");
      await eventually(async () => (await browser.shown()).map(({ title, body }) => `${title}: ${body}`)).toEqual([
        `${company.name}: while you are away`,
      ]);
      other.close();
    },
  );
});

describe("a toast", () => {
  for (const [device, options] of [
    ["desk", {}],
    ["phone", PHONE],
  ] as const) {
    journey(`lies on nothing that one uses on a ${device}`, async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const busy = await host.makePerson("company");
      const busyRoom = await host.makeRoom(va, busy);
      const other = await Correspondent.connect(server, busy);
      const screen = await devices.openConversation(va, company, roomId, options);
      const { page, toasts } = screen;
      await screen.send("What I wrote");
      await seen(screen.tick("What I wrote", "Sent"));
      const header = page.getByRole("main").locator("header");
      await whileTimeStands(page, async () => {
        await other.send(busyRoom, "Over a conversation");
        const toast = toasts.locator("> *").filter({ hasText: "Over a conversation" });
        const others = device === "desk" ? [page.getByRole("main")] : [header, screen.message("What I wrote")];
        await nothingLiesUnder(toast, ...others, screen.composer);
      });
      if (device === "phone") await page.getByRole("button", { name: "Back to conversations" }).tap();
      await whileTimeStands(page, async () => {
        await other.send(busyRoom, "Over the list");
        const toast = toasts.locator("> *").filter({ hasText: "Over the list" });
        await nothingLiesUnder(
          toast,
          screen.account,
          screen.bell,
          page.getByRole("searchbox"),
          screen.entry(busy.name),
        );
      });
      other.close();
    });
  }

  journey("says what was sent, and what was written with it", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openTab(await devices.unpack({ locale: "es-ES" }, va), "/chat");
    await screen.whenOnline();
    const toasts = screen.page.getByRole("region", { name: "Notificaciones nuevas" });
    await sendFiles(server, company, roomId, [await makePhoto("1.jpg"), await makePhoto("2.jpg")]);
    await seen(toasts.getByText("2 fotos"));
    await sendFiles(server, company, roomId, [makePdf("contract.pdf")], "As agreed");
    await seen(toasts.getByText("Documento: As agreed"));
  });

  journey("goes by itself, but not while the pointer is on it", async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const { page, toasts } = await devices.signIn(va);
    const toast = toasts.getByText("Here for a moment");
    const other = await Correspondent.connect(server, company);
    await whileTimeStands(page, async () => {
      await other.send(roomId, "Here for a moment");
      await toast.hover();
      await letPass(page, 2 * SHOWN_MS);
      await seen(toast);
      await page.mouse.move(5, 895);
      await letPass(page, SHOWN_MS - 1);
      await seen(toast);
      await letPass(page, 1);
      await gone(toast);
    });
    other.close();
  });
});
