"""One request that another node answers, from its head to the end of the connection that it came by.

Bytes are passed on as they come, both ways, and neither side is read faster than the other takes what it sends. So it
makes no difference whether what follows the head is a body and an answer, or a WebSocket.
"""

import asyncio
from contextlib import suppress
from typing import Final, Protocol, cast

from hyred_chat.http.forwarding import Forwarding, Outcome, forwarded_head, framing_of
from hyred_chat.http.head import Head
from hyred_chat.tcp import watch_peer

CONNECT_SECONDS: Final = 2.0
# That may wait until the other node is connected to. The client is read meanwhile: one that is not read is not known to
# be gone, and what it asked for is not to be done late, after it has asked again elsewhere.
EARLY_BYTES: Final = 65_536
# For one side to take what waits for it, so that there is room again, or that nothing is left when the other is gone.
TAKE_SECONDS: Final = 60.0
# A machine that disappears says nothing: its connections are found dead within 15 s.
_TCP_OPTIONS: Final = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 2, "TCP_USER_TIMEOUT": 15_000}


class Client(Protocol):
    """The connection of the client."""

    transport: asyncio.Transport

    def pause_reading(self) -> None:
        """Read nothing from the client for now."""

    def resume_reading(self) -> None:
        """Read again."""

    def answer_here(self) -> None:
        """Answer the request as if there were no other node."""

    def close_after_answer(self) -> None:
        """Close the connection once the client has what was written."""


class Relay(asyncio.Protocol):
    """One request. It is the protocol of the connection to the other node.

    Args:
        sid: the session that it is for.
        address: of the client.

    Attributes:
        is_upgrade: whether what follows the request is a WebSocket.
    """

    def __init__(
        self, client: Client, forwarding: Forwarding, head: Head, *, sid: str, address: str, is_upgrade: bool
    ) -> None:
        self._client = client
        self._forwarding = forwarding
        self._head = head
        self._sid = sid
        self._address = address
        self.is_upgrade = is_upgrade
        self._frame = framing_of(head)
        self._early: list[bytes] = []  # what waits until the other node is connected to
        self._early_bytes = 0
        self._transport: asyncio.Transport | None = None
        self._clock: asyncio.TimerHandle | None = None  # of the answer
        self._cuts: dict[asyncio.Transport, asyncio.TimerHandle] = {}  # of a side that takes nothing
        self._is_answered = False
        self._is_over = False
        forwarding.current += 1
        self._loop = asyncio.get_running_loop()
        self._opening = self._loop.create_task(self._open())

    # --- what the client's connection says

    def take_body(self, part: bytes) -> None:
        """A part of the request's body came; an empty one is its end."""
        self._take(self._frame(part))

    def take_after_request(self, data: bytes) -> None:
        """Bytes came after the request: of a WebSocket, or of another request, which this connection does not serve."""
        if self.is_upgrade:
            self._take(data)

    def _take(self, data: bytes) -> None:
        if self._transport is None:
            self._early.append(data)
            self._early_bytes += len(data)
            if self._early_bytes > EARLY_BYTES:
                self._client.pause_reading()
        elif data:
            self._transport.write(data)

    def client_lost(self) -> None:
        """The client is gone."""
        self._end()
        self._opening.cancel()
        if self._transport is not None:
            self._transport.close()
            self._cut_later(self._transport)

    def client_is_full(self) -> None:
        """The client takes no more for now. A side that is not read is not known to be gone, either."""
        self._cut_later(self._client.transport)
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def client_is_free(self) -> None:
        """The client takes more again."""
        self._spare(self._client.transport)
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    # --- what the connection to the other node says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The other node is connected to."""
        self._transport = cast("asyncio.Transport", transport)
        if self._is_over:
            transport.close()
            return
        with suppress(OSError):  # it works without, and is noticed later
            watch_peer(self._transport.get_extra_info("socket"), _TCP_OPTIONS)
        self._transport.write(b"".join(self._early))
        self._early.clear()
        self._clock = self._loop.call_later(self._forwarding.answer_seconds, self._transport.abort)
        self._client.resume_reading()

    def data_received(self, data: bytes) -> None:
        """The other node answers."""
        if not self._is_answered:
            self._is_answered = True
            self._forwarding.outcomes["answered"] += 1
            self._stop_clock()
        self._client.transport.write(data)

    def pause_writing(self) -> None:
        """The other node takes no more for now."""
        if self._transport is not None:
            self._cut_later(self._transport)
        self._client.pause_reading()

    def resume_writing(self) -> None:
        """The other node takes more again."""
        if self._transport is not None:
            self._spare(self._transport)
        self._client.resume_reading()

    def connection_lost(self, _: Exception | None) -> None:
        """The other node has answered, or is gone."""
        if self._is_over:
            return
        if self._is_answered:
            self._end()
            self._client.close_after_answer()
            self._cut_later(self._client.transport)
        else:
            self._give_back("unreachable")

    # ---

    async def _open(self) -> None:
        peer = await self._forwarding.directory.find(self._sid)
        if peer is None:
            self._give_back("unknown")
            return
        self._early.insert(0, forwarded_head(self._head, self._address, peer.key, is_upgrade=self.is_upgrade))
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._loop.create_connection(lambda: self, peer.host, peer.port)
        except (OSError, UnicodeError):  # a time-out is an OSError; a name that cannot be one is a UnicodeError
            self._give_back("unreachable")

    def _give_back(self, outcome: Outcome) -> None:
        """Nobody else has this session any more: the answer is this node's, which says so."""
        self._forwarding.outcomes[outcome] += 1
        self._end()
        if self._transport is not None:
            self._transport.abort()
        self._client.resume_reading()
        self._client.answer_here()

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._forwarding.current -= 1
            self._stop_clock()
            for transport in list(self._cuts):
                self._spare(transport)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _cut_later(self, transport: asyncio.Transport) -> None:
        """Cut one side if it goes on taking nothing of what waits for it."""
        if transport.get_write_buffer_size() and transport not in self._cuts:
            self._cuts[transport] = self._loop.call_later(TAKE_SECONDS, transport.abort)

    def _spare(self, transport: asyncio.Transport) -> None:
        if (cut := self._cuts.pop(transport, None)) is not None:
            cut.cancel()
