/** Pictures that are taken within the page, by the cameras that Chromium pretends to have. */
import { describe, expect } from "vitest";

import { findViolations } from "../harness/accessibility";
import { enlargeText, findUnreachable, LITTLE_ROOM } from "../harness/adaptations";
import * as taking from "../harness/camera";
import { cameraOf, openCamera, takePicture, whenLive } from "../harness/camera";
import { launchChromium } from "../harness/chromium";
import { card, countDevices, givenDevices, newestFiles, openDevices } from "../harness/choosing";
import { Devices, PHONE } from "../harness/devices";
import { makePhoto } from "../harness/files";
import type { Host } from "../harness/host";
import { journey } from "../harness/journey";
import { focusedName, focusedRole, tabTo } from "../harness/keyboard";
import type { Server } from "../harness/server";
import { eventually, gone, seen } from "../harness/waiting";
import { lookAway, lookBack } from "../harness/visibility";

/** Somebody in a conversation, whose devices are counted, and whose page has run something first. */
async function sitDown(devices: Devices, host: Host, before: () => void = () => undefined) {
  const { va, company, roomId } = await host.makePair();
  const context = await devices.unpack({}, va);
  await context.addInitScript(countDevices);
  await context.addInitScript(before);
  const screen = await devices.openTab(context, `/chat/${roomId}`);
  await screen.whenOpen(company.name);
  return { screen, page: screen.page, va, company, roomId };
}

/** In a browser of another kind, which ends with it. */
async function inBrowser(
  means: Parameters<typeof launchChromium>[0],
  server: Server,
  use: (devices: Devices) => Promise<void>,
): Promise<void> {
  const browser = await launchChromium(means);
  try {
    const devices = new Devices(browser, server);
    await use(devices);
    expect(await devices.closeAll(), "errors in the pages").toEqual([]);
  } finally {
    await browser.close();
  }
}

