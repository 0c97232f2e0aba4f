/**
 * Draws the PNG icons from public/icons/icon.svg with Chromium. They are committed, so nobody needs this who does not
 * change the drawing: `node web/scripts/render-icons.mjs`.
 */
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath, URL } from "node:url";
import { chromium } from "playwright-core";

const folder = fileURLToPath(new URL("../public/icons/", import.meta.url));
const drawing = await readFile(`${folder}icon.svg`, "utf8");
// A mask may cut off all but the middle 80 %, and phones round the corners themselves: no corners of our own there.
const square = drawing.replace(/ rx="\d+"/, "");
const icons = [
  { name: "icon-192.png", size: 192, svg: drawing },
  { name: "icon-512.png", size: 512, svg: drawing },
  {
    name: "maskable-512.png",
    size: 512,
    svg: square.replace(/<path/g, '<path transform="translate(256 256) scale(.82) translate(-256 -256)"'),
  },
  { name: "apple-touch-icon.png", size: 180, svg: square },
  { name: "badge-96.png", size: 96, svg: silhouette() },
];

/** What Android shows in its status bar: the bubble alone, one colour on nothing. */
function silhouette() {
  const [bubble] = drawing.match(/<path d="M256[^>]*>/);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="86 98 340 320">${bubble}</svg>`;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const { name, size, svg } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  await page.setContent(
    `<style>body { margin: 0 } img { display: block }</style><img width="${size}" height="${size}" src="${source}">`,
  );
  await page.locator("img").evaluate((image) => image.decode());
  await page.screenshot({ path: folder + name, omitBackground: true });
  await page.close();
}
await browser.close();
