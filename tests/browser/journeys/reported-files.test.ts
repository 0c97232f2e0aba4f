/** Files of a report in the console: hidden until a moderator asks for one, and opened on record. */
import { describe, expect } from "vitest";
import type { Page } from "playwright-core";

import { makeReportOfFiles, openConsole } from "../harness/desk";
import { makeFilm, makePhoto, makeText } from "../harness/files";
import { journey } from "../harness/journey";
import { focusedName, tabTo } from "../harness/keyboard";
import { eventually, gone, seen } from "../harness/waiting";

/** The paths of files that a page has asked for. */
function followFiles(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.includes("/files/")) asked.push(`${request.method()} ${pathname.split("/").at(-1)}`);
  });
  return asked;
}

describe("a file of a report", () => {
  journey(
    "is shown to a moderator who asks for it by keyboard, after its message was deleted, and on record",
    async ({ devices, host, server }) => {
      const { company } = await makeReportOfFiles(host, server, [
        { ...(await makePhoto("room.jpg")), alt: "A red quarter on blue" },
        makeText("terms.txt"),
      ]);
      const { page } = await openConsole(devices, await host.makePerson("admin"), "/console");
      const asked = followFiles(page);
      await page.getByRole("link", { name: new RegExp(`^${company.name}`) }).click();
      const report = page.getByRole("region", { name: `Report about ${company.name}` });
      await seen(report.getByText("File: room.jpg · Picture"), report.getByText("Files are hidden"));
      expect([asked, await report.getByRole("img").count()]).toEqual([[], 0]);

      await tabTo(page, /^Show room\.jpg$/);
      await page.keyboard.press("Enter");
      const picture = report.getByRole("img", { name: "A red quarter on blue" });
      await seen(picture);
      await eventually(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
      expect(await focusedName(page)).toBe("Hide room.jpg");
      expect(await report.getByRole("button", { name: "Hide room.jpg" }).getAttribute("aria-expanded")).toBe("true");
      expect(asked.filter((each) => each.startsWith("GET"))).toEqual(["GET preview"]);

      await tabTo(page, /^Open in a new tab: room\.jpg$/);
      const opening = page.context().waitForEvent("page");
      await page.keyboard.press("Enter");
      const whole = await opening;
      await whole.waitForLoadState();
      expect(await whole.evaluate(() => document.images[0]?.naturalWidth)).toBe(800);
      await whole.close();

      await tabTo(page, /^Show terms\.txt$/);
      await page.keyboard.press("Enter");
      const saving = page.waitForEvent("download");
      await report.getByRole("link", { name: "Download terms.txt" }).click();
      expect((await saving).suggestedFilename()).toBe("terms.txt");

      await report.getByRole("button", { name: "Hide room.jpg" }).click();
      await gone(picture);
      await page.getByRole("link", { name: "Audit log" }).click();
      const opened = page.getByRole("row").filter({ hasText: "Opened a file of a report" });
      await eventually(() => opened.count()).toBe(2);
      const named = await Promise.all((await opened.all()).map((row) => row.filter({ hasText: /· File \w+/ }).count()));
      expect(named).toEqual([1, 1]);
    },
  );

  journey("is hidden and cannot be opened any more once the report is decided", async ({ devices, host, server }) => {
    const { company } = await makeReportOfFiles(host, server, [await makeFilm("film.mp4")]);
    const { page } = await openConsole(devices, await host.makePerson("admin"), "/console");
    await page.getByRole("link", { name: new RegExp(`^${company.name}`) }).click();
    const report = page.getByRole("region", { name: `Report about ${company.name}` });
    await report.getByRole("button", { name: "Show film.mp4" }).click();
    await seen(report.locator("video"));
    const address = await report.locator("video").getAttribute("src");
    expect((await fetch(new URL(address ?? "", server.url))).status).toBe(200);
    await report.getByRole("button", { name: "Resolve" }).click();
    await gone(report.locator("video"), report.getByRole("button", { name: /film\.mp4/ }));
    await seen(report.getByText("The files cannot be opened"), report.getByText("File: film.mp4 · Video"));
    expect((await fetch(new URL(address ?? "", server.url))).status).toBe(404);
  });

  journey("is told and asked for in Spanish, too", async ({ devices, host, server }) => {
    const { company } = await makeReportOfFiles(host, server, [await makePhoto("sala.jpg")]);
    const options = { locale: "es-ES" };
    const { page } = await openConsole(devices, await host.makePerson("admin"), "/console", options);
    await page.getByRole("link", { name: new RegExp(`^${company.name}`) }).click();
    await seen(page.getByText("Archivo: sala.jpg · Imagen"), page.getByText("Los archivos están ocultos"));
    await page.getByRole("button", { name: "Mostrar sala.jpg" }).click();
    await seen(page.getByRole("img", { name: /sala\.jpg/ }));
    await page.getByRole("button", { name: "Ocultar sala.jpg" }).click();
    await seen(page.getByRole("button", { name: "Mostrar sala.jpg" }));
  });
});
