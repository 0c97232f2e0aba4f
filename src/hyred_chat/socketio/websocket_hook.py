"""Joins picows to uvicorn: an upgraded connection's bytes go from the loop straight into picows's frame parser.

Tested with uvicorn 0.54.0 and picows 2.3.1, and the only file that knows their insides:

- uvicorn's httptools protocol makes `ws_protocol_class(config=, server_state=, app_state=)` for an upgrade request,
  calls its `connection_made`, then its `data_received` with the request's head as bytes, then makes it the transport's
  protocol. What is in `server_state.connections` is asked to `shutdown()` and waited for when the server stops.
  Its `scope` says where the request comes from.
- picows's `WSProtocol` is a buffered protocol that starts by parsing the request's head. It keeps that request and its
  own response for as long as the connection lives, and a logger of its own unless it is given a LoggerAdapter.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, ClassVar, Protocol, cast
from urllib.parse import unquote

from picows import WSAutoPingStrategy, WSUpgradeResponse, WSUpgradeResponseWithListener
from picows.picows import WSProtocol  # type: ignore[attr-defined]  # compiled, and not in picows's stubs

from hyred_chat.socketio.refusals import RefusedError
from hyred_chat.socketio.requests import Request
from hyred_chat.socketio.websocket import WebSocket

Accept = Callable[[Request], WebSocket]

_READ_BUFFER_BYTES = 2048  # picows's least; it grows when a client sends more at once
# Read at once. picows takes apart all that it has read before anybody else has a turn, and a buffer that was filled
# doubles, so without a bound a client that sends on and on would have megabytes read, and kept, at once.
_MAX_READ_BYTES = 2048
_get_buffer = WSProtocol.get_buffer
_NEEDED_HEADERS = (b"sec-websocket-key: ", b"sec-websocket-version: ")
_MAX_HEADER_BYTES = 64  # of each of those: a key has 24 characters
_HANDSHAKE_HEADERS = (b"sec-websocket-", b"upgrade: ", b"connection: ")  # say nothing once it is over


class Place(Protocol):
    """What a connection occupies in the count of the HTTP server that accepted it."""

    def leave(self) -> None:
        """The connection is gone."""


class _QuietLogger(logging.LoggerAdapter[logging.Logger]):
    """Turns everything that picows says about single connections into debug messages: clients cause it at will."""

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:  # noqa: ARG002
        super().log(logging.DEBUG, msg, *args, **kwargs)


_logger = _QuietLogger(logging.getLogger(__name__), None)


class _Connection(WSProtocol):  # type: ignore[misc]
    """One upgraded connection. Between the handshake and the end, only `get_buffer` of it runs."""

    __slots__ = ("_client", "_connections", "_request", "place")

    accept: ClassVar[Accept]
    max_payload_bytes: ClassVar[int]

    def __init__(self, config: Any, server_state: Any, app_state: Any, _loop: Any = None) -> None:  # noqa: ARG002
        super().__init__(
            None,  # host and port, of clients
            None,  # path, of clients
            False,  # is_client_side
            self._listen,
            _logger,
            True,  # disconnect_on_exception
            None,  # websocket_handshake_timeout: the request's head is there already
            False,  # enable_auto_ping: Engine.IO has its own heartbeat
            None,
            None,
            WSAutoPingStrategy.PING_WHEN_IDLE,
            False,  # enable_auto_pong: its pongs would pile up for a client that does not read
            self.max_payload_bytes,
            None,  # extra_headers, of clients
            _READ_BUFFER_BYTES,
        )
        self._connections: set[Any] = server_state.connections
        self._client: tuple[str, int] | None = None
        self._request: Request | None = None
        self.place: Place | None = None  # given by an HTTP server that counts its connections

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Uvicorn hands the connection over."""
        self._connections.add(self)
        http = transport.get_protocol()
        super().connection_made(transport)
        self._client = cast("Any", http).scope["client"]
        if hasattr(http, "parser"):
            http.parser = None  # parser and protocol hold each other; nothing uses them after this

    def data_received(self, data: bytes) -> None:
        """Uvicorn passes the request's head. picows gets as little of it as it needs, since it keeps it."""
        line, _, headers = data.partition(b"\r\n")
        method, _, target = line.rpartition(b" ")[0].partition(b" ")
        path, _, query_string = target.partition(b"?")
        lines = headers.split(b"\r\n")[:-2]
        kept = b"\r\n".join(line for line in lines if not line.startswith(_HANDSHAKE_HEADERS))
        address = self._client[0] if self._client else ""
        self._request = Request(method.decode("latin-1"), unquote(path.decode("latin-1")), query_string, kept, address)
        self._client = None
        head = [method + b" / HTTP/1.1", b"upgrade: websocket", b"connection: upgrade", *_needed(lines), b"\r\n"]
        self._feed(b"\r\n".join(head))

    def get_buffer(self, size_hint: int) -> memoryview:
        """Where the loop puts what it reads next."""
        buffer: memoryview = _get_buffer(self, size_hint)
        return buffer if len(buffer) <= _MAX_READ_BYTES else buffer[:_MAX_READ_BYTES]

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._connections.discard(self)
        if self.place is not None:
            self.place.leave()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Uvicorn is shutting down."""
        if self.listener is not None:
            self.listener.shut_down()
        else:
            self.transport.disconnect()

    def _feed(self, head: bytes) -> None:
        buffer = self.get_buffer(len(head))
        buffer[: len(head)] = head
        self.buffer_updated(len(head))
        # Both live as long as the connection, and nobody looks at them again.
        request, response = self.transport.request, self.transport.response
        if request is not None:
            request.headers = request.method = request.path = request.version = None
        if response is not None:
            response.headers = None

    def _listen(self, _: Any) -> Any:
        request, self._request = self._request, None
        try:
            return type(self).accept(request) if request is not None else None
        except RefusedError as refused:
            response = WSUpgradeResponse.create_error_response(refused.status, refused.body(), refused.headers())
            return WSUpgradeResponseWithListener(response, None)


def _needed(lines: list[bytes]) -> list[bytes]:
    """The headers that picows needs. A longer one cannot be right: it is left out, and picows refuses the request."""
    found = {}
    for line in lines:
        for name in _NEEDED_HEADERS:
            if line.startswith(name) and len(line) <= _MAX_HEADER_BYTES:
                found[name] = line
    return list(found.values())


def websocket_protocol(accept: Accept, max_payload_bytes: int) -> type[asyncio.Protocol]:
    """A class for `uvicorn.Config(ws=…)`.

    Args:
        accept: returns the WebSocket that an upgrade request opens, or raises RefusedError.
        max_payload_bytes: of one frame.
    """
    attributes = {"__slots__": (), "accept": staticmethod(accept), "max_payload_bytes": max_payload_bytes}
    return cast("type[asyncio.Protocol]", type("WebSocketConnection", (_Connection,), attributes))
