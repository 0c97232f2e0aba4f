/** Pictures of groups: chosen, cut, uploaded, seen by everybody, and removed. */
import type { Locator } from "playwright-core";
import { describe, expect } from "vitest";

import { drop, paste } from "../harness/choosing";
import { PHONE, WITH_WORKER } from "../harness/devices";
import { makePhoto, makePng, makeText, type Sample } from "../harness/files";
import type { Host, Person } from "../harness/host";
import { journey } from "../harness/journey";
import { focusedName, tabTo } from "../harness/keyboard";
import { startingWith, type Screen } from "../harness/screen";
import { listKeptFiles, whenCached } from "../harness/storage";
import { eventually, gone, seen } from "../harness/waiting";

describe("the picture of a group", () => {
  journey("is chosen and cut, shown to everybody, and removed again", async ({ devices, host }) => {
    const { va, company, roomId } = await makeGroup(host, "Spring");
    const [mine, theirs] = [await devices.openRoom(va, roomId), await devices.signIn(company, PHONE)];
    await seen(theirs.entry("Spring"));
    await chooseIn(mine.info, await makePhoto("shelf.jpg", { width: 1_600, height: 900 }));
    const dialog = cropDialog(mine);
    const before = await drawn(dialog);
    await dragStage(dialog, -60);
    const dragged = await drawn(dialog);
    await mine.page.mouse.wheel(0, -200);
    await eventually(() => drawn(dialog)).not.toBe(dragged);
    expect(dragged).not.toBe(before);
    const enlarged = await drawn(dialog);
    await dialog.getByRole("application").click({ position: { x: 40, y: 160 } });
    await eventually(() => drawn(dialog)).not.toBe(enlarged);
    await dialog.getByRole("slider", { name: "Zoom" }).fill("0.5");
    await dialog.getByRole("button", { name: "Use picture" }).click();
    await gone(dialog);
    await eventually(() => sideOf(mine.info)).toBe(512);
    await eventually(() => sideOf(theirs.entry("Spring"))).toBe(512);
    await seen(mine.log.getByText("You changed the picture of the group"));

    await mine.info.getByRole("button", { name: "Change the picture" }).click();
    await mine.page.getByRole("menuitem", { name: "Remove the picture" }).click();
    await gone(picture(mine.info), picture(theirs.entry("Spring")));
    await seen(mine.info.getByRole("button", { name: "Add a picture" }));
  });

  journey("is upright and what was shown, as its camera has noted it", async ({ devices, host }) => {
    const { va, roomId } = await makeGroup(host, "Upright");
    const screen = await devices.openRoom(va, roomId);
    const photo = await makePhoto("shelf.jpg", { width: 600, height: 400 });
    const dialog = cropDialog(screen);
    await chooseIn(screen.info, photo);
    const [left, right, top, bottom] = await colours(dialog.locator("canvas"));
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await gone(dialog);
    await chooseIn(screen.info, turned(photo));
    const wanted = [bottom, top, left, right];
    await eventually(async () => distance(await colours(dialog.locator("canvas")), wanted)).toBeLessThan(20);
    await dialog.getByRole("button", { name: "Use picture" }).click();
    await eventually(() => sideOf(screen.info)).toBe(512);
    expect(distance(await colours(picture(screen.info)), wanted)).toBeLessThan(20);
    expect(distance([left, right, top, bottom], wanted), "the picture looks otherwise on its side").toBeGreaterThan(30);
  });

  journey("is chosen and cut by keys alone", async ({ devices, host }) => {
    const { va, roomId } = await makeGroup(host, "Keys");
    const screen = await devices.openRoom(va, roomId);
    const { page } = screen;
    const choosing = page.waitForEvent("filechooser");
    await tabTo(page, /^Add a picture$/);
    expect(await focusedName(page)).toBe("Add a picture");
    await page.keyboard.press("Enter");
    await (await choosing).setFiles(payload(await makePng("plan.png", { width: 900, height: 600 })));
    await eventually(() => focusedName(page)).toBe("Part of the picture that is shown");
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    await seen(cropDialog(screen).getByText(/^Zoom .*120.*%/));
    await tabTo(page, /^Use picture$/);
    await page.keyboard.press("Enter");
    await gone(cropDialog(screen));
    await eventually(() => sideOf(screen.info)).toBe(512);
    await eventually(() => focusedName(page)).toBe("Change the picture");
  });

  journey("is dropped onto the old one, or pasted there", async ({ devices, host }) => {
    const { va, roomId } = await makeGroup(host, "Dropped");
    const screen = await devices.openRoom(va, roomId);
    const button = screen.info.getByRole("button", {
      name: "Add a picture",
    });
    await drop(button, [await makePhoto("a.jpg")]);
    await seen(cropDialog(screen).locator("canvas"));
    await cropDialog(screen).getByRole("button", { name: "Cancel" }).click();
    await gone(cropDialog(screen));
    await button.focus();
    expect(await paste(button, [await makePhoto("b.jpg")], {})).toBe(true);
    await seen(cropDialog(screen).locator("canvas"));
  });

  journey("is asked for anew where its address has ended", async ({ devices, host }) => {
    const { va, company, roomId } = await makeGroup(host, "Ended");
    const mine = await devices.openRoom(va, roomId);
    await chooseIn(mine.info, await makePhoto("shelf.jpg"));
    await cropDialog(mine).getByRole("button", { name: "Use picture" }).click();
    await eventually(() => sideOf(mine.info)).toBe(512);

    const context = await devices.unpack({}, company);
    const theirs = await devices.openBlank(context);
    theirs.guard.allow(/status of 404/);
    await theirs.page.route(/\/api\/chat\/rooms(\?|$)/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({
        response: answer,
        body: (await answer.text()).replaceAll("signature=", "signature=ended-"),
      });
    });
    await theirs.page.goto("/chat");
    await eventually(() => sideOf(theirs.entry("Ended"))).toBe(512);
    expect(await picture(theirs.entry("Ended")).getAttribute("src")).not.toContain("signature=ended-");
  });

  journey("is not changed by members, who see it only", async ({ devices, host }) => {
    const { company, roomId } = await makeGroup(host, "Looking");
    const screen = await devices.openRoom(company, roomId);
    await seen(screen.info.getByRole("heading", { name: "2 members" }));
    await gone(screen.info.getByRole("button", { name: /picture/ }));
  });
});

