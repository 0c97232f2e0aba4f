/** What people are sent besides words: pictures, voice, documents. */
import type { Locator } from "playwright-core";
import { expect } from "vitest";

import { findViolations } from "../harness/accessibility";
import { Correspondent } from "../harness/correspondent";
import { PHONE, WITH_WORKER } from "../harness/devices";
import { makeFilm, makePdf, makePhoto, makeText, makeVoice, sendFiles } from "../harness/files";
import { pointAtMessages, settle, turnWheel } from "../harness/history";
import { LOST_CONNECTION } from "../harness/guard";
import { journey } from "../harness/journey";
import { watchShifts } from "../harness/measures";
import type { Screen } from "../harness/screen";
import { isKeptAnywhere, listKeptFiles, whenCached } from "../harness/storage";
import { chooseFiles } from "../harness/uploads";
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

journey("what was seen can be seen without a network, and goes with its message", async ({ devices, host, server }) => {
  const { va, company, roomId } = await host.makePair();
  const sent = await sendFiles(server, company, roomId, [await makePhoto("harbour.jpg")], "The harbour");
  const context = await devices.unpack(WITH_WORKER, va);
  const first = await devices.openTab(context, `/chat/${roomId}`);
  await first.whenComplete();
  await first.whenJoined(roomId);
  await seen(drawn(first, "The harbour"));
  const fileId = sent.attachments[0]!.id;
  await eventually(() => listKeptFiles(first)).toEqual([expect.stringContaining(fileId)]);
  await whenCached(first, "The harbour");
  await first.loseNetwork();
  await first.page.close();
  const second = await devices.openBlank(context);
  second.guard.allow(LOST_CONNECTION);
  await second.page.goto(`/chat/${roomId}`);
  await seen(drawn(second, "The harbour"));
  await context.setOffline(false);
  await second.whenJoined(roomId);
  await host.deleteMessage(company, sent.id);
  await seen(second.message("This message was deleted."));
  await eventually(() => isKeptAnywhere(second, fileId)).toBe(false);
  expect(await isKeptAnywhere(second, "harbour.jpg")).toBe(false);
});

journey(
  "an address that leads to nothing is replaced, and a file that is gone says so",
  async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    await sendFiles(server, company, roomId, [await makePhoto("1.jpg")], "renewed");
    await sendFiles(server, company, roomId, [await makePhoto("2.jpg", { seed: 2 })], "gone for good");
    const context = await devices.unpack({}, va);
    const asked: string[] = [];
    await context.route(/\/api\/chat\/files\/.*\/preview/, async (route) => {
      asked.push(route.request().url());
      const [first] = asked;
      const isRenewed = asked.indexOf(route.request().url()) < asked.length - 1;
      if (route.request().url() === first && isRenewed) await route.continue();
      else await route.fulfill({ status: 404, body: "{}" });
    });
    const screen = await devices.openTab(context, `/chat/${roomId}`);
    screen.guard.allow(/404/);
    await screen.whenJoined(roomId);
    await seen(screen.log.getByText("No longer available"));
    await eventually(() => screen.log.locator(".hc-picture__missing").count()).toBe(1);
    await settle(screen);
    expect(asked.length, "each is asked for twice").toBeLessThanOrEqual(4);
  },
);

journey(
  "voice messages are played one after the other, and moved through by keyboard",
  async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    await sendFiles(server, company, roomId, [await makeVoice(1, 1)]);
    await sendFiles(server, company, roomId, [await makeVoice(30, 2)]);
    const screen = await devices.openConversation(va, company, roomId);
    const [first, second] = [0, 1].map((nth) =>
      screen.log.getByRole("group", { name: `Voice message from ${company.name}` }).nth(nth),
    ) as [Locator, Locator];
    await first.getByRole("button", { name: "Play" }).click();
    await seen(second.getByRole("button", { name: "Pause" }));
    await seen(first.getByRole("button", { name: "Play" }));
    await second.getByRole("slider", { name: "Position" }).focus();
    await screen.page.keyboard.press("End");
    await seen(second.getByRole("button", { name: "Play" }));
    await screen.page.keyboard.press("Home");
    await screen.page.keyboard.press("PageUp");
    await eventually(() => second.getByRole("slider").getAttribute("aria-valuetext")).toBe("0:09 of 0:30");
    await second.getByRole("button", { name: "Speed: 1×" }).click();
    await screen.page.reload();
    await seen(first.getByRole("button", { name: "Speed: 1.5×" }));
  },
);

