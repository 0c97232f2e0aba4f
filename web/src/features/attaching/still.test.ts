import { describe, expect, it } from "vitest";
import { stubPictures } from "./pictures.fixture";
import { takeStill } from "./still";

const film = (videoWidth: number, videoHeight: number) => ({ videoWidth, videoHeight }) as HTMLVideoElement;

describe("a still of a film", () => {
  it("is a JPEG of its size, named by the clock of the device", async () => {
    const drawn = stubPictures(0, 0, 10);
    const still = await takeStill(film(1_920, 1_080), new Date(2026, 0, 2, 3, 4, 5));
    expect(drawn).toEqual([{ width: 1_920, height: 1_080, type: "image/jpeg" }]);
    expect(still).toMatchObject({ name: "2026-01-02 03.04.05.jpg", type: "image/jpeg", size: 10 });
  });

  it("is no larger than any device can draw", async () => {
    const drawn = stubPictures(0, 0, 10);
    await takeStill(film(8_192, 4_608));
    expect(drawn).toMatchObject([{ width: 4_096, height: 2_304 }]);
  });

  it("is none before there is a picture", async () => {
    await expect(takeStill(film(0, 0))).rejects.toThrow();
  });
});
