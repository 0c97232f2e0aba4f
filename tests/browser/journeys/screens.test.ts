/** Every screen: examined by axe-core, and with SCREENS=1 kept as a picture in docs/screens. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { describe, expect } from "vitest";

import { findViolations } from "../harness/accessibility";
import { enlargeText, findUnreachable, LITTLE_ROOM } from "../harness/adaptations";
import { DESK_SCENES } from "../harness/deskScenes";
import { DESK, PHONE } from "../harness/devices";
import { journey } from "../harness/journey";
import { SCENES } from "../harness/scenes";

const FOLDER = resolve(import.meta.dirname, "../../../docs/screens");
const DEVICES = { desk: { viewport: DESK }, phone: PHONE };

describe.each(["desk", "phone"] as const)("on a %s, the screen", (device) => {
  for (const [scene, show] of Object.entries({
    ...SCENES,
    ...DESK_SCENES,
  })) {
    journey(
      `“${scene}” is accessible to everybody, in their colours and at their size`,
      async ({ devices, host, server, strict }) => {
        const options = {
          ...DEVICES[device],
          reducedMotion: "reduce" as const,
        };
        const { page } = await show({ devices, host, server, strict, options });
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          expect(await findViolations(page, { colours: colorScheme === "dark" })).toEqual([]);
          if (process.env.SCREENS !== "1") continue;
          mkdirSync(FOLDER, { recursive: true });
          await page.screenshot({
            path: join(FOLDER, `${scene}-${device}-${colorScheme}.png`),
          });
        }
        if (device === "phone") return;
        await enlargeText(page);
        await page.setViewportSize(LITTLE_ROOM);
        expect(await findUnreachable(page), "with large text, in little room").toEqual([]);
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({
            colorScheme,
            forcedColors: "active",
            reducedMotion: "reduce",
          });
          const colours = colorScheme === "dark";
          expect(await findViolations(page, { colours }), `in forced colours, ${colorScheme}`).toEqual([]);
        }
      },
    );
  }
});
