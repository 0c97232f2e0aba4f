"""An Engine.IO session over WebSocket, packet by packet."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import websockets
from websockets.asyncio.client import ClientConnection, connect

from tests.conformance.endpoints import PATIENCE_SECONDS, Endpoint
from tests.conformance.polling import decode_open_packet

Packet = str | bytes


class EngineSocket:
    """A WebSocket whose heartbeats are answered, unless `receive_any` is used to see them."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, *packets: Packet) -> None:
        """Sends each packet in a message of its own."""
        for packet in packets:
            await self.connection.send(packet)

    async def receive_any(self) -> Packet:
        """The next packet, pings included."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.connection.recv()

    async def receive(self) -> Packet:
        """The next packet that is no ping; pings are answered."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (packet := await self.connection.recv()) == "2":
                await self.send("3")
        return packet

    async def receive_many(self, count: int) -> list[Packet]:
        """The next `count` packets that are no pings."""
        return [await self.receive() for _ in range(count)]

    async def wait_closed(self, *, answer_pings: bool = False) -> list[Packet]:
        """Waits until the server closes the connection; returns what it said before.

        Unless pings are answered, they are among the packets: one that is missing shows that it was no time-out which
        closed the connection.
        """
        said: list[Packet] = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            with contextlib.suppress(websockets.ConnectionClosed):
                while True:
                    said.append(await (self.receive() if answer_pings else self.receive_any()))
        return said

    @property
    def close_code(self) -> int | None:
        """The code of the close frame, once closed."""
        return self.connection.close_code


@contextlib.asynccontextmanager
async def open_websocket(
    address: str, *, origin: str | None = None, compression: str | None = None
) -> AsyncIterator[EngineSocket]:
    """A WebSocket to `address`, before any packet; `compression="deflate"` offers permessage-deflate."""
    connection = connect(
        address,
        origin=None if origin is None else websockets.Origin(origin),
        compression=compression,
        proxy=None,
        open_timeout=PATIENCE_SECONDS,
        close_timeout=1,
        ping_interval=None,
        max_size=None,
    )
    async with connection as opened:
        yield EngineSocket(opened)


@contextlib.asynccontextmanager
async def open_session(endpoint: Endpoint) -> AsyncIterator[EngineSocket]:
    """A WebSocket-only session, its handshake done."""
    async with open_websocket(endpoint.websocket()) as socket:
        decode_open_packet(await socket.receive_any())
        yield socket


async def check_refused(address: str, *, origin: str | None = None) -> int | None:
    """Checks that a WebSocket gets no packet: either no handshake (its HTTP status is returned) or closed at once."""
    try:
        async with open_websocket(address, origin=origin) as socket:
            assert await socket.wait_closed() == []
    except websockets.InvalidStatus as refusal:
        return refusal.response.status_code
    return None
