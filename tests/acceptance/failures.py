"""What the tests of failures share: floods of sends that keep a ledger, sockets that may be lost, and the counting."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg
import socketio  # type: ignore[import-untyped]
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_websocket

from hyred_chat.ids import new_id
from hyred_chat.moments import to_wire
from tests.acceptance.client import Client, Envelope
from tests.acceptance.people import Chat, Person
from tests.acceptance.server import Server
from tests.postgres import SCHEMA, PrivatePostgres

if TYPE_CHECKING:
    Database = asyncpg.Connection[asyncpg.Record]
    Row = asyncpg.Record

PATIENCE_SECONDS = 20.0
# People never meet these limits, floods do.
NO_LIMITS = {
    "HYRED_RATE_LIMIT_MESSAGES_PER_MINUTE": "0",
    "HYRED_RATE_LIMIT_EVENTS_PER_MINUTE": "0",
    "HYRED_RATE_LIMIT_REQUESTS_PER_MINUTE": "0",
}


class LosableClient(Client):
    """A socket whose calls end when its connection does. With `returns`, it connects again by itself."""

    def __init__(self, *, returns: bool = False) -> None:
        super().__init__()
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


async def raw_ask(socket: ClientConnection, number: int, event: str, payload: object) -> Envelope:
    """Send an event with this id, skip all that comes before its acknowledgement, and return that."""
    await socket.send(f"42{number}{json.dumps([event, payload])}")
    head = f"43{number}["
    while not (packet := str(await socket.recv())).startswith(head):
        pass
    envelope: Envelope = json.loads(packet[len(head) - 1 :])[0]
    return envelope


@dataclass(slots=True)
class Send:
    """A message that somebody sent; `envelope` is None until, and unless, it is answered."""

    person: Person
    room_id: str
    content: str
    client_message_id: str
    envelope: Envelope | None = None
    waited_seconds: float = 0.0

    @property
    def payload(self) -> dict[str, Any]:
        return {"chatRoomId": self.room_id, "content": self.content, "clientMessageId": self.client_message_id}

    @property
    def message(self) -> dict[str, Any] | None:
        """The Message, when it was acknowledged."""
        return self.envelope["data"] if self.envelope is not None and self.envelope["success"] else None

    @property
    def code(self) -> str | None:
        """Of its refusal."""
        return None if self.envelope is None or self.envelope["success"] else str(self.envelope["code"])

    async def make(self, client: LosableClient) -> None:
        """Send it, or send it again."""
        started = time.monotonic()
        self.envelope = await client.try_call("send_message", self.payload)
        self.waited_seconds = time.monotonic() - started


class Flood:
    """People who send one message after another, and the ledger of it: `sends`, in the order of sending."""

    def __init__(self) -> None:
        self.sends: list[Send] = []
        self._writers: list[asyncio.Task[None]] = []
        self._is_over = False
        self._answered = asyncio.Event()

    def write(
        self, person: Person, client: LosableClient, room_id: str, *, limit: int | None = None, chars: int = 0
    ) -> None:
        """Let a socket send to a room until the flood is over, its connection is lost, or it has sent `limit`.

        Args:
            chars: the least length of each message; what it is filled up with takes three bytes a character.
        """
        self._writers.append(asyncio.create_task(self._write(person, client, room_id, limit, chars)))

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true that answers make true."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                for writer in self._writers:
                    assert not writer.done(), "a writer has ended"
                self._answered.clear()
                await self._answered.wait()

    async def wait_for_acknowledgements(self, count: int) -> None:
        """Wait for this many more."""
        target = len(self.acknowledged) + count
        await self.wait_until(lambda: len(self.acknowledged) >= target)

    async def end(self) -> None:
        """Let every send that is under way come to its end."""
        self._is_over = True
        await self.wait_for_the_end()

    async def wait_for_the_end(self) -> None:
        """Wait until all writers have ended by themselves."""
        await asyncio.gather(*self._writers)

    def cancel(self) -> None:
        for writer in self._writers:
            writer.cancel()

    @property
    def acknowledged(self) -> list[Send]:
        return [send for send in self.sends if send.message is not None]

    @property
    def others(self) -> list[Send]:
        """Refused, or never answered."""
        return [send for send in self.sends if send.message is None]

    async def _write(self, person: Person, client: LosableClient, room_id: str, limit: int | None, chars: int) -> None:
        count = 0
        while not self._is_over and count != limit:
            send = Send(person, room_id, f"{person.name} {len(self.sends)}".ljust(chars, "漢"), new_id())
            self.sends.append(send)
            count += 1
            await send.make(client)
            self._answered.set()
            if send.envelope is None:
                return


@asynccontextmanager
async def flooding() -> AsyncIterator[Flood]:
    """A flood that is over at the end, whatever happens."""
    flood = Flood()
    try:
        yield flood
    finally:
        flood.cancel()


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


async def read_rooms(database: "Database", room_ids: Collection[str]) -> dict[str, "list[Row]"]:
    """The stored messages of each room, by seq."""
    stored: dict[str, list[Row]] = {room_id: [] for room_id in room_ids}
    for row in await database.fetch("SELECT * FROM messages WHERE room_id = ANY($1) ORDER BY seq", list(room_ids)):
        stored[row["room_id"]].append(row)
    return stored


async def check_stored(database: "Database", room_ids: Collection[str], sends: Sequence[Send]) -> int:
    """All that was acknowledged is stored as it was acknowledged, nothing is twice, nothing has a gap.

    Returns:
        How many messages are stored.
    """
    async with database.transaction(isolation="repeatable_read"):
        stored = await read_rooms(database, room_ids)
        last_seqs = await database.fetch("SELECT id, last_seq FROM chat_rooms WHERE id = ANY($1)", list(room_ids))
    for room_id, last_seq in last_seqs:
        assert [row["seq"] for row in stored[room_id]] == list(range(1, last_seq + 1))
        moments = [row["created_at"] for row in stored[room_id]]
        assert all(earlier < later for earlier, later in zip(moments, moments[1:], strict=False))
    rows = [row for room_id in room_ids for row in stored[room_id]]
    by_client_id = {(row["sender_id"], row["client_message_id"]): row for row in rows}
    assert len(by_client_id) == len(rows), "a message is stored twice"
    assert by_client_id.keys() <= {(send.person.id, send.client_message_id) for send in sends}
    for send in sends:
        if (message := send.message) is not None:
            row = by_client_id[send.person.id, send.client_message_id]
            stored_as = (row["room_id"], row["seq"], row["id"], row["content"], to_wire(row["created_at"]))
            assert stored_as == tuple(message[key] for key in ("roomId", "seq", "id", "content", "createdAt"))
    return len(rows)


def live_seqs(client: Client, room_id: str) -> list[int]:
    """The seqs of a room in the order in which a socket got its messages live."""
    return [message["seq"] for message in client.received("new_message") if message["roomId"] == room_id]


async def check_live(client: Client, last_seqs: Mapping[str, int], *, after: int = 0) -> None:
    """A socket gets every message of these rooms live, once, in order, up to the room's last."""
    for room_id, last_seq in last_seqs.items():
        await client.wait_until(lambda room_id=room_id, end=last_seq: end in live_seqs(client, room_id))  # type: ignore[misc]
        assert live_seqs(client, room_id) == list(range(after + 1, last_seq + 1))


def p99(durations: Sequence[float]) -> float:
    """The 99th percentile."""
    return sorted(durations)[len(durations) * 99 // 100]


async def backends(database: "Database") -> list[int]:
    """The process ids of PostgreSQL's processes that work for servers."""
    rows = await database.fetch(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'hyred-chat' AND datname = current_database()"
    )
    return [row["pid"] for row in rows]


async def wait_for_status(chat: Chat, path: str, status: int) -> None:
    """Ask until the answer has this status."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await chat.http.get(path)).status_code != status:
            pass


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
