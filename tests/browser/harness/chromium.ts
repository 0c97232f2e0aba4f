/** The browser that journeys drive: the machine's own Chromium. Nothing is downloaded. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import { chromium, type Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Its path: from the environment variable CHROMIUM, else the first one on PATH. Null when there is none. */
export function findChromium(): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return process.env.CHROMIUM ?? candidates.find(isExecutable) ?? null;
}

export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error("There is no Chromium: set CHROMIUM, or install one.");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      // The wheel scrolls at once: what stands where is known in the next frame.
      "--disable-smooth-scrolling",
      // A microphone that beeps, and that nobody has to be asked for.
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
    ],
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
