/** Choosing and recording files: from the buttons, the clipboard and the hand to the tray, and from there into a message. */
import { describe, expect } from "vitest";

import { findViolations } from "../harness/accessibility";
import * as choosing from "../harness/choosing";
import { card, choose, newestFiles, tray } from "../harness/choosing";
import { PHONE, WITH_WORKER } from "../harness/devices";
import { makeBrokenPng, makePdf, makePhoto, makePng, makeText } from "../harness/files";
import { journey } from "../harness/journey";
import { tabTo } from "../harness/keyboard";
import type { Screen } from "../harness/screen";
import { eventually, gone, seen } from "../harness/waiting";

describe("whoever chooses files", () => {
  journey("sends several with a caption, while they are on their way", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    await choose(screen, [await makePhoto("beach.jpg"), makePdf("contract.pdf")]);
    await seen(card(screen, "beach.jpg").locator("img"), card(screen, "contract.pdf"));
    await screen.composer.fill("As promised");
    await screen.composer.press("Enter");
    await seen(screen.message("As promised"));
    await gone(tray(screen));
    expect(await newestFiles(host, va, roomId)).toMatchObject([
      { name: "beach.jpg", kind: "image" },
      { name: "contract.pdf", kind: "pdf" },
    ]);
    expect((await host.readRoom(va, roomId)).map(({ content }) => content)).toEqual(["As promised"]);
  });

  journey("pastes and drops them, and words where an office program has drawn them, too", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const { page, composer, log } = screen;
    await eventually(() => choosing.paste(composer, [makeText("pasted.txt")], {})).toBe(true);
    await seen(card(screen, "pasted.txt"));
    const cells = { "text/html": "<table><td>1</td></table>", "text/plain": "1" };
    await choosing.paste(composer, [await makePng("cells.png")], cells);
    await choosing.drop(page.getByRole("main"), [makeText("dropped.txt")], true);
    await seen(page.getByText("Drop files to send them here"));
    await choosing.drop(page.getByRole("main"), [makeText("dropped.txt"), makePdf("dropped.pdf")]);
    await gone(page.getByText("Drop files to send them here"));
    await seen(card(screen, "dropped.txt"), card(screen, "dropped.pdf"));
    expect(await tray(screen).getByRole("listitem").count()).toBe(3);
    // Beside the conversation nothing happens, and the page stays.
    await choosing.drop(screen.list, [makeText("beside.txt")]);
    await screen.sendButton.click();
    await seen(log.getByRole("article"));
    expect((await newestFiles(host, va, roomId)).map(({ name }) => name)).toEqual([
      "pasted.txt",
      "dropped.txt",
      "dropped.pdf",
    ]);
  });

  journey("is told what cannot be sent and why, and sends the rest without it", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const { page } = screen;
    await screen.composer.fill("The logo");
    await choose(screen, [await makeBrokenPng("logo.png"), makeText("empty.txt", ""), makeText("logo.txt")]);
    await seen(page.getByRole("alert").getByText("The file is empty"));
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await gone(page.getByText("The file is empty"));
    await seen(card(screen, "logo.png").getByText("The file is broken, or not what its name says"));
    await eventually(() => screen.sendButton.isDisabled()).toBe(true);
    await seen(page.getByText("Remove what cannot be sent. Then the rest can go."));
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Remove logo.png" }).click();
    await choose(
      screen,
      Array.from({ length: 11 }, (_, index) => makeText(`${index}.txt`)),
    );
    await seen(page.getByText("A message takes up to ten files. 2 were left out."));
    await seen(card(screen, "8.txt"));
    await screen.sendButton.click();
    await seen(screen.message("The logo"));
    await gone(page.getByText("A message takes up to ten files."));
    expect(await newestFiles(host, va, roomId)).toHaveLength(10);
  });

  journey("sends photographs smaller or as they are, and says what can be seen", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const { page } = screen;
    const send = async (): Promise<void> => {
      await screen.sendButton.click();
      await gone(tray(screen));
    };
    const photo = await makePhoto("sea.jpg", { width: 3_000, height: 2_000 });
    await choose(screen, [photo], "Photo or video");
    await page.getByRole("button", { name: "Add description: sea.jpg" }).click();
    const dialog = page.getByRole("dialog", { name: "Description of the picture" });
    const words = dialog.getByRole("textbox", { name: "What can be seen?" });
    // A description has 500 code points, and ends in no part of an emoji. What is typed in the middle moves nothing out.
    await words.fill(`${"a".repeat(498)}👨‍👩‍👧`);
    expect(await words.inputValue()).toBe("a".repeat(498));
    await words.press("Control+Home");
    await page.keyboard.type("bcd");
    expect(await words.inputValue()).toBe(`bc${"a".repeat(498)}`);
    await words.fill("Hills under a moon");
    await dialog.getByRole("button", { name: "Save" }).click();
    await seen(page.getByRole("button", { name: "Described: sea.jpg" }));
    await send();
    expect(await newestFiles(host, va, roomId)).toMatchObject([{ width: 2_048, alt: "Hills under a moon" }]);
    await choose(screen, [photo], "Photo or video");
    await page.getByRole("checkbox", { name: "Original size" }).check();
    await seen(card(screen, "sea.jpg").getByText("Ready"));
    await send();
    await eventually(async () => (await newestFiles(host, va, roomId)).map(({ width }) => width)).toEqual([3_000]);
  });

  journey("finds the tray as it was after a reload, and in its own conversation only", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const other = await host.makePerson("company");
    const otherRoom = await host.makeRoom(va, other);
    const screen = await devices.openConversation(va, company, roomId);
    await choose(screen, [await makePhoto("beach.jpg")]);
    await seen(card(screen, "beach.jpg").getByText("Ready"));
    await screen.page.reload();
    await seen(card(screen, "beach.jpg").locator("img"));
    await screen.open(other.name);
    await gone(tray(screen));
    await screen.open(company.name);
    await seen(card(screen, "beach.jpg"));
    await screen.sendButton.click();
    expect(await newestFiles(host, va, roomId)).toHaveLength(1);
    expect(await host.readRoom(va, otherRoom)).toEqual([]);
  });

  journey("has none in an edit, and finds the tray behind it", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    await screen.send("First");
    await seen(screen.tick("First", "Sent"));
    await choose(screen, [makeText("a.txt")]);
    await seen(card(screen, "a.txt"));
    await screen.composer.press("ArrowUp");
    await gone(tray(screen), screen.page.getByRole("button", { name: "Attach a file" }));
    await screen.composer.fill("Second");
    await screen.composer.press("Enter");
    await seen(screen.message("Second"), card(screen, "a.txt"));
  });
});

