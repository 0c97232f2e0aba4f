import { QueryClient } from "@tanstack/react-query";

import { toChatError } from "./api/chatError";

/** Failures after which the same request may succeed. */
const PASSING: ReadonlySet<string> = new Set(["offline", "timeout", "unavailable", "internal"]);

/** What one page keeps of REST reads. A refusal is final: only what may pass is tried once more. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 1 && PASSING.has(toChatError(error).code),
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        networkMode: "always",
      },
    },
  });
}
