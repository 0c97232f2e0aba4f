/** Taking pictures within the page, with Chromium's own fake cameras, and looking at what has become of them. */
import type { Locator, Page } from "playwright-core";

import { eventually, seen } from "./waiting";

export function cameraOf(page: Page): Locator {
  return page.getByRole("dialog", { name: "Take a picture" });
}

/** Opens the camera from the menu. */
export async function openCamera(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Attach a file" }).click();
  await page.getByRole("menuitem", { name: "Take a picture" }).click();
  await seen(cameraOf(page));
  return cameraOf(page);
}

/** Waits until the camera shows something. */
export async function whenLive(dialog: Locator): Promise<void> {
  await seen(dialog.getByRole("button", { name: "Take picture", disabled: false }));
}

export async function takePicture(dialog: Locator): Promise<void> {
  await whenLive(dialog);
  await dialog.getByRole("button", { name: "Take picture" }).click();
  await seen(dialog.getByRole("img", { name: "The picture that you have taken" }));
}

/** Gives the page a camera that sees red on its left side and blue on its right. Runs before the page's own scripts. */
export function seeTwoColours(): void {
  navigator.mediaDevices.getUserMedia = () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const context = canvas.getContext("2d");
    const draw = (): void => {
      if (context === null) return;
      context.fillStyle = "#e00000";
      context.fillRect(0, 0, 320, 480);
      context.fillStyle = "#0000e0";
      context.fillRect(320, 0, 320, 480);
      requestAnimationFrame(draw);
    };
    draw();
    return Promise.resolve(canvas.captureStream());
  };
}

/** The browser gives a camera only once the page's `giveCamera` is called. Runs before the page's own scripts. */
export function delayCamera(): void {
  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  devices.getUserMedia = (constraints) => given.then(() => ask(constraints));
  Object.assign(window, { giveCamera: give });
}

/** Lets the page have the camera that `delayCamera` holds back. */
export async function giveCamera(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as { giveCamera(): void }).giveCamera());
}

/** Takes the permission from a page, as its person does in the browser's settings. */
export async function forbidCamera(page: Page): Promise<void> {
  const browser = page.context().browser();
  if (browser === null) throw new Error("The page has no browser.");
  const ofPage = await page.context().newCDPSession(page);
  const { targetInfo } = await ofPage.send("Target.getTargetInfo");
  const session = await browser.newBrowserCDPSession();
  const { browserContextId } = targetInfo;
  const origin = new URL(page.url()).origin;
  await session.send("Browser.setPermission", {
    permission: { name: "camera" },
    setting: "denied",
    origin,
    ...(browserContextId !== undefined && { browserContextId }),
  });
}

type Colour = readonly [red: number, green: number, blue: number];

/** What a picture (or a film) shows, in so many columns and rows, from the top left. */
export async function readColours(picture: Locator, columns: number, rows: number): Promise<readonly Colour[]> {
  await eventually(() => picture.evaluate((image: HTMLImageElement) => image.complete)).toBe(true);
  return picture.evaluate(
    (image: HTMLImageElement, [width, height]) => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d");
      if (context === null) return [];
      context.drawImage(image, 0, 0, width, height);
      const { data } = context.getImageData(0, 0, width, height);
      return Array.from({ length: width * height }, (_, index) => {
        const [red = 0, green = 0, blue = 0] = data.slice(index * 4);
        return [red, green, blue] as const;
      });
    },
    [columns, rows] as const,
  );
}
