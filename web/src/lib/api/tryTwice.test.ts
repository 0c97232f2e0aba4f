import { describe, expect, it, vi } from "vitest";

import { ChatError } from "./chatError";
import { tryTwice } from "./tryTwice";

describe("a read that fails", () => {
  it.each([
    ["unavailable", 2],
    ["offline", 2],
    ["bad_request", 1],
    ["access_denied", 1],
    ["rate_limited", 1],
  ])("with %s is asked for %i times", async (code, times) => {
    const read = vi.fn(() => Promise.reject(new ChatError(code, "No.")));
    await expect(tryTwice(read, undefined, 0)).rejects.toThrow("No.");
    expect(read).toHaveBeenCalledTimes(times);
  });

  it("is not asked for again when nobody waits for it any more", async () => {
    const ending = new AbortController();
    const read = vi.fn(() => Promise.reject(new ChatError("offline", "No.")));
    const failing = tryTwice(read, ending.signal, 0);
    ending.abort();
    await expect(failing).rejects.toThrow("No.");
    expect(read).toHaveBeenCalledOnce();
  });

  it("is answered when the second try is", async () => {
    const read = vi.fn(() => Promise.resolve("it")).mockRejectedValueOnce(new ChatError("unavailable", "No."));
    expect(await tryTwice(read, undefined, 0)).toBe("it");
  });
});
