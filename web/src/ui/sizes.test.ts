import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const sources = join(import.meta.dirname, "..");
const sheets = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".css"));

it.each(sheets)("%s sizes type by what people choose in their browser", (name) => {
  const sheet = readFileSync(join(sources, name), "utf8");
  const fixed = sheet.match(/(font-size|line-height|--hc-text-\w+):[^;]*\dpx[^;]*/g) ?? [];
  expect(fixed).toEqual([]);
});
