/** The envelope that answers a REST request and an acknowledged event alike. */
import { ChatError } from "./chatError";

/** `{success: true, data}` as its data (and page); a failure, or something else altogether, throws ChatError. */
export function openEnvelope(answer: unknown): { data: unknown; nextCursor: string | null } {
  if (!isRecord(answer)) throw unreadable();
  if (answer.success === true) return { data: answer.data, nextCursor: nextCursorOf(answer.page) };
  if (answer.success !== false || typeof answer.code !== "string") throw unreadable();
  throw new ChatError(answer.code, sentenceOf(answer.error), retryAfterOf(answer.details), answer.details);
}

function nextCursorOf(page: unknown): string | null {
  return isRecord(page) && typeof page.nextCursor === "string" ? page.nextCursor : null;
}

function sentenceOf(error: unknown): string {
  return typeof error === "string" ? error : "Something went wrong.";
}

function retryAfterOf(details: unknown): number | null {
  return isRecord(details) && typeof details.retryAfterMs === "number" ? details.retryAfterMs : null;
}

// A proxy's page of HTML, for example: the service is not there, and trying again is right.
function unreadable(): ChatError {
  return new ChatError("unavailable", "The service is not available right now. Please try again.");
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
