// @vitest-environment node
import { join } from "node:path";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

test("the style sheet begins with what the styles of all parts build on", { timeout: 60_000 }, async () => {
  const root = join(import.meta.dirname, "../..");
  const configFile = join(root, "vite.lib.config.ts");
  const built = await build({ root, configFile, logLevel: "error", build: { write: false, cssMinify: false } });
  const [{ output }] = built as [Rolldown.RolldownOutput];
  const style = output.find(({ fileName }) => fileName === "style.css");
  const text = String(style?.type === "asset" && style.source);
  const places = ["--hc-accent:", ".hc-root :focus-visible", ".hc-button"].map((rule) => text.indexOf(rule));
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(text.lastIndexOf(".hc-root :focus-visible")).toBeLessThan(text.indexOf(".hc-composer__input"));
});