describe("a picture that is refused", () => {
  journey("says why, and is tried again as it was cut", async ({ devices, host }) => {
    const { va, company, roomId } = await makeGroup(host, "Refused");
    const screen = await devices.openRoom(company, roomId);
    await host.giveRole(va, roomId, company, "admin");
    await chooseIn(screen.info, await makePhoto("shelf.jpg", { width: 900, height: 600 }));
    const dialog = cropDialog(screen);
    await dialog.getByRole("slider", { name: "Zoom" }).fill("0.4");
    const shown = await drawn(dialog);
    await refuseChanges(screen);
    await dialog.getByRole("button", { name: "Use picture" }).click();
    await seen(dialog.getByText(/could not be changed\. .*try again/i));
    expect(await drawn(dialog)).toBe(shown);
    await screen.page.unrouteAll();
    await dialog.getByRole("button", { name: "Try again" }).click();
    await gone(dialog);
    await eventually(() => sideOf(screen.info)).toBe(512);
  });

  journey("by this browser is another one after a word about what to choose", async ({ devices, host }) => {
    const { va, roomId } = await makeGroup(host, "Unknown");
    const screen = await devices.openRoom(va, roomId);
    await chooseIn(screen.info, {
      ...makeText("IMG_0001.HEIC"),
      contentType: "image/heic",
    });
    const dialog = cropDialog(screen);
    await seen(dialog.getByText(/cannot open .*IMG_0001\.HEIC.*HEIC.*JPEG/));
    await chooseIn(dialog, await makePhoto("shelf.jpg"));
    await seen(dialog.locator("canvas"));
    await gone(dialog.getByText(/cannot open/));
  });
});

describe("without a network the picture of a group", () => {
  journey("is not changed, says why, and is shown as it was kept", async ({ devices, host }) => {
    const { va, roomId } = await makeGroup(host, "Far away");
    const screen = await devices.openRoom(va, roomId, { ...PHONE, ...WITH_WORKER });
    const { page } = screen;
    await page.getByRole("button", { name: "Profile of Far away" }).tap();
    const sheet = page.getByRole("dialog", { name: "Profile" });
    await chooseIn(sheet, await makePhoto("shelf.jpg"));
    await cropDialog(screen).getByRole("button", { name: "Use picture" }).tap();
    await eventually(() => sideOf(sheet)).toBe(512);
    await eventually(async () => (await listKeptFiles(screen)).join()).toContain(`/kept-pictures/${roomId}/`);
    await whenCached(screen, "changed the picture");
    await screen.loseNetwork();
    const button = sheet.getByRole("button", { name: "Change the picture" });
    await seen(button.and(page.locator('[aria-disabled="true"]')));
    await button.tap({ force: true }); // what is not offered now says why
    await seen(sheet.getByRole("status").getByText("You are offline. You can change the picture when you are back."));

    await page.reload();
    const shown = screen.conversationWith("Far away");
    await eventually(() => sideOf(shown)).toBe(512);
    expect(await picture(shown).getAttribute("src")).toMatch(/^blob:/);
  });
});

