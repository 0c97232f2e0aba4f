"""The WebSocket transport: picows's frames on one side, Engine.IO packets on the other."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport

from hyred_chat.socketio import reasons
from hyred_chat.socketio.engine_packets import Encoded, check_text, websocket_pong
from hyred_chat.socketio.errors import PacketError
from hyred_chat.socketio.outboxes import Outboxes
from hyred_chat.socketio.requests import Request
from hyred_chat.socketio.turns import Allowance, Turns

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
    reasons.TOO_BUSY: WSCloseCode.TRY_AGAIN_LATER,
    reasons.TOO_MANY_PACKETS: WSCloseCode.POLICY_VIOLATION,
}

# How long a client may take to read the rest of its bytes after a close, before the connection is cut.
CLOSE_TIMEOUT_SECONDS: Final = 5.0

# A message of up to so many bytes that comes alone, as most do, is taken at once and waits for no turn.
_SMALL_BYTES: Final = 4096
# A client that has so many frames waiting, or a larger one, is not read any further until they are worked off.
_MAX_WAITING_UNPAUSED: Final = 16


class Peer(Protocol):
    """What a WebSocket brings its packets to: its session, or the upgrade that precedes it."""

    @property
    def allowance(self) -> Allowance | None:
        """What may still come, or None when there is no such limit."""

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

    def __init__(self, frame: "_Frame") -> None:
        self.is_text = frame.kind is _TEXT
        self.joined = bytearray(frame.payload)


class _Frame(NamedTuple):
    """A frame that is not the whole of a text message, kept past picows's callback."""

    kind: WSMsgType
    is_last: bool
    payload: bytes


_END: Final = _Frame(_CLOSE, is_last=True, payload=b"")


class Shared:
    """What all WebSockets of a server have in common.

    Args:
        max_payload_bytes: of one message, its fragments joined.
    """

    __slots__ = ("max_payload_bytes", "outboxes", "turns")

    def __init__(self, outboxes: Outboxes, turns: Turns, max_payload_bytes: int) -> None:
        self.outboxes = outboxes
        self.turns = turns
        self.max_payload_bytes = max_payload_bytes


