import { expect, test } from "vitest";
import { drawThumbHash } from "./thumbHash";

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/** Of a picture whose left half is red and whose right half is blue, made by the server's encoder. */
const HALVES = "FfYC9yhfapiNiIh2iJiIOIiK+oiIj4cI";
/** The same, half as high as it is wide, and transparent at the right. */
const TRANSPARENT = "1fuDA4BYvzuGiIQMgcQQSH+Fh4h4iIg=";

function at({ width, rgba }: ReturnType<typeof drawThumbHash>, x: number, y: number): number[] {
  const start = (y * width + x) * 4;
  return [...rgba.slice(start, start + 4)];
}

test("a placeholder shows from afar what the picture shows", () => {
  const drawn = drawThumbHash(bytesOf(HALVES));
  expect([drawn.width, drawn.height]).toEqual([32, 32]);
  const [red = 0, , blue = 0, alpha] = at(drawn, 4, 16);
  expect(red).toBeGreaterThan(200);
  expect(blue).toBeLessThan(60);
  expect(alpha).toBe(255);
  const [otherRed = 0, , otherBlue = 0] = at(drawn, 27, 16);
  expect(otherRed).toBeLessThan(60);
  expect(otherBlue).toBeGreaterThan(200);
});

test("it has the picture's shape, and is transparent where that is", () => {
  const drawn = drawThumbHash(bytesOf(TRANSPARENT));
  expect(drawn.width).toBe(32);
  expect(drawn.height).toBeLessThan(22);
  expect(at(drawn, 3, 8)[3]).toBeGreaterThan(200);
  expect(at(drawn, 29, 8)[3]).toBeLessThan(60);
});

test("what is too short to be one is refused", () => {
  expect(() => drawThumbHash(new Uint8Array(3))).toThrow("too short");
});
