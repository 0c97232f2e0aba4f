"""The HTTP request that opens or continues a session, whichever transport brought it."""

import time
from collections.abc import Iterable
from urllib.parse import parse_qsl

from hyred_chat.socketio.refusals import BAD_REQUEST, RefusedError

MAX_QUERY_FIELDS = 32


class Request:
    """A request in the form that a session keeps for as long as it lives: compact, decoded when somebody asks.

    Attributes:
        method: `GET`, `POST` …
        path: decoded.
        query_string: what follows the question mark, as it came.
        raw_headers: `name: value` lines with lower-case names, separated by CR LF.
        address: of the client, without its port.
        received_at: Unix seconds.
    """

    __slots__ = ("address", "method", "path", "query_string", "raw_headers", "received_at")

    def __init__(self, method: str, path: str, query_string: bytes, raw_headers: bytes, address: str) -> None:
        self.method = method
        self.path = path
        self.query_string = query_string
        self.raw_headers = raw_headers
        self.address = address
        self.received_at = time.time()

    @property
    def headers(self) -> dict[str, str]:
        """The headers by their lower-case names; those that came more than once are joined by commas."""
        headers: dict[str, str] = {}
        for line in self.raw_headers.decode("latin-1").split("\r\n"):
            name, separator, value = line.partition(": ")
            if separator:
                headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return headers

    @property
    def query(self) -> dict[str, str]:
        """The query's fields; of those that came more than once, the last.

        Raises:
            RefusedError: there are more than `MAX_QUERY_FIELDS`.
        """
        try:
            return query_fields(self.query_string)
        except ValueError as error:
            raise RefusedError(BAD_REQUEST) from error


def query_fields(query_string: bytes) -> dict[str, str]:
    """The fields of a query; of those that came more than once, the last.

    Raises:
        ValueError: there are more than `MAX_QUERY_FIELDS`.
    """
    return dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, max_num_fields=MAX_QUERY_FIELDS))


def join_headers(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Headers as ASGI has them, in the form that `Request` keeps."""
    return b"\r\n".join(name + b": " + value for name, value in headers)
