"""Floods of sends that keep a ledger, and the counting afterwards: what was acknowledged against what is there."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hyred_chat.ids import new_id
from hyred_chat.moments import to_wire
from tests.acceptance.client import Client, Envelope
from tests.acceptance.failures import PATIENCE_SECONDS, LosableClient
from tests.acceptance.people import Person

if TYPE_CHECKING:
    import asyncpg

    from tests.acceptance.failures import Database


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
                assert not all(writer.done() for writer in self._writers), "nobody writes any more"
                for writer in self._writers:
                    if writer.done():
                        writer.result()
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


async def read_rooms(database: "Database", room_ids: Collection[str]) -> dict[str, "list[asyncpg.Record]"]:
    """The stored messages of each room, by seq."""
    stored: dict[str, list[asyncpg.Record]] = {room_id: [] for room_id in room_ids}
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
        assert all(earlier < later for earlier, later in pairwise(moments))
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
        with suppress(TimeoutError):  # what is missing is shown below
            await client.wait_until(lambda room_id=room_id, end=last_seq: end in live_seqs(client, room_id))  # type: ignore[misc]
        assert client.connected
        assert live_seqs(client, room_id) == list(range(after + 1, last_seq + 1))


def p99(durations: Sequence[float]) -> float:
    """The 99th percentile."""
    return sorted(durations)[len(durations) * 99 // 100]
