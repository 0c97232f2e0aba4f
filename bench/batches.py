"""The statement that stores batches of sends, run alone on one connection as a lane runs it."""

import itertools
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.servers import Pair
from hyred_chat.ids import new_id

if TYPE_CHECKING:
    import asyncpg

# About what a lane stores at once at 50 pairs.
BATCH = 48
# The server goes on with what it does by itself, and may have a room for longer than a lane waits.
PATIENCE = {"lock_timeout": "10000"}

Batch = list[tuple[str, str, str, str, str, str, None]]


def batch_of(pairs: Sequence[Pair], turn: int) -> Batch:
    """One message in each room, of its two people in turn."""
    return [
        (pair.room_id, new_id(), (pair.va, pair.co)[(turn + place) % 2].id, str(uuid.uuid4()), "x" * 64, "text", None)
        for place, pair in enumerate(pairs)
    ]


async def run_batches(
    connection: "asyncpg.Connection[asyncpg.Record]",
    statement: str,
    pairs: Sequence[Pair],
    turns: Iterator[int],
    count: int,
) -> float:
    """Stores so many batches, of one message in each of these rooms. Returns the backend's microseconds for each."""
    batches = [(batch_of(pairs, turn), False) for turn in itertools.islice(turns, count)]
    return await cost_of_rows(connection, statement, batches)


async def cost_of_rows(
    connection: "asyncpg.Connection[asyncpg.Record]", statement: str, calls: Sequence[tuple[Batch, object]]
) -> float:
    """The backend's microseconds for each row of batches, each with another parameter of the statement."""
    before = _nanoseconds_of(connection.get_server_pid())
    for batch, other in calls:
        await connection.fetch(statement, batch, other)
    used = _nanoseconds_of(connection.get_server_pid()) - before
    return used / sum(len(batch) for batch, _ in calls) / 1000


def _nanoseconds_of(pid: int) -> int:
    """The processor time of a process with one thread, as Linux's scheduler knows it."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])
