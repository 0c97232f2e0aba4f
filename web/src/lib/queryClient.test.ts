import { describe, expect, it, vi } from "vitest";

import { ChatError } from "./api/chatError";
import { createQueryClient } from "./queryClient";

describe("a read that fails", () => {
  it.each([
    ["unavailable", 2],
    ["offline", 2],
    ["bad_request", 1],
    ["access_denied", 1],
    ["rate_limited", 1],
  ])("with %s is asked for %i times", async (code, times) => {
    const read = vi.fn(() => Promise.reject(new ChatError(code, "No.")));
    const queries = createQueryClient();
    const { retry } = queries.getDefaultOptions().queries ?? {};
    const options = { queryKey: ["any"], queryFn: read, retryDelay: 0, ...(retry !== undefined && { retry }) };
    await expect(queries.query(options)).rejects.toThrow("No.");
    expect(read).toHaveBeenCalledTimes(times);
  });
});
