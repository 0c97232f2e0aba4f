/** Every screen: examined by axe-core, and with SCREENS=1 kept as a picture in docs/screens. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { describe, expect } from "vitest";

import { findViolations } from "../harness/accessibility";
import { DESK, PHONE } from "../harness/devices";
import { journey } from "../harness/journey";
import { SCENES } from "../harness/scenes";

const FOLDER = resolve(import.meta.dirname, "../../../docs/screens");
const DEVICES = { desk: { viewport: DESK }, phone: PHONE };

describe.each(["light", "dark"] as const)("in %s, the screen", (colorScheme) => {
  describe.each(["desk", "phone"] as const)("on a %s", (device) => {
    for (const [scene, show] of Object.entries(SCENES)) {
      journey(`“${scene}” is accessible to everybody`, async ({ devices, host, server, strict }) => {
        const options = { ...DEVICES[device], colorScheme, reducedMotion: "reduce" as const };
        const { page } = await show({ devices, host, server, strict, options });
        if (process.env.SCREENS === "1") {
          mkdirSync(FOLDER, { recursive: true });
          await page.screenshot({ path: join(FOLDER, `${scene}-${device}-${colorScheme}.png`) });
        }
        expect(await findViolations(page)).toEqual([]);
      });
    }
  });
});