describe("whoever speaks", () => {
  const begin = async (screen: Screen): Promise<void> => {
    const button = screen.page.getByRole("button", { name: "Record a voice message" });
    await seen(button);
    await tabTo(screen.page, /^Record a voice message$/);
  };

  journey("holds the microphone, and sends by letting go, or cancels by sliding away", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const context = await devices.unpack(PHONE, va);
    await context.addInitScript(choosing.countDevices);
    const screen = await devices.openTab(context, `/chat/${roomId}`);
    await screen.whenOpen(company.name);
    const { page } = screen;
    const { x, y } = await choosing.holdMicrophone(screen);
    expect(await choosing.openDevices(page)).toBe(1);
    await seen(page.getByText("Slide to cancel"));
    await page.mouse.move(x - 150, y, { steps: 5 });
    await gone(page.getByRole("timer"));
    await page.mouse.up();
    expect(await choosing.openDevices(page)).toBe(0);
    await choosing.holdMicrophone(screen);
    await page.mouse.up();
    const [voice] = await newestFiles(host, va, roomId);
    expect(voice).toMatchObject({ kind: "voice" });
    expect(voice?.durationMs).toBeGreaterThan(500);
    expect((await host.readRoom(va, roomId)).length, "what was cancelled is not sent").toBe(1);
    expect(await choosing.openDevices(page)).toBe(0);
  });

  journey("slides up to go on without the finger, and hears it before it is sent", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.openConversation(va, company, roomId);
    const { page } = screen;
    const { x, y } = await choosing.holdMicrophone(screen);
    await page.mouse.move(x, y - 120, { steps: 5 });
    await page.mouse.up();
    await seen(page.getByRole("button", { name: "Send voice message" }));
    expect(await findViolations(page), "while somebody speaks").toEqual([]);
    await page.getByRole("button", { name: "Stop, and listen before sending" }).click();
    await page.getByRole("button", { name: /^Play Voice message/ }).click();
    await seen(page.getByRole("button", { name: /^Pause Voice message/ }));
    await screen.composer.fill("Listen");
    await screen.sendButton.click();
    await seen(screen.message("Listen"));
    expect(await newestFiles(host, va, roomId)).toMatchObject([{ kind: "voice" }]);
  });

  journey("does all of it by keys, and loses nothing by leaving the room", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const other = await host.makePerson("company");
    await host.makeRoom(va, other);
    const screen = await devices.openConversation(va, company, roomId);
    const { page } = screen;
    await begin(screen);
    await page.keyboard.press("Enter");
    await seen(page.getByRole("status").filter({ hasText: "Recording. Escape discards it." }));
    await page.keyboard.press("Escape");
    await gone(page.getByRole("timer"));
    await page.keyboard.press("Enter");
    await choosing.whenSaid(page, 1);
    await page.keyboard.press("Enter");
    expect(await newestFiles(host, va, roomId)).toMatchObject([{ kind: "voice" }]);
    await begin(screen);
    await page.keyboard.press("Enter");
    await choosing.whenSaid(page, 1);
    await screen.open(other.name);
    await gone(tray(screen));
    await screen.open(company.name);
    await seen(card(screen, "Voice message"));
    expect(await host.readRoom(va, roomId)).toHaveLength(1);
  });

  journey("is told what to do where the microphone is not allowed", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const context = await devices.unpack({}, va);
    await context.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
    });
    const screen = await devices.openTab(context, `/chat/${roomId}`);
    await screen.whenOpen(company.name);
    await begin(screen);
    await screen.page.keyboard.press("Enter");
    await seen(screen.page.getByRole("alert").getByText("The microphone is not allowed here."));
    await screen.send("I will write instead");
  });
});