journey("a picture of one's own is there from the first moment, and never leaves", async ({ devices, host }) => {
  const { va, company, roomId } = await host.makePair();
  const screen = await devices.openConversation(va, company, roomId);
  await chooseFiles(screen, [await makePhoto("mine.jpg", { seed: 3 })]);
  await screen.composer.fill("Mine");
  await screen.sendButton.click();
  await seen(drawn(screen, "Mine"));
  const missing = await screen.message("Mine").evaluateHandle((article) => {
    const watched = { frames: 0, missing: 0, isEnded: false };
    const look = (): void => {
      const images = [...article.querySelectorAll<HTMLImageElement>(".hc-picture__image")];
      watched.frames++;
      if (!images.some(({ complete, naturalWidth }) => complete && naturalWidth > 100)) watched.missing++;
      if (!watched.isEnded) requestAnimationFrame(look);
    };
    look();
    return watched;
  });
  await seen(screen.tick("Mine", "Sent"), screen.log.getByRole("button", { name: `Photo from ${va.name}` }));
  await settle(screen);
  expect(await missing.evaluate((watched) => ((watched.isEnded = true), watched.missing))).toBe(0);
});

journey(
  "all files of a conversation are found in its info, and lead to their messages",
  async ({ devices, host, server }) => {
    const { va, company, roomId } = await host.makePair();
    await sendFiles(server, company, roomId, [await makePhoto("1.jpg"), makePdf("contract.pdf")], "The contract");
    await sendFiles(server, company, roomId, [await makeFilm("tour.mp4")]);
    const screen = await devices.openConversation(va, company, roomId);
    await screen.page.getByRole("button", { name: "Photos, files and voice" }).click();
    const dialog = screen.page.getByRole("dialog", { name: "Photos, files and voice" });
    await eventually(() => dialog.getByRole("tabpanel").getByRole("listitem").count()).toBe(2);
    await dialog.getByRole("button", { name: `Photo from ${company.name}` }).click();
    await seen(screen.page.getByRole("heading", { name: "Photo 1 of 2" }));
    await screen.page.keyboard.press("Escape");
    await dialog.getByRole("tab", { name: "Photos and videos" }).focus();
    await screen.page.keyboard.press("ArrowRight");
    await seen(dialog.getByRole("link", { name: "Download contract.pdf" }));
    expect(await findViolations(screen.page)).toEqual([]);
    await screen.page.keyboard.press("ArrowRight");
    await seen(dialog.getByText("No voice messages yet"));
    await screen.page.keyboard.press("ArrowLeft");
    await dialog.getByRole("button", { name: "Go to the message" }).click();
    await gone(dialog);
    await seen(screen.message("The contract"));
  },
);

journey("files are told of in Spanish", async ({ devices, host, server }) => {
  const { va, company, roomId } = await host.makePair();
  await sendFiles(server, company, roomId, [{ ...(await makePhoto("1.jpg")), alt: "Un puerto al amanecer" }]);
  await sendFiles(server, company, roomId, [await makeVoice(1)]);
  const screen = await devices.openTab(await devices.unpack({ locale: "es-ES" }, va), `/chat/${roomId}`);
  await seen(screen.page.getByRole("link", { name: /Mensaje de voz/ }));
  await screen.page.getByRole("button", { name: "Un puerto al amanecer" }).click();
  await seen(screen.page.getByRole("heading", { name: "Foto 1 de 1" }), screen.page.getByText("Un puerto al amanecer"));
});

/** The picture of a message, when it is there. */
function drawn(screen: Screen, text: string): Locator {
  return screen.message(text).locator('.hc-picture__image[src^="blob:"]:not(.hc-picture__image--coming)');
}

/** Two quick taps in the middle. */
async function touchTwice(stage: Locator): Promise<void> {
  const box = (await stage.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  for (let tap = 0; tap < 2; tap++) await stage.page().touchscreen.tap(x, y);
}

/** One finger, so many pixels to the side. */
async function sweep(stage: Locator, pixels: number): Promise<void> {
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
