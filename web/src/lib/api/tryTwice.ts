import { toChatError } from "./chatError";

/** Failures after which the same request may succeed. */
const PASSING: ReadonlySet<string> = new Set(["offline", "timeout", "unavailable", "internal"]);
const DELAY_MS = 1_000;

/** Asks once more, a second later, when what failed may pass; a refusal is final, and so is what `signal` has ended. */
export async function tryTwice<T>(ask: () => Promise<T>, signal?: AbortSignal, delayMs = DELAY_MS): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (signal?.aborted || !PASSING.has(toChatError(cause).code)) throw cause;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (signal?.aborted) throw cause;
    return ask();
  }
}
