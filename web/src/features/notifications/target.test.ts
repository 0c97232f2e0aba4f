import { describe, expect, it, vi } from "vitest";

import { pageOf, targetOf, wayOf } from "./target";

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

describe("pageOf", () => {
  const pages = {
    jobUrl: "https://www.example.com/jobs/{id}",
    contractUrl: "https://www.example.com/?contract={id}#top",
  };
  const none = { jobUrl: null, contractUrl: null };

  it.each([
    ["17", "17"],
    ["a b/c?d#e&f", "a%20b%2Fc%3Fd%23e%26f"],
    ["../admin", "..%2Fadmin"],
    ["https://evil.example/", "https%3A%2F%2Fevil.example%2F"],
    ["$&{id}%2F", "%24%26%7Bid%7D%252F"],
    ["empleo-ñ", "empleo-%C3%B1"],
  ])("of %j has %s in the place of the id", (id, encoded) => {
    expect(pageOf({ kind: "job", jobId: id }, pages)).toBe(`https://www.example.com/jobs/${encoded}`);
    expect(pageOf({ kind: "contract", contractId: id }, pages)).toBe(
      `https://www.example.com/?contract=${encoded}#top`,
    );
  });

  it.each([".", ".."])("is none for %j, which would lead elsewhere", (id) => {
    expect(pageOf({ kind: "job", jobId: id }, pages)).toBeNull();
  });

  it("is none where there is no such page, and of conversations", () => {
    expect(pageOf({ kind: "job", jobId: "17" }, none)).toBeNull();
    expect(pageOf({ kind: "contract", contractId: "17" }, { ...none, jobUrl: pages.jobUrl })).toBeNull();
    expect(pageOf({ kind: "chat", chatRoomId: "17" }, pages)).toBeUndefined();
  });
});

describe("wayOf", () => {
  const onNavigate = vi.fn();
  const job = { data: { jobId: "j" } };

  it.each([
    ["an address where there is one", () => "https://www.example.com/jobs/j", "https://www.example.com/jobs/j"],
    ["none where nothing leads", () => null, null],
  ])("is %s", (_, addressOf, way) => {
    expect(wayOf(job, { onNavigate, addressOf })).toBe(way);
    expect(wayOf({ data: {} }, { onNavigate, addressOf })).toBeNull();
  });

  it.each([undefined, () => undefined])("is the host's own otherwise", (addressOf) => {
    onNavigate.mockReset();
    const way = wayOf(job, { onNavigate, ...(addressOf && { addressOf }) });
    expect(onNavigate).not.toHaveBeenCalled();
    (way as () => void)();
    expect(onNavigate).toHaveBeenCalledExactlyOnceWith({ kind: "job", jobId: "j" });
    expect(wayOf({ data: {} }, { onNavigate })).toBeNull();
  });
});
