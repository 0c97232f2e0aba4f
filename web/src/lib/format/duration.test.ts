import { expect, test } from "vitest";
import { clockOf } from "./duration";

test("times are said as a clock says them", () => {
  expect([0, 7, 65.9, 3723].map(clockOf)).toEqual(["0:00", "0:07", "1:05", "1:02:03"]);
});
