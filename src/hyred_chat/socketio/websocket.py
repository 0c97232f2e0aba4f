"""The WebSocket transport: picows's frames on one side, Engine.IO packets on the other."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, Protocol

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from hyred_chat.socketio import reasons
from hyred_chat.socketio.engine_packets import Encoded, check_text, websocket_pong
from hyred_chat.socketio.errors import PacketError
from hyred_chat.socketio.outboxes import Outboxes
from hyred_chat.socketio.requests import Request

logger = logging.getLogger(__name__)

_TEXT: Final = WSMsgType.TEXT
_BINARY: Final = WSMsgType.BINARY
_CONTINUATION: Final = WSMsgType.CONTINUATION
_CLOSE: Final = WSMsgType.CLOSE
_PING: Final = WSMsgType.PING

_CLOSE_CODES: Final = {
    reasons.PARSE_ERROR: WSCloseCode.PROTOCOL_ERROR,
    reasons.TRANSPORT_ERROR: WSCloseCode.PROTOCOL_ERROR,
    reasons.SERVER_SHUTTING_DOWN: WSCloseCode.SERVICE_RESTART,
}

# How long a client may take to read the rest of its bytes after a close, before the connection is cut.
CLOSE_TIMEOUT_SECONDS: Final = 5.0


class Peer(Protocol):
    """What a WebSocket brings its packets to: its session, or the upgrade that precedes it."""

    def packet_received(self, packet: bytes) -> None:
        """A text packet came."""

    def binary_received(self, message: bytes) -> None:
        """A binary message came."""

    def end(self, reason: str) -> None:
        """The connection is gone, or what came over it was wrong."""


class _FrameError(Exception):
    """A frame breaks RFC 6455; the close code says how."""

    def __init__(self, code: WSCloseCode) -> None:
        super().__init__(code)
        self.code = code


class _Fragments:
    """A message that comes in several frames (RFC 6455, section 5.4)."""

    __slots__ = ("is_text", "joined")

    def __init__(self, frame: WSFrame) -> None:
        self.is_text = frame.msg_type is _TEXT
        self.joined = bytearray(frame.get_payload_as_bytes())


class WebSocket(WSListener):
    """One WebSocket connection.

    Attributes:
        request: the one that was upgraded; None once a session has it.
        peer: what gets the packets; None before the handshake and after the end.
    """

    __slots__ = (
        "_fragments",
        "_is_full",
        "_max_payload_bytes",
        "_on_open",
        "_outbox",
        "_outboxes",
        "_transport",
        "_writable",
        "peer",
        "request",
    )

    def __init__(self, request: Request, outboxes: Outboxes, max_payload_bytes: int, on_open: "OnOpen") -> None:
        self.request: Request | None = request
        self.peer: Peer | None = None
        self._on_open: OnOpen | None = on_open
        self._transport: WSTransport | None = None
        self._outboxes = outboxes
        self._outbox: list[bytes] | None = None
        self._fragments: _Fragments | None = None
        self._is_full = False
        self._writable: asyncio.Event | None = None
        self._max_payload_bytes = max_payload_bytes

    # --- what picows calls

    def on_ws_connected(self, transport: WSTransport) -> None:
        """The handshake is done."""
        self._transport = transport
        on_open, request = self._on_open, self.request
        self._on_open = self.request = None
        if on_open is not None and request is not None:
            on_open(self, request)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """A frame came, unmasked."""
        peer = self.peer
        if peer is None or transport.is_close_frame_sent:
            return  # picows goes on parsing for a moment after a frame that it refused itself
        try:
            if frame.rsv1 or frame.rsv2 or frame.rsv3:
                raise _FrameError(WSCloseCode.PROTOCOL_ERROR)  # noqa: TRY301 (the handlers are all here)
            if frame.msg_type is _TEXT and frame.fin and self._fragments is None:
                _take_text(peer, frame.get_payload_as_bytes())
            else:
                self._other_frame_received(peer, frame)
        except _FrameError as error:
            self._fail(peer, error.code)
        except PacketError as error:
            logger.debug("session ended: %s", error)
            peer.end(reasons.PARSE_ERROR)
        except Exception:
            logger.exception("session ended by a fault of the server")
            self._fail(peer, WSCloseCode.INTERNAL_ERROR)

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002
        """The connection is gone."""
        peer, self.peer = self.peer, None
        self._transport = self._outbox = self._fragments = None
        self.resume_writing()
        if peer is not None:
            peer.end(reasons.TRANSPORT_CLOSE)

    def pause_writing(self) -> None:
        """The kernel takes no more for now."""
        self._is_full = True

    def resume_writing(self) -> None:
        """The kernel takes more again."""
        self._is_full = False
        if self._writable is not None:
            self._writable.set()

    # --- what a session calls

    def send(self, encoded: Encoded) -> None:
        """Send at the end of the loop's iteration, in one write with everything else that is sent until then."""
        if self._outbox is not None:
            self._outbox.append(encoded.frame)
        elif self._transport is not None:
            self._outbox = [encoded.frame]
            self._outboxes.add(self)

    async def drain(self) -> None:
        """Wait until the kernel takes more, or the connection is gone."""
        while self._is_full:
            if self._writable is None:
                self._writable = asyncio.Event()
            self._writable.clear()
            await self._writable.wait()

    def shut_down(self) -> None:
        """The HTTP server that accepted the connection is shutting down."""
        if self.peer is not None:
            self.peer.end(reasons.SERVER_SHUTTING_DOWN)
        else:
            self.close(reasons.SERVER_SHUTTING_DOWN)

    def flush(self) -> None:
        """Write what waits; a client that has let too much pile up is cut off."""
        frames, self._outbox = self._outbox, None
        transport = self._transport
        if not frames or transport is None or transport.is_close_frame_sent:
            return
        connection = transport.underlying_transport
        connection.write(frames[0] if len(frames) == 1 else b"".join(frames))
        if self._is_full and connection.get_write_buffer_size() > self._outboxes.max_buffered_bytes:
            self._transport = None
            self.resume_writing()
            connection.abort()
            if self.peer is not None:
                self.peer.end(reasons.SLOW_CLIENT)

    def close(self, reason: str) -> list[bytes]:
        """Send what waits and a close frame, then close the connection; cut it if the client does not read."""
        self.flush()
        transport, self._transport = self._transport, None
        self.peer = self._fragments = None
        self.resume_writing()
        if transport is None:
            return []
        transport.send_close(_CLOSE_CODES.get(reason, WSCloseCode.OK))
        transport.disconnect()
        if transport.underlying_transport.get_write_buffer_size():
            asyncio.get_running_loop().call_later(CLOSE_TIMEOUT_SECONDS, transport.underlying_transport.abort)
        return []

    def _fail(self, peer: Peer, code: WSCloseCode) -> None:
        self.flush()
        if self._transport is not None:
            self._transport.send_close(code)
        peer.end(reasons.TRANSPORT_ERROR)

    # --- the rarer frames

    def _other_frame_received(self, peer: Peer, frame: WSFrame) -> None:
        kind = frame.msg_type
        if kind is _CLOSE:
            peer.end(reasons.TRANSPORT_CLOSE)
        elif kind is _PING:
            self.send(websocket_pong(frame.get_payload_as_bytes()))
        elif kind is _CONTINUATION:
            self._continue(peer, frame)
        elif kind is _TEXT or kind is _BINARY:
            if self._fragments is not None:
                raise _FrameError(WSCloseCode.PROTOCOL_ERROR)
            if frame.fin:
                peer.binary_received(frame.get_payload_as_bytes())
            else:
                self._fragments = _Fragments(frame)

    def _continue(self, peer: Peer, frame: WSFrame) -> None:
        fragments = self._fragments
        if fragments is None:
            raise _FrameError(WSCloseCode.PROTOCOL_ERROR)
        fragments.joined += frame.get_payload_as_bytes()
        if len(fragments.joined) > self._max_payload_bytes:
            raise _FrameError(WSCloseCode.MESSAGE_TOO_BIG)
        if frame.fin:
            self._fragments = None
            message = bytes(fragments.joined)
            if fragments.is_text:
                _take_text(peer, message)
            else:
                peer.binary_received(message)


def _take_text(peer: Peer, packet: bytes) -> None:
    if not packet.isascii():
        try:
            check_text(packet)
        except PacketError:
            raise _FrameError(WSCloseCode.INVALID_TEXT) from None
    peer.packet_received(packet)


OnOpen = Callable[[WebSocket, Request], None]
