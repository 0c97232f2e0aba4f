import { expect, test } from "vitest";
import { anAttachment } from "../../realtime/testing/samples";
import { frameOf } from "./frame";

const picture = (width: number, height: number) => anAttachment({ kind: "image", width, height });

test("a message without files has no frame", () => {
  expect(frameOf([])).toBeNull();
});

test("one picture has its own shape", () => {
  expect(frameOf([picture(800, 600)])).toMatchObject({ width: 20, ratio: 800 / 600 });
});

test("a very high picture is cut, and narrow", () => {
  const frame = frameOf([picture(400, 4000)]);
  expect(frame?.ratio).toBe(0.7);
  expect(frame?.width).toBeCloseTo(15.4);
});

test("a small picture is not made as large as others", () => {
  expect(frameOf([picture(256, 256)])?.width).toBe(16);
  expect(frameOf([picture(10, 10)])?.width).toBe(14);
});

test("what does not say how large it is has a shape all the same", () => {
  expect(frameOf([anAttachment({ kind: "video", width: null, height: null })])?.ratio).toBeCloseTo(4 / 3);
});

test("several pictures share a grid, whose shape depends on how many there are", () => {
  const ratios = [2, 3, 4, 10].map((count) => frameOf(Array(count).fill(picture(10, 20)))?.ratio);
  expect(ratios).toEqual([1.6, 1.33, 1.18, 1.18]);
});

test("pictures and videos are seen together, and all else stands below", () => {
  const kinds = ["image", "pdf", "video", "voice", "file"] as const;
  const frame = frameOf(kinds.map((kind) => anAttachment({ kind })));
  expect(frame?.pictures.map(({ kind }) => kind)).toEqual(["image", "video"]);
  expect(frame?.others.map(({ kind }) => kind)).toEqual(["pdf", "voice", "file"]);
  expect(frame?.pages).toBe(1);
});
