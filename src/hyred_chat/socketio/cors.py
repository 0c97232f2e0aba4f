"""Which web pages may connect, and the headers that tell their browsers so."""

from collections.abc import Mapping

from hyred_chat.socketio.refusals import FORBIDDEN, RefusedError

PREFLIGHT_MAX_AGE_SECONDS = 600


def check_origin(headers: Mapping[str, str], allowed: frozenset[str] | None) -> None:
    """Check that a request comes from an allowed page, from one that this very server served, or from no page at all.

    Raises:
        RefusedError: it does not.
    """
    origin = headers.get("origin")
    if allowed is None or origin is None or origin in allowed:
        return
    if origin.partition("://")[2] != headers.get("host"):
        raise RefusedError(FORBIDDEN)


def cors_headers(headers: Mapping[str, str], allowed: frozenset[str] | None) -> list[tuple[bytes, bytes]]:
    """The headers of every response to an allowed page. Credentials go only to pages that are named."""
    origin = headers.get("origin")
    if origin is None:
        return []
    if allowed is None:
        return [(b"access-control-allow-origin", b"*")]
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]


def preflight_headers(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """The additional headers of the response to a preflight request."""
    asked = headers.get("access-control-request-headers", "content-type")
    return [
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", asked.encode("latin-1")),
        (b"access-control-max-age", b"%d" % PREFLIGHT_MAX_AGE_SECONDS),
    ]
