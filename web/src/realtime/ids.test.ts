import { expect, test } from "vitest";
import { newId } from "./ids";

test("an id is a UUID of version 7", () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(newId(0x0123456789ab)).toMatch(/^01234567-89ab-7/);
});

test("ids rise with time", () => {
  const at = (time: number): string => newId(time);
  const ids = [1, 2, 255, 256, Date.now(), Date.now() + 1].map(at);
  expect([...ids].sort()).toEqual(ids);
});

test("no two ids of a moment are the same", () => {
  expect(new Set(Array.from({ length: 10_000 }, () => newId(1))).size).toBe(10_000);
});
