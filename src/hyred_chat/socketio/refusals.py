"""Requests that are refused before they reach a session, with the codes that Engine.IO clients know."""

from http import HTTPStatus
from typing import Final

import orjson

UNKNOWN_TRANSPORT: Final = 0
UNKNOWN_SESSION: Final = 1
BAD_METHOD: Final = 2
BAD_REQUEST: Final = 3
FORBIDDEN: Final = 4
UNSUPPORTED_VERSION: Final = 5

_MESSAGES: Final = (
    "Transport unknown",
    "Session ID unknown",
    "Bad handshake method",
    "Bad request",
    "Forbidden",
    "Unsupported protocol version",
)


# What clients that are told to come back later are told. The official ones have a delay of their own.
_RETRY_AFTER_SECONDS: Final = 2


class RefusedError(Exception):
    """A request is refused: status 400, or 403 when it is forbidden, and a JSON body `{code, message}`."""

    def __init__(self, code: int, message: str | None = None, status: HTTPStatus | None = None) -> None:
        super().__init__(message or _MESSAGES[code])
        self.code = code
        self.status = status or (HTTPStatus.FORBIDDEN if code == FORBIDDEN else HTTPStatus.BAD_REQUEST)

    @classmethod
    def not_found(cls) -> "RefusedError":
        """The refusal of a path that is not the server's."""
        return cls(BAD_REQUEST, "Not found", HTTPStatus.NOT_FOUND)

    @classmethod
    def too_long(cls) -> "RefusedError":
        """The refusal of a head that a session would have to keep for too long."""
        return cls(BAD_REQUEST, "Request head too long", HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    @classmethod
    def shutting_down(cls) -> "RefusedError":
        """The refusal of everything new by a server that is being closed."""
        return cls(BAD_REQUEST, "The server is shutting down", HTTPStatus.SERVICE_UNAVAILABLE)

    @classmethod
    def too_busy(cls) -> "RefusedError":
        """The refusal of a handshake when there are too many at once."""
        return cls(BAD_REQUEST, "Too many are connecting right now", HTTPStatus.SERVICE_UNAVAILABLE)

    def headers(self) -> dict[str, str]:
        """The headers of the response."""
        headers = {"Content-Type": "application/json"}
        if self.status is HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
        return headers

    def body(self) -> bytes:
        """The body of the response."""
        return orjson.dumps({"code": self.code, "message": str(self)})
