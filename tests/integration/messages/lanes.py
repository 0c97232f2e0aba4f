"""A lane on a real database, what came out of it, and sends to put into it."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import ChatError
from hyred_chat.ids import new_id
from hyred_chat.messages.batch_repository import Pending
from hyred_chat.messages.gathering import Neighbours
from hyred_chat.messages.lanes import Lane, OnSettled
from hyred_chat.messages.measures import SendMeasures
from hyred_chat.messages.sends import Arrival, Door, Outcome, PendingSend

PATIENCE_SECONDS = 10.0
# A lane that has the database for itself, and one beside others, which locks rooms before it reads.
ALONE_OR_NOT = pytest.mark.parametrize("neighbours", [None, Neighbours()], ids=["alone", "beside others"])


class Outcomes:
    """What became of sends, in the order in which they were settled."""

    def __init__(self) -> None:
        self.settled: list[tuple[Pending, Outcome]] = []
        self._changed = asyncio.Event()

    def settle(self, pending: Pending, outcome: Outcome) -> None:
        self.settled.append((pending, outcome))
        self._changed.set()

    def of(self, pending: PendingSend) -> Outcome:
        """Of one that was settled once."""
        [outcome] = [outcome for each, outcome in self.settled if each is pending]
        return outcome

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.settled) < count:
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def running_lane(
    database: Database,
    outcomes: Outcomes,
    *,
    batch_size: int = 128,
    capacity: int = 1000,
    neighbours: Neighbours | None = None,
    on_settled: OnSettled | None = None,
) -> AsyncIterator[Lane]:
    """A lane that works until the block ends."""
    lane = Lane(
        database,
        batch_size=batch_size,
        capacity=capacity,
        prepare=_no_preparation,
        on_settled=on_settled or outcomes.settle,
        measures=SendMeasures(PATIENCE_SECONDS),
        neighbours=neighbours,
    )
    task = asyncio.create_task(lane.run())
    try:
        yield lane
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def add_room(database: Database, room_id: str, *member_ids: str, status: str = "active") -> str:
    """A room and its members, who are made when they are new."""
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO users (id, email, role) SELECT id, id || '@mail.example', 'va' FROM unnest($1::text[]) id"
            " ON CONFLICT DO NOTHING",
            list(member_ids),
        )
        await connection.execute("INSERT INTO chat_rooms (id, type, status) VALUES ($1, 'group', $2)", room_id, status)
        await connection.execute(
            "INSERT INTO chat_members (room_id, user_id) SELECT $1, unnest($2::text[])", room_id, list(member_ids)
        )
    return room_id


def send_of(
    sender_id: str,
    room_id: str,
    content: str = "Hello",
    *,
    client_message_id: str | None = None,
    message_type: str = "text",
    metadata: str | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
    door: Door | None = None,
    age_seconds: float = 0,
) -> PendingSend:
    """A send as `Messages` makes it: with a `door`, one that may be a copy of another, and came so long ago."""
    return PendingSend(
        id=new_id(),
        room_id=room_id,
        sender_id=sender_id,
        sender=b"{}",
        client_message_id=client_message_id,
        content=content,
        type=message_type,
        metadata=metadata,
        settle=_ignore,
        deadline=time.monotonic() + patience_seconds,
        arrival=None if door is None else Arrival(door, time.monotonic() - age_seconds),
    )


async def stored_seqs(database: Database, room_id: str) -> list[int]:
    """What the database has."""
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT seq FROM messages WHERE room_id = $1 ORDER BY seq", room_id)
    return [row["seq"] for row in rows]


async def _no_preparation(_: Connection, __: Sequence[Pending]) -> None:
    """There is no cache here."""


def _ignore(_: bytes | ChatError) -> None:
    """Nobody waits."""
