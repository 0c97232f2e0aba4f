import { describe, expect, it, vi } from "vitest";
import { makeFile, stubDecoder, stubPictures } from "./pictures.fixture";
import { shrink } from "./shrink";

/** The beginning of a WebP that says of itself what it has. */
function webp(flags: number): File {
  const head = new TextEncoder().encode("RIFF....WEBPVP8X....");
  return new File([head, new Uint8Array([flags, 0, 0, 0]), new Uint8Array(1_000)], "a.webp", { type: "image/webp" });
}

describe("shrink", () => {
  it("makes the longest side of a photograph 2,048 pixels", async () => {
    const drawn = stubPictures(4_000, 3_000, 500);
    const smaller = await shrink(makeFile("a.jpg", "image/jpeg"));
    expect(smaller).toMatchObject({ name: "a.jpg", width: 2_048, height: 1_536 });
    expect(drawn).toEqual([{ width: 2_048, height: 1_536, type: "image/jpeg" }]);
  });

  it("has a quick decoder leave out pixels, and draws what that leaves", async () => {
    const drawn = stubPictures(4_000, 3_000, 500);
    stubDecoder({ displayWidth: 2_250, displayHeight: 3_000, rotation: 90 });
    await shrink(makeFile("a.jpg", "image/jpeg"));
    expect(drawn).toEqual([{ width: 1_536, height: 2_048, type: "image/jpeg" }]);
  });

  it("draws nothing of a frame that is upright, and as large as it is to be", async () => {
    const drawn = stubPictures(4_000, 3_000, 500);
    stubDecoder({ displayWidth: 2_000, displayHeight: 1_500, rotation: 0 });
    await shrink(makeFile("a.jpg", "image/jpeg"));
    expect(drawn).toEqual([{ width: 2_000, height: 1_500, type: "image/jpeg", isPlaced: true }]);
  });

  it.each([
    ["turned", { displayWidth: 1_500, displayHeight: 2_000, rotation: 90 }],
    ["mirrored", { displayWidth: 1_500, displayHeight: 2_000, rotation: 0, flip: true }],
    ["larger", { displayWidth: 2_250, displayHeight: 3_000, rotation: 0 }],
  ])("draws a frame that is %s", async (_, frame) => {
    const drawn = stubPictures(4_000, 3_000, 500);
    stubDecoder(frame);
    await shrink(makeFile("a.jpg", "image/jpeg"));
    expect(drawn).toHaveLength(1);
    expect(drawn[0]).not.toHaveProperty("isPlaced");
  });

  it.each([
    ["does not say how a picture is turned", { displayWidth: 2_000, displayHeight: 1_500 }],
    ["cannot read it", new Error("broken")],
  ])("takes the other decoder where the quick one %s", async (_, frame) => {
    const drawn = stubPictures(3_000, 4_000, 500);
    stubDecoder(frame);
    await shrink(makeFile("a.jpg", "image/jpeg"));
    expect(drawn).toEqual([{ width: 1_536, height: 2_048, type: "image/jpeg" }]);
  });

  it("writes a small photograph anew with as many pixels, where that saves bytes", async () => {
    stubPictures(800, 600, 500);
    expect(await shrink(makeFile("a.jpg", "image/jpeg"))).toMatchObject({ width: 800, height: 600 });
  });

  it("leaves a photograph as it is that would hardly become smaller", async () => {
    stubPictures(4_000, 3_000, 950);
    expect(await shrink(makeFile("a.jpg", "image/jpeg"))).toBeNull();
  });

  it.each(["image/png", "image/gif", "image/svg+xml", "image/avif", "application/pdf", "video/mp4", ""])(
    "leaves %s as it is",
    async (type) => {
      const drawn = stubPictures(4_000, 3_000, 1);
      expect(await shrink(makeFile("a", type))).toBeNull();
      expect(drawn).toEqual([]);
    },
  );

  it("makes a WebP smaller that stands still, and none that moves", async () => {
    stubPictures(4_000, 3_000, 100);
    expect(await shrink(webp(0x10))).toMatchObject({ name: "a.webp" });
    expect(await shrink(webp(0x12))).toBeNull();
  });

  it("makes a JPEG of what phones take, where the browser can read it", async () => {
    stubPictures(4_000, 3_000, 100);
    expect(await shrink(makeFile("IMG.1.HEIC", "image/heic"))).toMatchObject({ name: "IMG.1.jpg" });
    vi.stubGlobal("createImageBitmap", () => Promise.reject(new Error("unknown")));
    expect(await shrink(makeFile("IMG.1.HEIC", "image/heic"))).toBeNull();
  });
});
