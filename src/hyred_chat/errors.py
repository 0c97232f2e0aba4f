"""Every way in which a request can be refused, with its stable code and its HTTP status.

Services raise these; the two doors (HTTP and Socket.IO) turn them into the failure envelope. The sentences are for
people and the codes for programs: nothing internal goes into either.
"""

import math
from typing import Any, ClassVar

# How long somebody with too many connections is told to wait: until some of them may have closed.
_CONNECTION_RETRY_SECONDS = 5.0


class ChatError(Exception):
    """A refusal that the client is told about.

    Attributes:
        message: a sentence for a person.
        code: the stable code that programs compare with.
        status: the HTTP status.
        details: what a program needs to act on the refusal, or None.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, message: str, *, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def envelope(self) -> dict[str, Any]:
        """The failure envelope: `{success: false, error, code, details?}`."""
        body: dict[str, Any] = {"success": False, "error": self.message, "code": self.code}
        if self.details is not None:
            body["details"] = self.details
        return body


class BadRequestError(ChatError):
    """The request is malformed, or a value is out of its bounds."""

    code, status = "bad_request", 400


class UnsatisfiableRangeError(BadRequestError):
    """A file has no such part."""

    status = 416

    def __init__(self) -> None:
        super().__init__("Range: the file has no such part.")


class SelfChatError(ChatError):
    """Somebody asked for a room with themselves."""

    code, status = "self_chat", 400


class UnauthenticatedError(ChatError):
    """There is no token, or it is not one that we trust."""

    code, status = "unauthenticated", 401


class TokenExpiredError(ChatError):
    """The token was good once; a fresh one is needed."""

    code, status = "token_expired", 401


class AccessDeniedError(ChatError):
    """The caller is not a member. A room that does not exist looks the same."""

    code, status = "access_denied", 403


class UserNotFoundError(ChatError):
    """A valid token of nobody we know, or of somebody who was disabled."""

    code, status = "user_not_found", 403


class RoomBlockedError(ChatError):
    """The room is blocked: it can be read, and nothing can be sent."""

    code, status = "room_blocked", 403


class NotFoundError(ChatError):
    """There is no such thing, or none that the caller may see."""

    code, status = "not_found", 404


class ConflictError(ChatError):
    """The same `clientMessageId` (or id) was used before, for something else."""

    code, status = "conflict", 409


class TooLateError(ChatError):
    """What may be changed for some time only cannot be changed any more."""

    code, status = "too_late", 409


class MessageDeletedError(ChatError):
    """The message was deleted: it can be neither changed nor answered."""

    code, status = "message_deleted", 409


class FileNotReadyError(ChatError):
    """The file has not come whole yet, or is still being examined."""

    code, status = "file_not_ready", 409


class FileRefusedError(ChatError):
    """The file is none that can be sent. `details.reason` says why."""

    code, status = "file_refused", 409

    def __init__(self, reason: str) -> None:
        super().__init__("This file cannot be sent.", details={"reason": reason})


class GoneError(ChatError):
    """There was such a thing, and it is no more."""

    code, status = "gone", 410


class UnsupportedVersionError(ChatError):
    """The client speaks another version of the protocol of uploads."""

    code, status = "unsupported_version", 412


class UnsupportedTypeError(ChatError):
    """The body of the request is of a type that is not taken here."""

    code, status = "unsupported_type", 415


class ChecksumMismatchError(ChatError):
    """What came is not what was sent: nothing of it is kept."""

    code, status = "checksum_mismatch", 460


class LimitReachedError(ChatError):
    """There is as much of something as there may be. `details.limit` says how much that is."""

    code, status = "limit_reached", 409

    def __init__(self, message: str, *, limit: int) -> None:
        super().__init__(message, details={"limit": limit})


class RequestTimeoutError(ChatError):
    """The request did not arrive completely within its time."""

    code, status = "request_timeout", 408

    def __init__(self) -> None:
        super().__init__("The request took too long to arrive. Please try again.")


class TooLargeError(ChatError):
    """The body, the frame or the file is over its bound."""

    code, status = "too_large", 413


class HeadTooLargeError(TooLargeError):
    """The head of a request is over its bound."""

    status = 431

    def __init__(self) -> None:
        super().__init__("The head of the request is too large.")


class UnknownHostError(ChatError):
    """The request is addressed to a name that this server does not answer to."""

    code, status = "unknown_host", 421

    def __init__(self) -> None:
        super().__init__(
            "This development server does not answer to that host name. "
            "To use the name, set HOST, or add its origin to HYRED_ALLOWED_ORIGINS."
        )


class RateLimitedError(ChatError):
    """Too much at once. `details.retryAfterMs` says when there is room again."""

    code, status = "rate_limited", 429

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(
            "That is too much at once. Please wait a moment and try again.",
            details={"retryAfterMs": max(1, math.ceil(retry_after_seconds * 1000))},
        )


class TooManyConnectionsError(RateLimitedError):
    """The caller's address holds as many connections as it may."""

    def __init__(self) -> None:
        super().__init__(_CONNECTION_RETRY_SECONDS)
        self.message = "There are too many connections from this address. Please close some and try again."


class UnavailableError(ChatError):
    """The database cannot be reached: nothing was stored, and trying again is right."""

    code, status = "unavailable", 503

    def __init__(self, message: str = "The service is not available right now. Please try again.") -> None:
        super().__init__(message)


class InternalError(ChatError):
    """A fault of ours. The cause is in the log and nowhere else."""

    def __init__(self) -> None:
        super().__init__("Something went wrong on our side. Please try again.")
