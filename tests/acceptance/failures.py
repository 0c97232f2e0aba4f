"""What tests of failures share: sockets that may be lost, servers that follow one another, ways to break things."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import asyncpg
import socketio  # type: ignore[import-untyped]
from websockets import ConnectionClosed
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_websocket

from tests.acceptance.client import Client, Envelope
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import Server
from tests.looking import look_until
from tests.postgres import SCHEMA, PrivatePostgres

if TYPE_CHECKING:
    Database = asyncpg.Connection[asyncpg.Record]

PATIENCE_SECONDS = 20.0
# People never meet these limits, floods do.
NO_LIMITS = {
    "HYRED_RATE_LIMIT_MESSAGES_PER_MINUTE": "0",
    "HYRED_RATE_LIMIT_EVENTS_PER_MINUTE": "0",
    "HYRED_RATE_LIMIT_REQUESTS_PER_MINUTE": "0",
    "HYRED_MAX_HANDSHAKES_PER_SECOND": "0",
}


class LosableClient(Client):
    """A socket whose calls end when its connection does. With `returns`, it connects again by itself."""

    def __init__(self, *, returns: bool = False, keeps_connections: bool = True) -> None:
        super().__init__(keeps_connections=keeps_connections)
        self._unanswered: set[asyncio.Future[Envelope | None]] = set()
        self._socket.reconnection = returns
        self._socket.reconnection_delay = self._socket.reconnection_delay_max = 0.1
        self._socket.randomization_factor = 0
        self._socket.on("connect", self._on_connect)

    async def disconnect(self) -> None:
        await self._socket.shutdown()
        await super().disconnect()

    async def try_call(self, event: str, payload: object) -> Envelope | None:
        """The acknowledgement, or None when the connection was lost before it came."""
        answered: asyncio.Future[Envelope | None] = asyncio.get_running_loop().create_future()
        self._unanswered.add(answered)
        try:
            await self._socket.emit(event, payload, callback=lambda envelope: _settle(answered, envelope))
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await answered
        except socketio.exceptions.BadNamespaceError:
            return None
        finally:
            self._unanswered.discard(answered)

    async def wait_until_connected(self) -> None:
        """Wait for one that `returns` to be back."""
        await self.wait_until(lambda: self.connected)

    def _on_connect(self) -> None:
        self.connected = True
        self._arrived.set()

    def _on_disconnect(self, reason: str) -> None:
        for answered in self._unanswered:
            _settle(answered, None)
        super()._on_disconnect(reason)


def _settle(answered: asyncio.Future[Envelope | None], envelope: Envelope | None) -> None:
    if not answered.done():
        answered.set_result(envelope)


async def connect(
    chat: Chat, person: Person, *, join: Iterable[str] = (), returns: bool = False, transport: str = "websocket"
) -> LosableClient:
    """A socket of somebody's, in these rooms."""
    client = LosableClient(returns=returns)
    person.clients.append(client)
    await client.connect(chat.server.url, {"token": person.token}, transports=[transport])
    for room_id in join:
        await client.join(room_id)
    return client


@asynccontextmanager
async def raw_socket(server: Server, person: Person, **options: Any) -> AsyncIterator[ClientConnection]:
    """Somebody's socket, frame by frame: connected to the namespace, and nothing of it is read unless the test does."""
    address = f"{server.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
    limits = {"max_size": None, "ping_interval": None, "close_timeout": 1, "open_timeout": PATIENCE_SECONDS}
    async with connect_websocket(address, proxy=None, compression=None, **(limits | options)) as socket:
        assert str(await socket.recv()).startswith("0")
        await socket.send("40" + json.dumps({"token": person.token}))
        assert str(await socket.recv()).startswith("40")
        yield socket


async def read_until_closed(socket: ClientConnection) -> None:
    """Read, and throw away, until the server closes the connection."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()


async def raw_ask(socket: ClientConnection, number: int, event: str, payload: object) -> Envelope:
    """Send an event with this id, skip all that comes before its acknowledgement, and return that."""
    await socket.send(f"42{number}{json.dumps([event, payload])}")
    head = f"43{number}["
    while not (packet := str(await socket.recv())).startswith(head):
        pass
    envelope: Envelope = json.loads(packet[len(head) - 1 :])[0]
    return envelope


@asynccontextmanager
async def chat_on(server: Server) -> AsyncIterator[Chat]:
    """People on a server of the test's own."""
    chat = await Chat.open(server)
    try:
        yield chat
    finally:
        await chat.close()


@asynccontextmanager
async def database_at(url: str) -> AsyncIterator["Database"]:
    """A look into a database."""
    database = await asyncpg.connect(url, server_settings={"search_path": SCHEMA})
    try:
        yield database
    finally:
        await database.close()


def move(people: Iterable[Person], chat: Chat) -> None:
    """Have people use another server, such as the successor of theirs."""
    for person in people:
        person._chat = chat


async def wait_for_status(chat: Chat, path: str, status: int) -> None:
    """Ask until the answer has this status."""

    async def has_it() -> bool:
        return (await chat.http.get(path)).status_code == status

    await look_until(has_it, seconds=PATIENCE_SECONDS)


@contextmanager
def frozen(pids: Iterable[int]) -> Iterator[None]:
    """Processes that neither run nor die until the end of the block."""
    stopped: list[int] = []
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
            stopped.append(pid)
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def hanging(postgres: PrivatePostgres) -> Iterator[None]:
    """PostgreSQL does not answer until the end of the block."""
    postgres.freeze()
    try:
        yield
    finally:
        postgres.thaw()
