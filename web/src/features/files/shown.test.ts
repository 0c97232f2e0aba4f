import { expect, test } from "vitest";
import { extensionOf, splitName } from "./shown";

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
