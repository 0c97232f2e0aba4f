"""A socket of somebody's: python-socketio's client, which knows nothing of ours, and everything it has received."""

import asyncio
import weakref
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import aiohttp
import socketio  # type: ignore[import-untyped]
from aiohttp.connector import Connection

PATIENCE_SECONDS = 10.0
UNKNOWN_EVENT = "are_you_there"

Payload = Any
Envelope = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    """An event, with its first argument."""

    event: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class Joined:
    """What a join brought: the payload of `chat_history`, and the acknowledgement."""

    history: list[dict[str, Any]]
    room: dict[str, Any]
    reload: bool


class _Connector(aiohttp.TCPConnector):
    """Closes what it handed out: the client does not read the answers to its POSTs, and may leave before they end."""

    def __init__(self, *, keeps_connections: bool) -> None:
        super().__init__(force_close=not keeps_connections)
        self._handed_out: weakref.WeakSet[Connection] = weakref.WeakSet()

    async def connect(self, *args: Any, **options: Any) -> Connection:
        connection = await super().connect(*args, **options)
        self._handed_out.add(connection)
        return connection

    async def close(self, *, abort_ssl: bool = False) -> None:
        for connection in list(self._handed_out):
            connection.close()
        await super().close(abort_ssl=abort_ssl)


class ConnectError(Exception):
    """The server answered with CONNECT_ERROR, or with nothing like a handshake.

    Attributes:
        payload: of the CONNECT_ERROR packet: `{message, data: {code}}`; None without one.
    """

    def __init__(self, payload: Any) -> None:
        super().__init__(payload)
        self.payload = payload


class Client:
    """One socket. Every event that reaches it is in `events`, in the order of arrival.

    Args:
        keeps_connections: whether requests share connections, as those of a browser do.

    Attributes:
        events: all that came so far.
        connected: whether it still is.
    """

    def __init__(self, *, keeps_connections: bool = True) -> None:
        self.events: list[Received] = []
        self.connected = False
        self._read = 0
        self._arrived = asyncio.Event()
        self._refusal: Any = None
        self._socket = socketio.AsyncClient(
            reconnection=False,
            handle_sigint=False,
            http_session=lambda: aiohttp.ClientSession(connector=_Connector(keeps_connections=keeps_connections)),
        )
        self._socket.on("*", self._on_event)
        self._socket.on("connect_error", self._on_refusal)
        self._socket.on("disconnect", self._on_disconnect)

    async def connect(
        self,
        url: str,
        auth: object,
        *,
        transports: Collection[str] = ("websocket",),
        headers: dict[str, str] | None = None,
    ) -> None:
        """Raises `ConnectError`."""
        try:
            await self._socket.connect(
                url, auth=auth, transports=list(transports), headers=headers or {}, wait_timeout=PATIENCE_SECONDS
            )
        except socketio.exceptions.ConnectionError:
            await self._socket.disconnect()
            raise ConnectError(self._refusal) from None
        self.connected = True

    async def disconnect(self) -> None:
        """Say goodbye."""
        await self._socket.disconnect()

    async def call(self, event: str, *args: Any) -> Envelope:
        """Send an event with these arguments, asking for its acknowledgement: the envelope."""
        envelope: Envelope = await self._socket.call(event, args, timeout=PATIENCE_SECONDS)
        return envelope

    async def ask(self, event: str, payload: Payload) -> Any:
        """`call`, which must succeed: its data."""
        envelope = await self.call(event, payload)
        assert envelope["success"] is True, envelope
        return envelope["data"]

    async def emit(self, event: str, *args: Any) -> None:
        """Send an event without asking for an acknowledgement."""
        await self._socket.emit(event, args)

    async def join(self, room_id: str, **fields: Any) -> Joined:
        """`join_chat`: its history and its acknowledgement."""
        data = await self.ask("join_chat", {"chatRoomId": room_id, **fields})
        history = [received.payload for received in self.events if received.event == "chat_history"]
        return Joined(history[-1], data["room"], data["reload"])

    async def send(self, room_id: str, content: str, **fields: Any) -> dict[str, Any]:
        """`send_message`: the Message."""
        message: dict[str, Any] = await self.ask("send_message", {"chatRoomId": room_id, "content": content, **fields})
        return message

    async def wait_for(self, event: str, predicate: Callable[[Payload], bool] = lambda _: True) -> Payload:
        """The first such event after the last one that was waited for."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                for position, received in enumerate(self.events[self._read :], start=self._read):
                    if received.event == event and predicate(received.payload):
                        self._read = position + 1
                        return received.payload
                self._arrived.clear()
                await self._arrived.wait()

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true that arriving events make true."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                self._arrived.clear()
                await self._arrived.wait()

    async def wait_until_disconnected(self) -> None:
        """Wait for the server to end it."""
        await self.wait_until(lambda: not self.connected)

    async def catch_up(self) -> None:
        """After this, everything that the server has sent so far is in `events`: answers come in the same order.

        Events of one's own that did not ask for an acknowledgement may still be under way.
        """
        await self.call(UNKNOWN_EVENT)

    def received(self, event: str) -> list[Payload]:
        """The payloads of all events of this name so far."""
        return [received.payload for received in self.events if received.event == event]

    def _on_event(self, event: str, *args: Any) -> None:
        self.events.append(Received(event, args[0] if args else None))
        self._arrived.set()

    def _on_refusal(self, payload: Any = None) -> None:
        self._refusal = payload

    def _on_disconnect(self, _reason: str) -> None:
        self.connected = False
        self._arrived.set()