describe("on a desk, a picture", () => {
  journey(
    "arrives at the other person as the camera saw it, with words and a description",
    async ({ devices, host }) => {
      const { screen, page, va, company, roomId } = await sitDown(devices, host);
      const other = await devices.openConversation(company, va, roomId);
      const dialog = await openCamera(page);
      await whenLive(dialog);
      expect(await openDevices(page)).toBe(1);
      expect(await findViolations(page)).toEqual([]);
      await takePicture(dialog);
      await seen(dialog.getByRole("status").filter({ hasText: "Picture taken" }));
      expect(await findViolations(page)).toEqual([]);
      await dialog.getByRole("button", { name: "Use picture" }).click();
      await gone(dialog);
      expect(await openDevices(page)).toBe(0);
      await page.getByRole("button", { name: /^Add description/ }).click();
      await page.getByRole("textbox", { name: "What can be seen?" }).fill("A clock on green");
      await page.getByRole("button", { name: "Save" }).click();
      await screen.composer.fill("What I see");
      await screen.composer.press("Enter");
      const picture = other
        .message("What I see")
        .locator('.hc-picture__image[src^="blob:"]:not(.hc-picture__image--coming)');
      await seen(picture);
      const colours = await taking.readColours(picture, 8, 6);
      const green = colours.filter(([red, green, blue]) => green > red + 60 && green > blue + 60);
      expect(green.length, String(colours)).toBeGreaterThan(colours.length / 2);
      expect(new Set(colours.map(String)).size, "more than one colour").toBeGreaterThan(4);
      const [sent] = await newestFiles(host, company, roomId);
      expect(sent).toMatchObject({ kind: "image", alt: "A clock on green" });
      expect(sent?.name).toMatch(/^\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.jpg$/);
      expect(sent?.width).toBeGreaterThanOrEqual(640);
    },
  );

  journey("is as others see it, while the film is a mirror", async ({ devices, host }) => {
    const { page } = await sitDown(devices, host, taking.seeTwoColours);
    const dialog = await openCamera(page);
    await whenLive(dialog);
    const film = dialog.getByLabel("What the camera sees");
    expect(await film.evaluate((element) => getComputedStyle(element).transform)).toBe("matrix(-1, 0, 0, 1, 0, 0)");
    await takePicture(dialog);
    const [left = [], right = []] = await taking.readColours(
      dialog.getByRole("img", { name: "The picture that you have taken" }),
      2,
      1,
    );
    expect(
      left.map((part) => part > 128),
      "red on the left",
    ).toEqual([true, false, false]);
    expect(
      right.map((part) => part > 128),
      "blue on the right",
    ).toEqual([false, false, true]);
  });

  journey("is taken by keys alone", async ({ devices, host }) => {
    const { screen, page, company, roomId } = await sitDown(devices, host);
    await tabTo(page, /^Attach a file$/, "Shift+Tab");
    await page.keyboard.press("Enter");
    await eventually(() => focusedRole(page)).toBe("menuitem");
    await page.keyboard.press("End");
    await eventually(() => focusedName(page)).toBe("Take a picture");
    await page.keyboard.press("Enter");
    const dialog = cameraOf(page);
    await whenLive(dialog);
    await eventually(() => focusedName(page)).toBe("Take picture");
    await page.keyboard.press("Space");
    await eventually(() => focusedName(page)).toBe("Use picture");
    await tabTo(page, /^Take again$/, "Shift+Tab");
    await page.keyboard.press("Enter");
    await whenLive(dialog);
    await eventually(() => focusedName(page)).toBe("Take picture");
    await page.keyboard.press("Enter");
    await eventually(() => focusedName(page)).toBe("Use picture");
    await page.keyboard.press("Enter");
    await gone(dialog);
    expect(await focusedName(page)).toBe("Attach a file");
    await seen(card(screen, ".jpg").getByText("Ready"));
    await screen.sendButton.click();
    expect(await newestFiles(host, company, roomId)).toHaveLength(1);
  });

  journey("is taken by the camera that somebody chooses", async ({ devices, host }) => {
    const { page } = await sitDown(devices, host);
    const dialog = await openCamera(page);
    await whenLive(dialog);
    const choice = dialog.getByRole("combobox", { name: "Camera" });
    const ids = await choice
      .getByRole("option")
      .evaluateAll((options) => options.map((one) => (one as HTMLOptionElement).value));
    expect(ids).toHaveLength(2);
    const used = () =>
      dialog.getByLabel("What the camera sees").evaluate((film: HTMLVideoElement) => {
        const [track] = (film.srcObject as MediaStream).getVideoTracks();
        return track?.getSettings().deviceId;
      });
    for (const id of [...ids].reverse()) {
      await choice.selectOption(id);
      await whenLive(dialog);
      expect(await used()).toBe(id);
      expect(await openDevices(page)).toBe(1);
    }
  });
});

describe("the camera", () => {
  journey("is given back whenever nobody looks at what it sees", async ({ devices, host }) => {
    const { page } = await sitDown(devices, host);
    let dialog = await openCamera(page);
    await whenLive(dialog);
    await page.keyboard.press("Escape");
    await gone(dialog);
    expect(await openDevices(page)).toBe(0);
    expect(await focusedName(page)).toBe("Attach a file");
    dialog = await openCamera(page);
    await takePicture(dialog);
    await dialog.getByRole("button", { name: "Close", exact: true }).click();
    await gone(dialog);
    expect(await openDevices(page)).toBe(0);
    dialog = await openCamera(page);
    await whenLive(dialog);
    await lookAway(page);
    await eventually(() => openDevices(page)).toBe(0);
    await lookBack(page);
    await whenLive(dialog);
    expect(await openDevices(page)).toBe(1);
  });

  journey("that is given after the dialog was closed is given back at once", async ({ devices, host }) => {
    const { page } = await sitDown(devices, host, taking.delayCamera);
    const dialog = await openCamera(page);
    await seen(dialog.getByText("Waiting for the camera"));
    await page.keyboard.press("Escape");
    await gone(dialog);
    await taking.giveCamera(page);
    await eventually(() => givenDevices(page)).toBe(1);
    await eventually(() => openDevices(page)).toBe(0);
  });
});

