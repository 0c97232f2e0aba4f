import { expect, it } from "vitest";
import { formatFileSize } from "./fileSize";

it.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [1_023, "1,023 bytes"],
  [1_024, "1 kB"],
  [1_048_000, "1,023 kB"],
  [1_048_575, "1 MB"],
  [2_500_000, "2.4 MB"],
  [26_214_400, "25 MB"],
  [5_000_000_000, "4.7 GB"],
])("says %d bytes as %s", (bytes, words) => {
  expect(formatFileSize(bytes, "en")).toBe(words);
});

it("says them as the language does", () => {
  expect(formatFileSize(2_500_000, "es")).toBe("2,4 MB");
});
