/** What a refusal of a message, or of a whole conversation, leaves to be done. */
import type { ChatError, Room } from "../../realtime/types";

/** Trying the same again has the same end. */
const FINAL: ReadonlySet<string> = new Set([
  "bad_request",
  "self_chat",
  "access_denied",
  "not_found",
  "conflict",
  "too_large",
  "message_deleted",
]);

/** Whether a refused message can never be sent as it is: a closed conversation may be opened again, and then it can. */
export function isFinalRefusal(error: ChatError | null, room: Pick<Room, "status"> | null): boolean {
  if (error === null) return false;
  return FINAL.has(error.code) || (error.code === "room_blocked" && room?.status === "blocked");
}
