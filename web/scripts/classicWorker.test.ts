import { expect, test } from "vitest";
import { whyNoClassicScript } from "./classicWorker";

test.each([
  ['const base = new URL("x", import.meta.url);', "import.meta"],
  ['const part = await import("./part.js");', "import()"],
  ['import { part } from "./part.js";', "imports"],
  ["export const part = 1;", "exports"],
])("%s is no classic script", (code, why) => {
  expect(whyNoClassicScript(code)).toContain(why);
});

test("a script by itself is one, whatever it is about", () => {
  expect(whyNoClassicScript('self.addEventListener("fetch", () => important(exports));')).toBe(null);
});
