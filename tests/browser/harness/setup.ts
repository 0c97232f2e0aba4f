/** Before all journeys: is there a browser to drive? */
import type { TestProject } from "vitest/node";

import { findChromium } from "./chromium";

declare module "vitest" {
  export interface ProvidedContext {
    hasBrowser: boolean;
  }
}

/** @throws where continuous integration runs without a browser: there nothing may be left out unnoticed. */
export default function setup(project: TestProject): void {
  const hasBrowser = findChromium() !== null;
  if (!hasBrowser) {
    const sentence = "No Chromium on this machine (CHROMIUM names one): the browser journeys are left out.";
    if (process.env.CI === "true") throw new Error(sentence);
    console.warn(sentence);
  }
  project.provide("hasBrowser", hasBrowser);
}
