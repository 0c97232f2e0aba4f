/** What people are sent besides words: pictures, voice, documents. */
import { expect } from "vitest";

import { findViolations } from "../harness/accessibility";
import { Correspondent } from "../harness/correspondent";
import { PHONE } from "../harness/devices";
import { makeFilm, makePdf, makePhoto, makeText, makeVoice, sendFiles } from "../harness/files";
import { pointAtMessages, settle, turnWheel } from "../harness/history";
import { journey } from "../harness/journey";
import { watchShifts } from "../harness/measures";
import { eventually, gone, seen } from "../harness/waiting";

journey("pictures have their room before they are there, and nothing moves", async ({ devices, host, server }) => {
  const { va, company, roomId } = await host.makePair();
  const photos = await Promise.all([1, 2, 3, 4, 5].map((seed) => makePhoto(`${seed}.jpg`, { seed })));
  for (let count = 1; count <= photos.length; count++) {
    await sendFiles(server, company, roomId, photos.slice(0, count), count % 2 ? `${count} of them` : "");
  }
  await sendFiles(server, company, roomId, [await makeVoice(), makePdf("contract.pdf")]);
  await Correspondent.markRead(server, va, roomId, photos.length + 1);
  const screen = await devices.openConversation(va, company, roomId);
  await seen(screen.page.getByRole("button", { name: "Play" }));
  await pointAtMessages(screen);
  await settle(screen);
  const shifts = await watchShifts(screen.page);
  for (let turn = 0; turn < 6; turn++) await turnWheel(screen, -400);
  await seen(screen.message("1 of them"));
  await sendFiles(server, company, roomId, [await makePhoto("last.jpg", { width: 300, height: 900 })], "A last one");
  await settle(screen);
  expect(await shifts()).toEqual([]);
  await screen.page.getByRole("button", { name: /^Jump to latest/ }).click();
  await seen(screen.message("A last one").locator(".hc-picture__image:not(.hc-picture__image--coming)").nth(1));
});

journey(
  "somebody looks through all pictures by keyboard, and is back where they were",
  async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    const described = [1, 2].map(async (seed) => makePhoto(`${seed}.jpg`, { seed }));
    await sendFiles(server, company, roomId, await Promise.all(described));
    await sendFiles(server, company, roomId, [await makeFilm("tour.mp4")], "The tour");
    const screen = await devices.openConversation(va, company, roomId);
    const first = screen.log.getByRole("button", { name: `Photo from ${company.name}, 1 of 2` });
    await first.focus();
    await screen.page.keyboard.press("Enter");
    const viewer = screen.page.getByRole("dialog");
    await seen(viewer.getByRole("heading", { name: "Photo 1 of 3" }), viewer.getByRole("img"));
    expect(await findViolations(screen.page)).toEqual([]);
    await screen.page.keyboard.press("+");
    await seen(viewer.locator("[data-current] [style*=scale]"));
    await screen.page.keyboard.press("0");
    await gone(viewer.locator("[data-current] [style*=scale]"));
    await screen.page.keyboard.press("ArrowRight");
    await seen(viewer.getByRole("heading", { name: "Photo 2 of 3" }));
    await screen.page.keyboard.press("ArrowRight");
    await seen(viewer.getByRole("heading", { name: "Video 3 of 3" }), viewer.locator("video"));
    await screen.page.keyboard.press("Escape");
    await gone(viewer);
    expect(await first.evaluate((button) => button === document.activeElement)).toBe(true);
  },
);

journey("a finger enlarges a picture, moves it and sweeps to the next", async ({ devices, host, server }) => {
  const { va, company, roomId } = await host.makePair();
  const photos = await Promise.all([1, 2].map((seed) => makePhoto(`${seed}.jpg`, { seed })));
  await sendFiles(server, company, roomId, photos);
  const screen = await devices.openConversation(va, company, roomId, PHONE);
  await screen.log.getByRole("button", { name: /1 of 2/ }).tap();
  const viewer = screen.page.getByRole("dialog");
  await seen(viewer.getByRole("heading", { name: "Photo 1 of 2" }), viewer.getByRole("img"));
  const stage = viewer.locator(".hc-viewer__stage");
  const frame = viewer.locator("[data-current] .hc-slide__frame");
  const widthOf = async () => (await frame.boundingBox())?.width ?? 0;
  const whole = await widthOf();
  await touchTwice(stage);
  await eventually(widthOf).toBeGreaterThan(whole * 2);
  await touchTwice(stage);
  await eventually(widthOf).toBe(whole);
  await sweep(stage, -220);
  await seen(viewer.getByRole("heading", { name: "Photo 2 of 2" }));
  await viewer.getByRole("button", { name: "Go to the message" }).click();
  await gone(viewer);
});

journey("documents are downloaded under their names", async ({ devices, host, server }) => {
  const { va, company, roomId } = await host.makePair();
  await sendFiles(server, company, roomId, [makePdf("Vertrag für Ana.pdf"), makeText("notes.txt", "Bring cake.")]);
  const screen = await devices.openConversation(va, company, roomId);
  for (const name of ["Vertrag für Ana.pdf", "notes.txt"]) {
    const coming = screen.page.waitForEvent("download");
    await screen.log.getByRole("link", { name: `Download ${name}` }).click();
    expect((await coming).suggestedFilename()).toBe(name);
  }
});

type Stage = ReturnType<import("../harness/screen").Screen["page"]["locator"]>;

/** Two quick taps in the middle. */
async function touchTwice(stage: Stage): Promise<void> {
  const box = (await stage.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  for (let tap = 0; tap < 2; tap++) await stage.page().touchscreen.tap(x, y);
}

/** One finger, so many pixels to the side. */
async function sweep(stage: Stage, pixels: number): Promise<void> {
  const session = await stage.page().context().newCDPSession(stage.page());
  const box = (await stage.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", by: number) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x: x + by, y }] });
  await touch("touchStart", 0);
  for (let part = 1; part <= 4; part++) await touch("touchMove", (pixels * part) / 4);
  await touch("touchEnd", pixels);
  await session.detach();
}
