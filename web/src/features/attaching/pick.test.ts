import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeFiles } from "./files.fixture";
import { filesOf } from "./pasted";
import { pick } from "./pick";
import { makeFile, stubPictures } from "./pictures.fixture";
import { clearProblems, problems } from "./problems";
import { replaceVersions } from "./replaceVersions";
import { preparing } from "./useTray";
import { forgetVersions, preferOriginals, versions } from "./versions";

let files: FakeFiles;
const said = () => problems.getSnapshot().get("room") ?? [];
const sizes = () => files.picked.map(({ blob }) => blob.size);

beforeEach(() => {
  files = new FakeFiles();
  clearProblems("room");
  preferOriginals("room", false);
  forgetVersions(files);
});

describe("pick", () => {
  it("puts files into the tray in the order in which they were chosen, and pictures smaller", async () => {
    stubPictures(4_000, 3_000, 300);
    await pick(files, "room", [makeFile("a.jpg", "image/jpeg"), makeFile("b.pdf", "application/pdf")]);
    expect(files.names).toEqual(["a.jpg", "b.pdf"]);
    expect(sizes()).toEqual([300, 1_000]);
  });

  it("has a photograph announced while it is made smaller, with what it has at most", async () => {
    const announced = { fileId: "file", uploadUrl: "/up" };
    const drawn = stubPictures(4_000, 3_000, 300);
    const drawnBefore: number[] = [];
    const announce = vi.fn(() => {
      drawnBefore.push(drawn.length);
      return Promise.resolve(announced);
    });
    files.announcer = { announce };
    const photo = makeFile("a.jpg", "image/jpeg");
    await pick(files, "room", [photo, makeFile("b.pdf", "application/pdf")]);
    expect(announce.mock.calls).toEqual([["room", photo]]);
    expect([drawnBefore, drawn.length]).toEqual([[0], 1]);
    const [first, second] = files.picked;
    expect([await first?.announced, second?.announced]).toEqual([announced, undefined]);
  });

  it("says of each file why it is not there, and takes the others", async () => {
    files.maxBytes = 5_000;
    await pick(files, "room", [makeFile("large.pdf", "application/pdf", 5_001), makeFile("b.pdf", "application/pdf")]);
    expect(files.names).toEqual(["b.pdf"]);
    expect(said()).toMatchObject([{ kind: "file", name: "large.pdf", error: { code: "too_large" } }]);
  });

  it("takes up to ten, with those that are there, and says how many were left out", async () => {
    const some = (count: number) => Array.from({ length: count }, (_, index) => makeFile(`${index}.txt`, "text/plain"));
    await pick(files, "room", some(8));
    files.change("file-1", { clientMessageId: "sent" });
    await pick(files, "room", some(5));
    expect(files.names).toHaveLength(11);
    expect(said()).toEqual([{ kind: "tooMany", count: 2 }]);
  });

  it("counts what is about to come until it is there, also where that fails", async () => {
    const seen: (number | undefined)[] = [];
    const end = preparing.subscribe(() => seen.push(preparing.getSnapshot().get("room")));
    files.maxBytes = 10;
    await pick(files, "room", [makeFile("a.txt", "text/plain"), makeFile("b.txt", "text/plain", 5)]);
    end();
    expect(seen).toEqual([2, 1, 0, 0]);
  });
});

describe("the original size", () => {
  it("takes the place of the smaller pictures, with what was said of them, and back", async () => {
    stubPictures(4_000, 3_000, 300);
    await pick(files, "room", [makeFile("a.jpg", "image/jpeg"), makeFile("b.txt", "text/plain")]);
    files.setAlt("file-1", "A cat");
    await replaceVersions(files, "room", true);
    expect(files.names).toEqual(["b.txt", "a.jpg"]);
    expect(files.local.getSnapshot().get("file-3")).toMatchObject({ size: 1_000, alt: "A cat" });
    await pick(files, "room", [makeFile("c.jpg", "image/jpeg")]);
    expect(sizes().at(-1)).toBe(1_000);
    await replaceVersions(files, "room", false);
    expect(sizes().slice(-2)).toEqual([300, 300]);
  });

  it("is forgotten with the pictures", async () => {
    stubPictures(4_000, 3_000, 300);
    await pick(files, "room", [makeFile("a.jpg", "image/jpeg"), makeFile("b.jpg", "image/jpeg")]);
    files.change("file-1", { clientMessageId: "sent" });
    forgetVersions(files);
    expect([...versions.getSnapshot().keys()]).toEqual(["file-2"]);
  });
});

describe("what is pasted", () => {
  const pasted = (parts: Readonly<Record<string, string>>, chosen: readonly File[]) =>
    ({
      types: Object.keys(parts),
      files: chosen,
      getData: (type: string) => parts[type] ?? "",
    }) as unknown as DataTransfer;
  const picture = makeFile("image.png", "image/png");

  it("is a picture that was copied, with or without the element that showed it", () => {
    expect(filesOf(pasted({}, [picture]))).toEqual([picture]);
    expect(filesOf(pasted({ "text/html": "<img>" }, [picture]))).toEqual([picture]);
  });

  it("is words where an office program has drawn them, too", () => {
    expect(filesOf(pasted({ "text/html": "<td>1</td>", "text/plain": "1" }, [picture]))).toEqual([]);
  });
});
