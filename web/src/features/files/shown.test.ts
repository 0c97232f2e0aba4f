import { expect, test } from "vitest";
import { clockOf, extensionOf, sizeOf, splitName } from "./shown";

test("times are said as a clock says them", () => {
  expect([0, 7, 65.9, 3723].map(clockOf)).toEqual(["0:00", "0:07", "1:05", "1:02:03"]);
});

test("sizes are said as people say them, and none is nothing", () => {
  expect([21, 1234, 25_300, 1_250_000, 25_000_000].map((bytes) => sizeOf(bytes, "en"))).toEqual([
    "1 kB",
    "1 kB",
    "25 kB",
    "1.3 MB",
    "25 MB",
  ]);
});

test("of a long name the end stays in sight, with its extension", () => {
  expect(splitName("agreement final.pdf")).toEqual(["agreement f", "inal.pdf"]);
});

test("a name without an extension, or with one that is none, is cut at its end", () => {
  expect(splitName("README")).toEqual(["RE", "ADME"]);
  expect(splitName("a.this is no extension at all")).toEqual(["a.this is no extension at all", ""]);
});

test("no letter of a name is taken apart", () => {
  expect(splitName("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧.jpg")).toEqual(["👩‍👩‍👧", "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧.jpg"]);
});

test("what a file is called says what it is", () => {
  expect(["a.docx", "b.tar.gz", "README", "x.averylongone"].map(extensionOf)).toEqual(["DOCX", "GZ", "", ""]);
});