describe("a new group", () => {
  journey("has its picture from the start, on a phone", async ({ devices, host }) => {
    const [va, company] = [await host.makePerson("va"), await host.makePerson("company")];
    const screen = await devices.signIn(va, PHONE);
    const dialog = await nameGroup(screen, company, "With a face");
    await chooseIn(dialog, await makePhoto("shelf.jpg"));
    await cropDialog(screen).getByRole("button", { name: "Use picture" }).tap();
    await gone(cropDialog(screen));
    await seen(dialog.getByRole("button", { name: "Change the picture" }));
    await dialog.getByRole("button", { name: "Make group" }).tap();
    await screen.whenOpen("With a face");
    await eventually(() => sideOf(screen.conversationWith("With a face"))).toBe(512);
  });

  journey("that could not get its picture says so, and gets it by another try", async ({ devices, host }) => {
    const [va, company] = [await host.makePerson("va"), await host.makePerson("company")];
    const screen = await devices.signIn(va);
    const dialog = await nameGroup(screen, company, "In two steps");
    await chooseIn(dialog, await makePhoto("shelf.jpg"));
    await cropDialog(screen).getByRole("button", { name: "Use picture" }).click();
    await gone(cropDialog(screen));
    await refuseChanges(screen);
    await dialog.getByRole("button", { name: "Make group" }).click();
    await seen(dialog.getByText(/^The group was made, but has no picture yet\. .*try again/i));
    await seen(dialog.getByRole("button", { name: "Go on without a picture" }), screen.entry("In two steps"));
    await gone(dialog.getByRole("button", { name: "Back" }));
    await screen.page.unrouteAll();
    await dialog.getByRole("button", { name: "Try again" }).click();
    await screen.whenOpen("In two steps");
    await eventually(() => sideOf(screen.conversationWith("In two steps"))).toBe(512);
    expect(await screen.entry("In two steps").count()).toBe(1);
  });
});

/** On the way to a new group: who is in it, and how it is called. */
async function nameGroup({ page }: Screen, member: Person, title: string): Promise<Locator> {
  await page.getByRole("button", { name: "New conversation" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New conversation" });
  await dialog.getByRole("button", { name: /^New group/ }).click();
  await dialog.getByRole("searchbox", { name: "Search people" }).fill(member.name);
  await dialog.getByRole("checkbox", { name: startingWith(member.name) }).check();
  await dialog.getByRole("button", { name: "Next" }).click();
  await dialog.getByRole("textbox", { name: "Name of the group" }).fill(title);
  return dialog;
}

/** The server is not there for changes of groups. */
async function refuseChanges({ page, guard }: Screen): Promise<void> {
  guard.allow(/status of 503/);
  await page.route("**/api/chat/rooms/*", (route) =>
    route.request().method() === "PATCH" ? route.fulfill({ status: 503, body: "" }) : route.continue(),
  );
}

interface Group {
  readonly va: Person;
  readonly company: Person;
  readonly roomId: string;
}

/** Of two, of whom the first owns it. */
async function makeGroup(host: Host, title: string): Promise<Group> {
  const [va, company] = [await host.makePerson("va"), await host.makePerson("company")];
  return { va, company, roomId: await host.startGroup(va, title, [company]) };
}

function cropDialog({ page }: Screen): Locator {
  return page.getByRole("dialog", { name: "Picture of the group" });
}

function picture(within: Locator): Locator {
  return within.locator("img.hc-avatar__image").first();
}

/** In pixels; 0 as long as none is shown. */
async function sideOf(within: Locator): Promise<number> {
  const found = await within
    .locator("img.hc-avatar__image")
    .evaluateAll((all) =>
      all.map((image) => ((image as HTMLImageElement).complete ? (image as HTMLImageElement).naturalWidth : 0)),
    );
  return found[0] ?? 0;
}

function payload({ name, contentType, bytes }: Sample) {
  return { name, mimeType: contentType, buffer: bytes };
}

/** As the device's own dialog does. */
async function chooseIn(within: Locator, sample: Sample): Promise<void> {
  await within.locator('input[type=file][aria-label="Picture"]').last().setInputFiles(payload(sample));
}

/** What is shown in the square. */
async function drawn(dialog: Locator): Promise<string> {
  return dialog.locator("canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

async function dragStage(dialog: Locator, by: number): Promise<void> {
  const { mouse } = dialog.page();
  const box = await dialog.locator("canvas").boundingBox();
  if (box === null) throw new Error("There is no square.");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await mouse.move(x, y);
  await mouse.down();
  await mouse.move(x + by, y, { steps: 4 });
  await mouse.up();
}

type Colour = readonly number[] | undefined;

/** Of a canvas or picture: what is near its left, right, upper and lower side; red, green and blue each. */
async function colours(shown: Locator): Promise<Colour[]> {
  return shown.evaluate((element) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 100, height: 100 });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context?.drawImage(element as HTMLImageElement, 0, 0, 100, 100);
    const at = (x: number, y: number) => [...(context?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3);
    return [at(10, 50), at(89, 50), at(50, 10), at(50, 89)];
  });
}

/** How far the most different of their parts are from one another: 0 to 255. */
function distance(some: readonly Colour[], others: readonly Colour[]): number {
  const [a, b] = [some, others].map((all) => all.flatMap((colour) => colour ?? []));
  return Math.max(...(a ?? []).map((value, index) => Math.abs(value - (b?.[index] ?? NaN))));
}

/** A JPEG whose camera was held on its side. */
function turned(photo: Sample): Sample {
  const tag = Buffer.from("4578696600004d4d002a00000008000101120003000000010006000000000000", "hex");
  const length = Buffer.from([0, tag.length + 2]);
  const bytes = Buffer.concat([
    photo.bytes.subarray(0, 2),
    Buffer.from([0xff, 0xe1]),
    length,
    tag,
    photo.bytes.subarray(2),
  ]);
  return { ...photo, bytes };
}
