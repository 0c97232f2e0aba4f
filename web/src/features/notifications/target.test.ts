import { describe, expect, it } from "vitest";

import { targetOf } from "./target";

describe("targetOf", () => {
  it.each([
    [
      { chatRoomId: "r", jobId: "j" },
      { kind: "chat", chatRoomId: "r" },
    ],
    [{ jobId: "j" }, { kind: "job", jobId: "j" }],
    [{ contractId: "c" }, { kind: "contract", contractId: "c" }],
    [{ chatRoomId: 7, jobId: "" }, null],
    [{}, null],
  ])("of %o is %o", (data, expected) => {
    expect(targetOf({ data })).toEqual(expected);
  });
});
