import { describe, expect, test } from "vitest";
import { inShort, NO_FILES } from "./attached";
import type { AttachmentKind } from "./wire";

const named = (kind: AttachmentKind, name: string) => ({ kind, name });
const photos = [named("image", "a.jpg"), named("image", "b.jpg")];

describe("files in short", () => {
  test("are of the kind that all have, and files where they have several", () => {
    expect(inShort("Look", photos)).toEqual({ attachments: 2, attachmentKind: "image", hasCaption: true });
    expect(inShort("Look", [...photos, named("pdf", "c.pdf")]).attachmentKind).toBe("file");
    expect(inShort("Look", [])).toBe(NO_FILES);
  });

  test("have no caption where the content is their names, also where these were cut", () => {
    expect(inShort("a.jpg, b.jpg", photos).hasCaption).toBe(false);
    const long = [named("file", "x".repeat(200)), named("file", "y".repeat(200))];
    expect(inShort(`${"x".repeat(200)}, ${"y".repeat(97)}…`, long).hasCaption).toBe(false);
    expect(inShort("And then …", long).hasCaption).toBe(true);
  });
});
