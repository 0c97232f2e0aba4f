/** The console's people, rooms, notices and health: found, disabled, exported and erased by an admin's own token. */
import { readFile } from "node:fs/promises";

import { describe, expect } from "vitest";

import { Correspondent } from "../harness/correspondent";
import { openConsole } from "../harness/desk";
import { journey } from "../harness/journey";
import { focusedName, tabTo } from "../harness/keyboard";
import { eventually, gone, seen } from "../harness/waiting";

const SEARCH = "Name, e-mail address or id";
const REFUSED = /status of 403/;

describe("a person", () => {
  journey("is found by name, disabled, found among the disabled, and let back in", async ({ devices, host }) => {
    const { va: person, company } = await host.makePair();
    const theirs = await devices.signIn(person);
    theirs.guard.allow(REFUSED);
    const { page } = await openConsole(devices, await host.makePerson("admin"), "/console/people");
    await page.getByRole("searchbox", { name: SEARCH }).fill(person.name);
    await page.getByRole("link", { name: new RegExp(`^${person.name}`) }).click();
    const detail = page.getByRole("region", { name: person.name });
    await seen(detail.getByText(person.email));
    await detail.getByRole("button", { name: "Disable" }).click();
    await seen(detail.getByText("Disabled", { exact: true }), theirs.page.getByText("This account is not known here."));
    await page.getByRole("link", { name: "Disabled", exact: true }).click();
    await page.getByRole("link", { name: new RegExp(`^${person.name}`) }).click();
    await detail.getByRole("button", { name: "Let back in" }).click();
    await seen(detail.getByText("Active", { exact: true }));
    await devices.signIn(person).then((again) => seen(again.entry(company.name)));
  });

  journey("is exported as an archive that the browser saves", async ({ devices, host, server }) => {
    const { va, roomId } = await host.makePair();
    const writer = await Correspondent.connect(server, va);
    await writer.send(roomId, "Kept in the archive.");
    writer.close();
    const { page } = await openConsole(devices, await host.makePerson("admin"), `/console/people?id=${va.id}`);
    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe(`${va.id}.zip`);
    const archive = await readFile(await download.path());
    expect(archive.subarray(0, 2).toString()).toBe("PK");
    expect(archive.includes("profile.json")).toBe(true);
    await seen(page.getByText("The archive was saved."));
  });

  journey(
    "is erased only when their name was written, and the look and the act are on record",
    async ({ devices, host, server }) => {
      const { va, company, roomId } = await host.makePair();
      const writer = await Correspondent.connect(server, va);
      await writer.send(roomId, "To be forgotten.");
      writer.close();
      const { page } = await openConsole(devices, await host.makePerson("admin"), `/console/people?id=${va.id}`);
      await page.getByRole("button", { name: "Erase…" }).click();
      const dialog = page.getByRole("dialog", { name: `Erase ${va.name}?` });
      await seen(dialog.getByText("This cannot be undone", { exact: false }));
      const confirm = dialog.getByRole("button", { name: "Erase for good" });
      await dialog.getByRole("textbox").fill(`${va.name} not`);
      expect(await confirm.isDisabled()).toBe(true);
      await page.keyboard.press("Escape");
      await gone(dialog);
      await eventually(() => focusedName(page)).toBe("Erase…");
      await page.keyboard.press("Enter");
      await dialog.getByRole("textbox").fill(va.name);
      await page.keyboard.press("Enter");
      await seen(page.getByText(/^Erased/), page.getByRole("heading", { level: 2, name: "Deleted user" }));
      await eventually(async () => (await host.readRoom(company, roomId)).map(({ content }) => content)).toEqual([
        "This message was deleted.",
      ]);
      await page.getByRole("link", { name: "Audit log" }).click();
      const about = page.getByRole("row").filter({ hasText: va.id });
      await seen(about.filter({ hasText: "Erased somebody" }), about.filter({ hasText: "Looked at a person" }));
    },
  );

  journey("who moderates cannot disable themselves, and loses the console with the role", async ({ devices, host }) => {
    const admin = await host.makePerson("admin");
    const screen = await openConsole(devices, admin, `/console/people?id=${admin.id}`);
    await seen(screen.page.getByText("This is you."));
    expect(await screen.page.getByRole("button", { name: "Disable" }).count()).toBe(0);
    await host.changeRole(admin, "va");
    screen.guard.allow(REFUSED);
    await screen.page.getByRole("link", { name: "Notices" }).click();
    await seen(screen.page.getByRole("heading", { level: 1, name: "This console is for moderators" }));
  });
});

describe("rooms and notices", () => {
  journey("of a person lead to who is in them, by keyboard", async ({ devices, host }) => {
    const { va, company } = await host.makePair();
    const { page } = await openConsole(devices, await host.makePerson("admin"), `/console/people?id=${va.id}`);
    await seen(page.getByText(va.email));
    await tabTo(page, /^Rooms of this person$/);
    await page.keyboard.press("Enter");
    await seen(page.getByText("Only rooms of"), page.getByRole("row").getByRole("link"));
    await page.keyboard.press("j");
    await eventually(() => focusedName(page)).toContain(company.name);
    await page.keyboard.press("Enter");
    const room = page.getByRole("listitem").getByRole("link", { name: company.name });
    await seen(room, page.getByRole("listitem").getByRole("link", { name: va.name }));
    await room.click();
    await seen(page.getByText(company.email));
  });

  journey("go on with the next page, and show what became of each delivery", async ({ devices, host }) => {
    const people = await Promise.all(Array.from({ length: 51 }, () => host.makePerson("va")));
    const id = await host.notify(people, "A job for many", "Twenty hours a week");
    const { page } = await openConsole(devices, await host.makePerson("admin"), "/console/notices");
    await page
      .getByRole("link", { name: /^A job for many/ })
      .first()
      .click();
    const notice = page.getByRole("region", { name: "A job for many" });
    await seen(notice.getByText("50 shown"));
    await notice.getByRole("button", { name: "Show more" }).click();
    await seen(notice.getByText("51 shown"));
    for (const person of people) expect(await notice.getByRole("link", { name: person.name }).count()).toBe(1);
    expect(new URL(page.url()).searchParams.get("id")).toBe(id);
  });

  journey("are in Spanish, and so is the health of the server", async ({ devices, host }) => {
    const admin = await host.makePerson("admin");
    const { page } = await openConsole(devices, admin, "/console/health", { locale: "es-ES" });
    await seen(page.getByText("Los mensajes se guardan y se entregan."));
    await page.getByRole("link", { name: "Avisos" }).click();
    await seen(page.getByRole("heading", { level: 1, name: "Avisos" }));
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("es");
  });
});