class WebSocket(WSListener):
    """One WebSocket connection.

    A small text message that comes alone, on a connection that somebody has signed in on, is taken as it is read. All
    other frames are put in a queue and worked off in turns (see `turns`).

    Attributes:
        request: the one that was upgraded; None once a session has it.
        peer: what gets the packets; None before the handshake and after the end.
    """

    __slots__ = (
        "_fragments",
        "_is_full",
        "_on_open",
        "_outbox",
        "_shared",
        "_transport",
        "_waiting",
        "_writable",
        "peer",
        "request",
    )

    def __init__(self, request: Request, shared: Shared, on_open: "OnOpen") -> None:
        self.request: Request | None = request
        self.peer: Peer | None = None
        self._on_open: OnOpen | None = on_open
        self._transport: WSTransport | None = None
        self._shared = shared
        self._outbox: list[bytes] | None = None
        self._fragments: _Fragments | None = None
        self._waiting: deque[bytes | _Frame] | None = None  # whole text messages are bytes, which take less memory
        self._is_full = False
        self._writable: asyncio.Event | None = None

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
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            self._fail(peer, WSCloseCode.PROTOCOL_ERROR)
            return
        payload = frame.get_payload_as_bytes()
        if not (frame.msg_type is _TEXT and frame.fin):
            self._put(transport, peer, _Frame(frame.msg_type, bool(frame.fin), payload), len(payload))
        elif (
            self._waiting is None
            and self._fragments is None
            and not frame.tail_size
            and peer.allowance is None
            and len(payload) <= _SMALL_BYTES
        ):
            try:
                if not payload.isascii():
                    _check_text(payload)
                peer.packet_received(payload)
            except Exception as error:  # noqa: BLE001 (it ends the session, and is logged when it is ours)
                self._end_with(peer, error)
        else:
            self._put(transport, peer, payload, len(payload))

    def on_ws_disconnected(self, transport: WSTransport) -> None:  # noqa: ARG002
        """The connection is gone. What came in before is worked off in its turn: a client may send and leave."""
        self._transport = self._outbox = None
        self.resume_writing()
        if self._waiting is not None:
            self._waiting.append(_END)
            return
        peer, self.peer = self.peer, None
        self._fragments = None
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
            self._shared.outboxes.add(self)

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
        connection.write(b"".join(frames))
        if self._is_full and connection.get_write_buffer_size() > self._shared.outboxes.max_buffered_bytes:
            self._cut(reasons.SLOW_CLIENT)

    def give_up(self) -> None:
        """Cut the connection: what was to be written is lost."""
        self._cut(reasons.TRANSPORT_ERROR)

    def close(self, reason: str) -> list[bytes]:
        """Send what waits and a close frame, then close the connection; cut it if the client does not read."""
        self.flush()
        transport, self._transport = self._transport, None
        self.peer = self._fragments = self._waiting = None
        self.resume_writing()
        if transport is None:
            return []
        transport.send_close(_CLOSE_CODES.get(reason, WSCloseCode.OK))
        transport.disconnect()
        if transport.underlying_transport.get_write_buffer_size():
            asyncio.get_running_loop().call_later(CLOSE_TIMEOUT_SECONDS, transport.underlying_transport.abort)
        return []

    def _cut(self, reason: str) -> None:
        transport, self._transport = self._transport, None
        self.resume_writing()
        if transport is not None:
            transport.underlying_transport.abort()
        if self.peer is not None:
            self.peer.end(reason)

    def _fail(self, peer: Peer, code: WSCloseCode) -> None:
        self.flush()
        if self._transport is not None:
            self._transport.send_close(code)
        peer.end(reasons.TRANSPORT_ERROR)

    # --- what turns call

    def work(self) -> bool:
        """Take one of the frames that wait; whether there are more."""
        peer, waiting, transport = self.peer, self._waiting, self._transport
        if peer is None or not waiting or (transport is not None and transport.is_close_frame_sent):
            self._waiting = None
            if self._transport is not None:
                self._transport.underlying_transport.resume_reading()
            return False
        self._take(peer, waiting.popleft())
        if self._waiting is None:  # closed
            return False
        if waiting:
            return True
        if self._transport is None or self._transport.underlying_transport.is_reading():
            self._waiting = None
        else:
            self._shared.turns.add_rested(self)  # and is read again in one of its turns
        return False

    def _put(self, transport: WSTransport, peer: Peer, entry: "bytes | _Frame", size: int) -> None:
        allowance = peer.allowance
        if allowance is not None and not allowance.take(size):
            peer.end(reasons.TOO_MANY_PACKETS)
            return
        waiting = self._waiting
        if waiting is None:
            waiting = self._waiting = deque()
            self._shared.turns.add(self, allowance)
        waiting.append(entry)
        if size > _SMALL_BYTES or len(waiting) > _MAX_WAITING_UNPAUSED:
            transport.underlying_transport.pause_reading()

    # --- frames

    def _take(self, peer: Peer, entry: "bytes | _Frame") -> None:
        try:
            if isinstance(entry, _Frame):
                self._take_frame(peer, entry)
            elif self._fragments is None:
                _take_text(peer, entry)
            else:
                raise _FrameError(WSCloseCode.PROTOCOL_ERROR)  # noqa: TRY301 (the handler is here)
        except Exception as error:  # noqa: BLE001 (it ends the session, and is logged when it is ours)
            self._end_with(peer, error)

    def _end_with(self, peer: Peer, error: Exception) -> None:
        if isinstance(error, _FrameError):
            self._fail(peer, error.code)
        elif isinstance(error, PacketError):
            logger.debug("session ended: %s", error)
            peer.end(reasons.PARSE_ERROR)
        else:
            logger.error("session ended by a fault of the server", exc_info=error)
            self._fail(peer, WSCloseCode.INTERNAL_ERROR)

    def _take_frame(self, peer: Peer, frame: _Frame) -> None:
        kind = frame.kind
        if kind is _CLOSE:
            peer.end(reasons.TRANSPORT_CLOSE)
        elif kind is _PING:
            self.send(websocket_pong(frame.payload))
        elif kind is _CONTINUATION:
            self._continue(peer, frame)
        elif kind is _TEXT or kind is _BINARY:
            if self._fragments is not None:
                raise _FrameError(WSCloseCode.PROTOCOL_ERROR)
            if frame.is_last:
                peer.binary_received(frame.payload)
            else:
                self._fragments = _Fragments(frame)

    def _continue(self, peer: Peer, frame: _Frame) -> None:
        fragments = self._fragments
        if fragments is None:
            raise _FrameError(WSCloseCode.PROTOCOL_ERROR)
        fragments.joined += frame.payload
        if len(fragments.joined) > self._shared.max_payload_bytes:
            raise _FrameError(WSCloseCode.MESSAGE_TOO_BIG)
        if frame.is_last:
            self._fragments = None
            message = bytes(fragments.joined)
            if fragments.is_text:
                _take_text(peer, message)
            else:
                peer.binary_received(message)


def _take_text(peer: Peer, packet: bytes) -> None:
    _check_text(packet)
    peer.packet_received(packet)


def _check_text(packet: bytes) -> None:
    try:
        check_text(packet)
    except PacketError:
        raise _FrameError(WSCloseCode.INVALID_TEXT) from None


OnOpen = Callable[[WebSocket, Request], None]
