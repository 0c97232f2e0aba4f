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

/** What Playwright turns off. Chromium goes by the last list that it is given, and so that has to hold these, too. */
const OFF_FOR_PLAYWRIGHT = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
];
/** Pages of Chromium's own, such as the suggestions of its address bar. Each new device loaded two that nobody sees. */
const OWN_PAGES = ["PreloadTopChromeWebUI", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"];

interface Means {
  readonly cameras?: number;
  /** What whoever is asked for a microphone or a camera says, at once. */
  readonly isAllowed?: boolean;
}

export async function launchChromium({ cameras = 2, isAllowed = true }: Means = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error("There is no Chromium: set CHROMIUM, or install one.");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      `--disable-features=${[...OFF_FOR_PLAYWRIGHT, ...OWN_PAGES].join(",")}`,
      // The wheel scrolls at once: what stands where is known in the next frame.
      "--disable-smooth-scrolling",
      // A microphone that beeps, and cameras that see a clock on green.
      `--use-fake-device-for-media-stream=device-count=${cameras}`,
      `--use-fake-ui-for-media-stream${isAllowed ? "" : "=deny"}`,
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