describe("whoever has no camera", () => {
  journey("is told how to allow it, and may choose a file instead", async ({ host, server }) => {
    await inBrowser({ isAllowed: false }, server, async (devices) => {
      const { screen, page } = await sitDown(devices, host);
      const dialog = await openCamera(page);
      await seen(dialog.getByRole("alert").getByText("The camera is not allowed here. Allow it for this site"));
      expect(await findViolations(page)).toEqual([]);
      expect(await focusedName(page)).toBe("Try again");
      const choosing = page.waitForEvent("filechooser");
      await dialog.getByRole("button", { name: "Choose a picture" }).click();
      const { name, contentType, bytes } = await makePhoto("instead.jpg");
      await (await choosing).setFiles({ name, mimeType: contentType, buffer: bytes });
      await gone(dialog);
      await seen(card(screen, "instead.jpg").getByText("Ready"));
    });
  });

  journey("is told that there is none", async ({ host, server }) => {
    await inBrowser({ cameras: 0 }, server, async (devices) => {
      const { page } = await sitDown(devices, host);
      const dialog = await openCamera(page);
      const alert = dialog.getByRole("alert").getByText("No camera was found. Connect one, then try again.");
      await seen(alert);
      await page.keyboard.press("Escape");
      await gone(dialog);
    });
  });

  journey("is told when it goes while they look", async ({ devices, host }) => {
    const { page } = await sitDown(devices, host);
    const dialog = await openCamera(page);
    await whenLive(dialog);
    await taking.forbidCamera(page);
    await seen(dialog.getByRole("alert").getByText("The camera is gone"));
    expect(await openDevices(page)).toBe(0);
  });

  journey("is offered files alone where the policy of a page forbids it", async ({ devices, host }) => {
    const { va, company, roomId } = await host.makePair();
    const context = await devices.unpack({}, va);
    await context.route("**/chat/*", async (route) => {
      const answer = await route.fetch();
      const headers = { ...answer.headers(), "permissions-policy": "camera=()" };
      await route.fulfill({ response: answer, headers });
    });
    const screen = await devices.openTab(context, `/chat/${roomId}`);
    // For the browser, such an answer comes from another network than the server's.
    screen.guard.allow(/ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS/);
    await screen.whenOpen(company.name);
    await screen.page.getByRole("button", { name: "Attach a file" }).click();
    await seen(screen.page.getByRole("menuitem", { name: "File", exact: true }));
    expect(await screen.page.getByRole("menuitem").count()).toBe(2);
  });
});

journey("all of it is said in Spanish, and fits a small phone and large text", async ({ devices, host }) => {
  const { va, roomId } = await host.makePair();
  const options = { ...PHONE, viewport: { width: 360, height: 640 }, locale: "es-ES" };
  const context = await devices.unpack({ ...options, colorScheme: "dark" }, va);
  const { page } = await devices.openTab(context, `/chat/${roomId}`);
  await page.getByRole("button", { name: "Adjuntar un archivo" }).click();
  await page.getByRole("menuitem", { name: "Hacer una foto" }).click();
  const dialog = page.getByRole("dialog", { name: "Hacer una foto" });
  await seen(dialog.getByRole("button", { name: "Hacer la foto", disabled: false }));
  const expectLarge = async (): Promise<void> => {
    expect(await findViolations(page)).toEqual([]);
    for (const control of await dialog.locator("button, select").all()) {
      const box = await control.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0), await control.innerText()).toBeGreaterThanOrEqual(44);
    }
  };
  await expectLarge();
  await dialog.getByRole("button", { name: "Hacer la foto" }).click();
  await seen(dialog.getByRole("button", { name: "Usar la foto" }));
  await expectLarge();
  await enlargeText(page);
  await page.setViewportSize(LITTLE_ROOM);
  expect(await findUnreachable(page)).toEqual([]);
});
