"""Whether sending gets slower as messages pile up: an empty database beside one that has very many, in turn."""

import shutil
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bench.database import connection_to
from bench.figures import medians, ratio
from bench.meter import verdict
from bench.processes import ProcessFailedError
from bench.servers import SCHEMA, HyredChat
from bench.settings import Settings, progress
from bench.table import Section, Target
from bench.throughput import alone, paused, run_round

if TYPE_CHECKING:
    import asyncpg

PAIRS = 50
MESSAGES_A_ROOM = 500
AT_LEAST = 0.9
# Of what is written at once. Each slice says how far it is, and looks at how much room is left.
SLICE_ROOMS = 2_000
STATEMENT_TIMEOUT_SECONDS = 3600.0
# The least that machines write with all that follows; it decides when the measure is given up.
STORED_A_SECOND = 10_000
# Of a message with its indexes, of the largest index while it is sorted, and of what else PostgreSQL has and logs.
MESSAGE_BYTES, SORTING_BYTES, OTHER_BYTES = 400, 120, 6 * 2**30
GIBIBYTE = 2**30

# Written long ago, as far as everybody is concerned, by two people in each room. Their clientMessageIds are random, as
# those of most clients are, which is the worst for an index.
ROOMS = """
WITH room AS (
    INSERT INTO chat_rooms (id, type, last_seq, last_message_at)
    SELECT 'grown-' || n, 'direct', $3, now() - interval '1 day' FROM generate_series($1::int, $2::int) n
    RETURNING id, last_seq
)
INSERT INTO search_rooms (room_id, indexed_seq) SELECT id, last_seq FROM room
"""
MESSAGES = """
INSERT INTO messages (room_id, seq, id, sender_id, client_message_id, content, created_at)
SELECT 'grown-' || room, seq,
       lpad(to_hex(1700000000000 + room * $3::bigint + seq), 12, '0') || left(md5(seq::text), 20),
       'grown-' || room || '-' || seq % 2, gen_random_uuid()::text,
       'The message with the number ' || lpad(seq::text, 10, '0') || ' of about usual length ..',
       now() - interval '2 days'
FROM generate_series($1::int, $2::int) room, generate_series(1, $3::int) seq
"""
CLEAN = "VACUUM (ANALYZE, FREEZE) messages"
# A checkpoint that is due would be paid for by whoever is measured first.
CHECKPOINT = "CHECKPOINT"

INDEXES = """
SELECT coalesce('ALTER TABLE messages DROP CONSTRAINT ' || conname, 'DROP INDEX ' || indexrelid::regclass) AS removal,
       coalesce(
           'ALTER TABLE messages ADD CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(constrained.oid),
           pg_get_indexdef(indexrelid)
       ) AS addition
FROM pg_index LEFT JOIN pg_constraint constrained ON conindid = indexrelid
WHERE indrelid = 'messages'::regclass
"""


async def measure(_: HyredChat, settings: Settings) -> list[Section]:
    """Two servers of its own, of which one is filled. Nothing of it is left.

    Raises:
        ProcessFailedError: there is no room for so many messages.
    """
    empty, full = HyredChat(), HyredChat()
    try:
        for server in (empty, full):
            await server.start()
        await write(full, settings.stored_messages)
        return [await compare(empty, full, settings)]
    finally:
        for server in (empty, full):
            await server.stop()


async def write(server: HyredChat, messages: int) -> None:
    """Fills a server, which does nothing else meanwhile: nothing could be looked up without indexes."""
    needed, started_at = gibibytes_of(messages), perf_counter()
    progress(f"writing {messages:,} messages, for which the disk must have {needed:.0f} GiB")
    check_room(server.folder, needed)
    with paused([server]):
        async with connection_to(server.cluster, SCHEMA) as connection:
            await fill(connection, messages, server.folder)
            size = await connection.fetchval("SELECT pg_database_size(current_database())")
    await server.wait_until_ready(server.process, server.port)
    progress(f"written in {perf_counter() - started_at:.0f} s; the database has {size / GIBIBYTE:.1f} GiB")


def gibibytes_of(messages: int) -> float:
    """GiB that the disk has to have for so many messages, at the moment at which it is most."""
    return (messages * (MESSAGE_BYTES + SORTING_BYTES) + OTHER_BYTES) / GIBIBYTE


def check_room(folder: Path, needed: float) -> None:
    """Raises ProcessFailedError when the disk of a folder has not so many GiB left."""
    if (free := shutil.disk_usage(folder).free / GIBIBYTE) < needed:
        raise ProcessFailedError(f"{needed:.1f} GiB are needed at {folder}, and {free:.1f} are free")


async def fill(connection: "asyncpg.Connection[asyncpg.Record]", messages: int, folder: Path) -> None:
    """Writes them without indexes, and builds these afterwards. Leaves the connection with settings of its own.

    Args:
        folder: on the disk that is watched.
    """
    rooms = max(1, messages // MESSAGES_A_ROOM)
    started_at = perf_counter()
    async with without_indexes(connection):
        for first in range(1, rooms + 1, SLICE_ROOMS):
            last = min(rooms, first + SLICE_ROOMS - 1)
            await connection.execute(ROOMS, first, last, MESSAGES_A_ROOM)
            await connection.execute(MESSAGES, first, last, MESSAGES_A_ROOM, timeout=STATEMENT_TIMEOUT_SECONDS)
            check_room(folder, OTHER_BYTES / GIBIBYTE)
            progress(f"{last * MESSAGES_A_ROOM:,} messages after {perf_counter() - started_at:.0f} s")
    for statement in (CLEAN, CHECKPOINT):
        await connection.execute(statement, timeout=STATEMENT_TIMEOUT_SECONDS)


@asynccontextmanager
async def without_indexes(connection: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[None]:
    """Tables that nobody else uses, without indexes and triggers until the end of the block."""
    for setting in ("session_replication_role = replica", "synchronous_commit = off", "maintenance_work_mem = '1GB'"):
        await connection.execute(f"SET {setting}")
    indexes = await connection.fetch(INDEXES)
    for index in indexes:
        await connection.execute(index["removal"])
    yield
    for index in indexes:
        started_at = perf_counter()
        await connection.execute(index["addition"], timeout=STATEMENT_TIMEOUT_SECONDS)
        progress(f"{index['addition'].split(' (')[0]}: {perf_counter() - started_at:.0f} s")


async def compare(empty: HyredChat, full: HyredChat, settings: Settings) -> Section:
    """Rounds of both in turn."""
    servers = {"none": empty, f"{settings.stored_messages:,}": full}
    rounds: dict[str, list[list[float]]] = defaultdict(list)
    most_of_others = 0.0
    for number in range(settings.rounds):
        for stored, server in servers.items():
            with alone(server, [empty, full]):
                figures = await run_round(server, PAIRS, settings)
            most_of_others = max(most_of_others, figures.cpu.others)
            rounds[stored].append(figures.row())
            progress(f"round {number + 1}: {stored} stored: {figures.messages_per_second:,.0f} messages/s")
    rows = {stored: medians(each) for stored, each in rounds.items()}
    share = ratio(rows[f"{settings.stored_messages:,}"][0], rows["none"][0])
    return Section(
        title="Growth",
        columns=("messages stored before", "messages/s", "p50 ms", "p99 ms", "CPU us each"),
        rows=[(stored, *row[:4]) for stored, row in rows.items()],
        notes=[*verdict(most_of_others), f"{PAIRS} pairs, medians of {settings.rounds} rounds in turn."],
        targets=[Target("of the throughput with an empty database", share, at_least=AT_LEAST)],
    )
