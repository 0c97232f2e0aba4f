import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const SHEET = new URL("../src/app/firstPaint.css", import.meta.url);
const NAME = /^assets\/first-paint-.+\.css$/;

/**
 * Lets the browser paint what stands in `index.html` as soon as it has that page and one small style sheet. The app's own
 * sheets are linked at the end of the page: what stands before them is painted meanwhile, and scripts wait for them.
 */
export function firstPaint(): Plugin {
  return {
    name: "first-paint",
    apply: "build",
    buildStart() {
      this.emitFile({ type: "asset", name: "first-paint.css", source: readFileSync(SHEET, "utf8") });
    },
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {} }) {
        const sheet = Object.keys(bundle).find((name) => NAME.test(name));
        if (sheet === undefined) throw new Error("The style sheet of the first paint is not in the build.");
        return hastenFirstPaint(html, `/${sheet}`);
      },
    },
  };
}

/** The page with its sheets where they are needed. */
export function hastenFirstPaint(html: string, sheet: string): string {
  const later: string[] = [];
  const lighter = html.replace(/\s*<link rel="stylesheet"[^>]*>/g, (link) => {
    later.push(link.trim());
    return "";
  });
  const first = `<link rel="stylesheet" href="${sheet}">`;
  return lighter
    .replace("</title>", `</title>\n    ${first}`)
    .replace("</body>", `${later.map((link) => `  ${link}\n  `).join("")}</body>`);
}
