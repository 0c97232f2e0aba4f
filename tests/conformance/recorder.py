"""What the server's side of a namespace sees, remembered in order."""

import asyncio
from typing import TypeVar

from hyred_chat.socketio import Event, Handshake, Namespace, Socket
from tests.conformance.endpoints import PATIENCE_SECONDS

T = TypeVar("T")


class Recorder:
    """Accepts everybody who connects to `namespace`, and keeps connections, events and departures."""

    def __init__(self, namespace: Namespace) -> None:
        self.connections: asyncio.Queue[Socket] = asyncio.Queue()
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.departures: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        namespace.on_connect(self._connect)
        namespace.on_any(self._receive)
        namespace.on_disconnect(self._disconnect)

    async def get_connection(self) -> Socket:
        """The next socket that connected."""
        return await self._get(self.connections)

    async def get_event(self) -> Event:
        """The next event that came."""
        return await self._get(self.events)

    async def get_departure(self) -> tuple[str, str]:
        """The next socket that left: its sid and the reason."""
        return await self._get(self.departures)

    async def _connect(self, socket: Socket, _handshake: Handshake) -> None:
        self.connections.put_nowait(socket)

    def _receive(self, event: Event) -> None:
        self.events.put_nowait(event)

    def _disconnect(self, socket: Socket, reason: str) -> None:
        self.departures.put_nowait((socket.sid, reason))

    @staticmethod
    async def _get(queue: asyncio.Queue[T]) -> T:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await queue.get()