describe("another app", () => {
  journey("shares files and words with the conversation that somebody chooses", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const screen = await devices.signIn(va, WITH_WORKER);
    const { page } = screen;
    await screen.whenComplete();
    await choosing.share(page, [makePdf("plan.pdf"), makeText("Año.txt")], {
      text: "The plan",
      url: "https://a.example",
    });
    const dialog = page.getByRole("dialog", { name: "Share to…" });
    await seen(dialog.getByText("plan.pdf, Año.txt"));
    expect(await findViolations(page)).toEqual([]);
    await page.reload();
    await dialog.getByRole("searchbox", { name: "Search conversations" }).fill(company.name);
    await dialog.getByRole("button", { name: company.name }).click();
    await screen.whenOpen(company.name);
    await seen(card(screen, "plan.pdf"), card(screen, "Año.txt"));
    expect(await screen.composer.inputValue()).toBe("The plan\nhttps://a.example");
    await screen.sendButton.click();
    await seen(screen.message("The plan"));
    expect(await newestFiles(host, va, roomId)).toHaveLength(2);
    await page.goto("/chat");
    await screen.whenOnline();
    await gone(dialog);
  });
});

journey("all of it is said in Spanish, and fits a small phone", async ({ devices, host }) => {
  const { va, company, roomId } = await host.makePair();
  const options = { ...PHONE, viewport: { width: 360, height: 740 }, locale: "es-ES" };
  const context = await devices.unpack({ ...options, colorScheme: "dark" }, va);
  const screen = await devices.openTab(context, `/chat/${roomId}`);
  const { page } = screen;
  await page.getByRole("button", { name: "Adjuntar un archivo" }).click();
  await seen(page.getByRole("menuitem", { name: "Hacer una foto" }), page.getByRole("menuitem", { name: "Archivo" }));
  expect(await findViolations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await choose(screen, [await makePhoto("playa.jpg"), await makeBrokenPng("logo.png")], "Archivo");
  const cards = tray(screen, "Archivos para enviar").getByRole("listitem");
  await seen(cards.getByText("Listo"), cards.getByText("El archivo está dañado"));
  await seen(page.getByRole("button", { name: "Añadir descripción: playa.jpg" }));
  expect(await findViolations(page)).toEqual([]);
  for (const button of await page.getByRole("main").getByRole("button").all()) {
    const box = await button.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), await button.innerText()).toBeGreaterThanOrEqual(44);
  }
  expect((await page.getByRole("textbox", { name: "Mensaje" }).boundingBox())?.width).toBeGreaterThan(150);
  expect(company.name).not.toBe("");
});
