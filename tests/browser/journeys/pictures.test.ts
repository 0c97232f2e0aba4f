/** Pictures of groups: chosen, cut, uploaded, seen by everybody, and removed. */
import type { Locator } from "playwright-core";
import { describe, expect } from "vitest";

import { drop, paste } from "../harness/choosing";
import { PHONE, type Devices } from "../harness/devices";
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
    const [mine, theirs] = [await open(devices, va, roomId), await devices.signIn(company, PHONE)];
    await seen(theirs.entry("Spring"));
    await chooseIn(column(mine), await makePhoto("shelf.jpg", { width: 1_600, height: 900 }));
    const dialog = cropDialog(mine);
    const before = await drawn(dialog);
    await dragStage(dialog, -60);
    await dialog.getByRole("slider", { name: "Zoom" }).fill("0.5");
    expect(await drawn(dialog)).not.toBe(before);
    await dialog.getByRole("button", { name: "Use picture" }).click();
    await gone(dialog);
    await eventually(() => sideOf(column(mine))).toBe(512);
    await eventually(() => sideOf(theirs.entry("Spring"))).toBe(512);
    await seen(mine.log.getByText("You changed the picture of the group"));

    await column(mine).getByRole("button", { name: "Change the picture" }).click();
    await mine.page.getByRole("menuitem", { name: "Remove the picture" }).click();
    await gone(picture(column(mine)), picture(theirs.entry("Spring")));
    await seen(column(mine).getByRole("button", { name: "Add a picture" }));
  });

  journey("is upright and what was shown, as its camera has noted it", async ({ devices, host }) => {
    const { va, roomId } = await makeGroup(host, "Upright");
    const screen = await open(devices, va, roomId);
    await chooseIn(column(screen), turned(await makePhoto("turned.jpg", { width: 600, height: 400 })));
    const shown = cropDialog(screen).locator("canvas");
    await seen(shown);
    const wanted = await colours(shown);
    await cropDialog(screen).getByRole("button", { name: "Use picture" }).click();
    await eventually(() => sideOf(column(screen))).toBe(512);
    const found = await colours(picture(column(screen)));
    for (const [index, value] of wanted.entries()) expect(Math.abs(value - found[index]!)).toBeLessThan(12);
    // The sky is on the right of a picture that was turned by a quarter.
    expect(wanted.slice(0, 3)).not.toEqual(wanted.slice(3, 6));
  });

  journey("is chosen and cut by keys alone", async ({ devices, host }) => {
    const { va, roomId } = await makeGroup(host, "Keys");
    const screen = await open(devices, va, roomId);
    const { page } = screen;
    await tabTo(page, /^Add a picture$/);
    const choosing = page.waitForEvent("filechooser");
    await page.keyboard.press("Enter");
    await (await choosing).setFiles(payload(await makePng("plan.png", { width: 900, height: 600 })));
    await eventually(() => focusedName(page)).toBe("Part of the picture that is shown");
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    await seen(cropDialog(screen).getByText(/^Zoom .*120.*%/));
    await tabTo(page, /^Use picture$/);
    await page.keyboard.press("Enter");
    await gone(cropDialog(screen));
    await eventually(() => sideOf(column(screen))).toBe(512);
    await eventually(() => focusedName(page)).toBe("Change the picture");
  });

  journey("is dropped onto the old one, or pasted there", async ({ devices, host }) => {
    const { va, roomId } = await makeGroup(host, "Dropped");
    const screen = await open(devices, va, roomId);
    const button = column(screen).getByRole("button", {
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

  journey("is not changed by members, who see it only", async ({ devices, host }) => {
    const { company, roomId } = await makeGroup(host, "Looking");
    const screen = await open(devices, company, roomId);
    await seen(column(screen).getByRole("heading", { name: "2 members" }));
    await gone(column(screen).getByRole("button", { name: /picture/ }));
  });
});

describe("a picture that is refused", () => {
  journey("says why, and is tried again as it was cut", async ({ devices, host }) => {
    const { va, company, roomId } = await makeGroup(host, "Refused");
    const screen = await open(devices, company, roomId);
    await host.giveRole(va, roomId, company, "admin");
    await chooseIn(column(screen), await makePhoto("shelf.jpg", { width: 900, height: 600 }));
    const dialog = cropDialog(screen);
    await dialog.getByRole("slider", { name: "Zoom" }).fill("0.4");
    const shown = await drawn(dialog);
    screen.guard.allow(/status of 50\d/);
    await screen.page.route(`**/api/chat/rooms/${roomId}`, (route) =>
      route.request().method() === "PATCH" ? route.fulfill({ status: 503, body: "" }) : route.continue(),
    );
    await dialog.getByRole("button", { name: "Use picture" }).click();
    await seen(dialog.getByText(/could not be changed\. .*try again/i));
    expect(await drawn(dialog)).toBe(shown);
    await screen.page.unrouteAll();
    await dialog.getByRole("button", { name: "Try again" }).click();
    await gone(dialog);
    await eventually(() => sideOf(column(screen))).toBe(512);
  });

  journey("by this browser is another one after a word about what to choose", async ({ devices, host }) => {
    const { va, roomId } = await makeGroup(host, "Unknown");
    const screen = await open(devices, va, roomId);
    await chooseIn(column(screen), {
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
    const screen = await open(devices, va, roomId);
    const { page } = screen;
    await chooseIn(column(screen), await makePhoto("shelf.jpg"));
    await cropDialog(screen).getByRole("button", { name: "Use picture" }).click();
    await eventually(() => sideOf(column(screen))).toBe(512);
    await eventually(async () => (await listKeptFiles(screen)).join()).toContain(`/kept-pictures/${roomId}/`);
    await whenCached(screen, "changed the picture");
    await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
    await screen.loseNetwork();
    const button = column(screen).getByRole("button", {
      name: "Change the picture",
    });
    await button.click({ force: true }); // what is not offered now says why
    await seen(page.getByText(/^You are offline\. You can change the picture/).filter({ visible: true }));
    expect(await button.getAttribute("aria-disabled")).toBe("true");

    await page.reload();
    await eventually(() => sideOf(screen.entry("Far away"))).toBe(512);
    expect(await picture(screen.entry("Far away")).getAttribute("src")).toMatch(/^blob:/);
  });
});

describe("a new group", () => {
  journey("has its picture from the start, on a phone", async ({ devices, host }) => {
    const [va, company] = [await host.makePerson("va"), await host.makePerson("company")];
    const screen = await devices.signIn(va, PHONE);
    const { page } = screen;
    await page.getByRole("button", { name: "New conversation" }).first().tap();
    const dialog = page.getByRole("dialog", { name: "New conversation" });
    await dialog.getByRole("button", { name: /^New group/ }).tap();
    await dialog.getByRole("searchbox", { name: "Search people" }).fill(company.name);
    await dialog.getByRole("checkbox", { name: startingWith(company.name) }).check();
    await dialog.getByRole("button", { name: "Next" }).tap();
    await chooseIn(dialog, await makePhoto("shelf.jpg"));
    await cropDialog(screen).getByRole("button", { name: "Use picture" }).tap();
    await gone(cropDialog(screen));
    await seen(dialog.getByRole("button", { name: "Change the picture" }));
    await dialog.getByRole("textbox", { name: "Name of the group" }).fill("With a face");
    await dialog.getByRole("button", { name: "Make group" }).tap();
    await screen.whenOpen("With a face");
    await eventually(() => sideOf(screen.conversationWith("With a face"))).toBe(512);
  });
});

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

async function open(devices: Devices, person: Person, roomId: string, options = {}): Promise<Screen> {
  const screen = await devices.signIn(person, options, `/chat/${roomId}`);
  await screen.whenJoined(roomId);
  return screen;
}

function column({ page }: Screen): Locator {
  return page.getByRole("complementary", { name: "Profile" });
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

/** Of the four sides of a canvas or picture: red, green and blue of a place near the middle of each. */
async function colours(shown: Locator): Promise<number[]> {
  return shown.evaluate((element) => {
    const canvas = Object.assign(document.createElement("canvas"), {
      width: 100,
      height: 100,
    });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context?.drawImage(element as HTMLImageElement, 0, 0, 100, 100);
    const places = [[10, 50], [90, 50], [50, 10], [50, 90]] as const; // prettier-ignore
    return places.flatMap(([x, y]) => [...(context?.getImageData(x, y, 1, 1).data ?? [])].slice(0, 3));
  });
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
