import { expect, it } from "vitest";
import { levelOf, LevelLog } from "./waveform";

it("hears silence as 0, and the loudest as 100", () => {
  expect(levelOf(new Float32Array(10))).toBe(0);
  expect(levelOf(new Float32Array(10).fill(1))).toBe(100);
  expect(levelOf(new Float32Array(10).fill(0.0316))).toBe(50);
});

it("sums up a recording in at most 64 levels, the loudest of which is 100", () => {
  const log = new LevelLog();
  expect(log.summary()).toEqual([]);
  for (let level = 0; level < 640; level += 1) log.add(level % 10 === 3 ? 40 : 10);
  expect(log.summary()).toEqual(Array.from({ length: 64 }, () => 100));
  log.add(80);
  expect(log.summary()).toHaveLength(64);
  expect(log.summary().at(-1)).toBe(100);
  expect(log.summary()[0]).toBe(50);
});

it("keeps the latest levels for being seen", () => {
  const log = new LevelLog();
  for (const level of [1, 2, 3]) log.add(level);
  expect(log.latest(2)).toEqual([2, 3]);
});
