/** Why something was refused, by the code of the refusal. The server's own sentences are for developers. */
export const errorsEn = {
  "error.bad_request": "The server did not accept it as it is.",
  "error.self_chat": "You cannot start a conversation with yourself.",
  "error.unauthenticated": "Your session has ended. Please sign in again.",
  "error.token_expired": "Your session has ended. Please sign in again.",
  "error.access_denied": "You are not a member of this conversation.",
  "error.user_not_found": "This account is not known here.",
  "error.room_blocked": "This conversation is closed.",
  "error.not_found": "It does not exist any more.",
  "error.conflict": "It does not match what the server already has.",
  "error.too_large": "It is too large.",
  "error.rate_limited": "That was too much at once. Wait a moment, then try again.",
  "error.unavailable": "The service is not available right now. Try again in a moment.",
  "error.internal": "Something went wrong on our side. Please try again.",
  "error.offline": "You are offline.",
  "error.timeout": "The server did not answer in time. Please try again.",
  "error.unknown": "Something went wrong. Please try again.",
} as const;
