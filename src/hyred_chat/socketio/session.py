"""An Engine.IO session: what stays the same while its transport changes.

Nothing here does I/O. A transport brings packets in and takes packets out; a receiver (a Socket.IO client, or whatever
else speaks over Engine.IO) gets the messages.
"""

import time
from typing import TYPE_CHECKING, Protocol

from hyred_chat.socketio import engine_packets as packets
from hyred_chat.socketio import reasons
from hyred_chat.socketio.engine_packets import Encoded
from hyred_chat.socketio.errors import PacketError
from hyred_chat.socketio.requests import Request

if TYPE_CHECKING:
    from hyred_chat.socketio.turns import Allowance

PING = Encoded(b"2")


class Transport(Protocol):
    """What carries a session's packets."""

    def send(self, encoded: Encoded) -> None:
        """Send, or queue what cannot be sent yet. Bounded: a transport that cannot hold more ends its session."""

    async def drain(self) -> None:
        """Wait until little of what was sent is still waiting, or the transport is over."""

    def close(self, reason: str) -> list[bytes]:
        """Say goodbye as the reason demands. What could not be delivered is returned, for the client's next polls."""


class Receiver(Protocol):
    """What a session delivers to. Raising PacketError ends the session with a parse error."""

    def text_received(self, packet: bytes) -> None:
        """A text message came: the packet as it came, its type digit `4` in front, valid UTF-8."""

    def binary_received(self, message: bytes) -> None:
        """A binary message came."""

    def session_closed(self, reason: str) -> None:
        """The session is over. Called once."""


class Keeper(Protocol):
    """What keeps the sessions: their server."""

    def schedule_ping(self, sid: str) -> None:
        """Ping a session in a while."""

    def forget(self, session: "Session", reason: str, farewell: list[bytes]) -> None:
        """A session is over; `farewell` is what its client's next polls get."""


class _Nobody:
    """The receiver of a session that is over: sessions and their receivers must not keep each other alive."""

    def text_received(self, packet: bytes) -> None:
        """Nobody listens."""

    def binary_received(self, message: bytes) -> None:
        """Nobody listens."""

    def session_closed(self, reason: str) -> None:
        """Nobody listens."""


_NOBODY = _Nobody()


class Upgrade(Protocol):
    """A WebSocket that is about to become a session's transport."""

    started_at: float

    def end(self, reason: str) -> None:
        """Give up; the session goes on as it is."""


class Session:
    """One Engine.IO session.

    Attributes:
        sid: its secret id.
        request: the one that opened it.
        transport: what carries its packets now.
        receiver: what gets its messages.
        upgrade: the WebSocket that is about to take over, or None.
        allowance: what its client may still send; None when there is no such limit (any more).
        ping_sent_at: loop time of the ping that waits for its pong; 0 when none does.
        heard_at: `time.monotonic()` of the last packet that came from the client.
        is_open: False once it is over.
    """

    __slots__ = (
        "_keeper",
        "allowance",
        "heard_at",
        "is_open",
        "ping_sent_at",
        "receiver",
        "request",
        "sid",
        "transport",
        "upgrade",
    )

    def __init__(
        self,
        sid: str,
        request: Request,
        transport: Transport,
        keeper: Keeper,
    ) -> None:
        self.sid = sid
        self.request = request
        self.transport = transport
        self.receiver: Receiver = _NOBODY
        self.upgrade: Upgrade | None = None
        self.allowance: Allowance | None = None
        self.ping_sent_at = 0.0
        self.heard_at = time.monotonic()
        self.is_open = True
        self._keeper = keeper

    def send(self, encoded: Encoded) -> None:
        """Send a message; nothing happens when the session is over."""
        if self.is_open:
            self.transport.send(encoded)

    async def drain(self) -> None:
        """Wait until the client has taken most of what was sent to it, or the session is over."""
        drained = None
        while self.is_open and drained is not self.transport:  # else it was upgraded meanwhile
            drained = self.transport
            await drained.drain()

    def packet_received(self, packet: bytes) -> None:
        """Take a text packet (valid UTF-8) from the transport.

        Raises:
            PacketError: no client may send it.
        """
        kind = packet[0] if packet else -1
        if not self.is_open:
            return
        self.heard_at = time.monotonic()
        if kind == packets.MESSAGE:
            self.receiver.text_received(packet)
        elif kind == packets.PONG:
            self._pong_received()
        elif kind == packets.CLOSE:
            self.end(reasons.TRANSPORT_CLOSE)
        else:
            raise PacketError("packet that no client may send")

    def binary_received(self, message: bytes) -> None:
        """Take a binary message from the transport."""
        if self.is_open:
            self.heard_at = time.monotonic()
            self.receiver.binary_received(message)

    def ping(self, now: float) -> None:
        """Send a ping. `now` is the loop's time."""
        self.ping_sent_at = now
        if self.allowance is not None:
            self.allowance.packets += 1  # for its pong
        self.transport.send(PING)

    def _pong_received(self) -> None:
        if self.ping_sent_at:  # pongs that nobody asked for schedule no pings
            self.ping_sent_at = 0.0
            self._keeper.schedule_ping(self.sid)

    def end(self, reason: str) -> None:
        """End the session, whoever wants it to; the transport says goodbye as the reason demands."""
        if not self.is_open:
            return
        self.is_open = False
        farewell: list[bytes] = []
        try:
            farewell = self.transport.close(reason)
            if self.upgrade is not None:
                self.upgrade.end(reason)
        finally:
            self._keeper.forget(self, reason, farewell)
            receiver, self.receiver = self.receiver, _NOBODY
            receiver.session_closed(reason)
