"""What processes tell one another about notifications: show this one, show that one no more.

The worker that looks at a notification may be another process than the one that has the person's sockets. A signal
is a hint: what is lost while the connection is down is in the database, where lists are read from.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, Protocol, TypeAlias

import orjson

from hyred_chat.db.faults import is_connectivity_error
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import UnavailableError

logger = logging.getLogger(__name__)

# PostgreSQL takes payloads of less than 8,000 bytes.
MAX_PAYLOAD_BYTES = 7_500
MAX_CHANNEL_BYTES = 63
MAX_WAITING = 10_000
RETRY_SECONDS = 0.5
CHECK_SECONDS = 20.0


class Hint(NamedTuple):
    """Whom and what it is about: a process passes over those whom it does not have.

    Attributes:
        notification_id: empty where it is about the person.
        seq: of a conversation that was read, up to which message; else None.
    """

    user_id: str
    notification_id: str = ""
    seq: int | None = None


Listener: TypeAlias = Callable[[Sequence[Hint]], Awaitable[None]]


class Teller(Protocol):
    """The way by which processes tell one another."""

    async def tell(self, connection: Connection, kind: str, hints: Sequence[Hint]) -> None:
        """Tell every process once what was done on this connection is committed."""


class NotifyTeller:
    """Through PostgreSQL's NOTIFY, where there is no broker; one statement."""

    def __init__(self, schema: str) -> None:
        self._channel = _channel(schema)

    async def tell(self, connection: Connection, kind: str, hints: Sequence[Hint]) -> None:
        """See `Teller`."""
        payloads = [orjson.dumps([kind, chunk]).decode() for chunk in _chunks(hints)]
        await connection.execute(
            "SELECT pg_notify($1, payload) FROM unnest($2::text[]) payload", self._channel, payloads
        )


def _channel(schema: str) -> str:
    return f"hyred_{schema}"[:MAX_CHANNEL_BYTES]


def _chunks(hints: Sequence[Hint]) -> list[list[orjson.Fragment]]:
    chunks: list[list[orjson.Fragment]] = [[]]
    size = 0
    for hint in hints:
        encoded = orjson.dumps(tuple(hint))
        length = len(encoded) + 1
        if size + length > MAX_PAYLOAD_BYTES:
            chunks.append([])
            size = 0
        chunks[-1].append(orjson.Fragment(encoded))
        size += length
    return chunks


class Dispatcher:
    """Hands what was heard to listeners, one after another.

    Args:
        listeners: by kind; each is awaited in turn. A listener that fails is logged.
    """

    def __init__(self, listeners: Mapping[str, Listener]) -> None:
        self._listeners = listeners
        self._waiting: deque[str | bytes] = deque(maxlen=MAX_WAITING)
        self.wake = asyncio.Event()

    def put(self, payload: str | bytes) -> None:
        """Take what was heard: JSON, `[kind, hints]`. Past `MAX_WAITING`, the oldest is forgotten."""
        self._waiting.append(payload)
        self.wake.set()

    async def hand_out(self) -> None:
        """Hand out what waits."""
        while self._waiting:
            payload = self._waiting.popleft()
            try:
                kind, hints = _read(payload)
                if (listener := self._listeners.get(kind)) is not None:
                    await listener(hints)
            except Exception:
                logger.exception("A signal could not be passed on")


class Signals:
    """Listens on a connection of its own, and makes another one when that breaks.

    Args:
        on_connected: awaited whenever listening (again) begins, because something may have been missed.
    """

    def __init__(
        self, database: Database, listeners: Mapping[str, Listener], on_connected: Callable[[], Awaitable[None]]
    ) -> None:
        self._database = database
        self._on_connected = on_connected
        self._dispatcher = Dispatcher(listeners)

    async def run(self) -> None:
        """Listen, until cancelled."""
        while True:
            connection: Connection | None = None
            try:
                connection = await self._database.dedicated_connection()
                await self._listen(connection)
            except Exception as error:
                if not isinstance(error, UnavailableError) and not is_connectivity_error(error):
                    logger.exception("Signals are not heard; trying again")
                await asyncio.sleep(RETRY_SECONDS)
            finally:
                if connection is not None:
                    with suppress(Exception):
                        connection.terminate()

    async def _listen(self, connection: Connection) -> None:
        wake = self._dispatcher.wake
        connection.add_termination_listener(lambda _: wake.set())
        await connection.add_listener(_channel(self._database.schema), self._take)
        await self._on_connected()
        while not connection.is_closed():
            wake.clear()
            await self._dispatcher.hand_out()
            if wake.is_set() or connection.is_closed():
                continue
            try:
                async with asyncio.timeout(CHECK_SECONDS):
                    await wake.wait()
            except TimeoutError:
                await connection.execute("SELECT 1")

    def _take(self, _connection: object, _process_id: int, _channel: str, payload: object) -> None:
        self._dispatcher.put(str(payload))


def _read(payload: str | bytes) -> tuple[str, list[Hint]]:
    message: Any = orjson.loads(payload)
    return message[0], [Hint(*fields) for fields in message[1]]
