import { expect, test } from "vitest";
import { sizeOf } from "./fileSize";

test("sizes are said as people say them, and none is nothing", () => {
  expect([21, 1234, 25_300, 1_250_000, 25_000_000].map((bytes) => sizeOf(bytes, "en"))).toEqual([
    "1 kB",
    "1 kB",
    "25 kB",
    "1.3 MB",
    "25 MB",
  ]);
});

test("sizes are said as the language does", () => {
  expect(sizeOf(2_500_000, "es")).toBe("2,5 MB");
});
