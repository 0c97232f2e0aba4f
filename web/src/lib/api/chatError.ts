/** A refusal of the server, or `offline` when it was not reached. `message` is a sentence for a person. */
export class ChatError extends Error {
  override readonly name = "ChatError";

  constructor(
    readonly code: string,
    message: string,
    readonly retryAfterMs: number | null = null,
    readonly details: unknown = null,
  ) {
    super(message);
  }
}

/** The server was not reached: no network, or no server. */
export function offlineError(): ChatError {
  return new ChatError("offline", "You are offline.");
}

/** The server was asked and did not answer in time; it may or may not have done what it was asked. */
export function timeoutError(): ChatError {
  return new ChatError("timeout", "The server did not answer in time.");
}

/** Any failure as a ChatError; what is not one was a connection that failed. */
export function toChatError(cause: unknown): ChatError {
  return cause instanceof ChatError ? cause : offlineError();
}
