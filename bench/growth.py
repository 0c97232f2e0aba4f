"""Whether sending gets slower as messages pile up: an empty database beside one that has very many, in turn."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from bench.database import connection_to
from bench.figures import medians, ratio
from bench.meter import verdict
from bench.servers import SCHEMA, HyredChat
from bench.settings import Settings, progress
from bench.table import Section, Target
from bench.throughput import alone, run_round

if TYPE_CHECKING:
    import asyncpg

PAIRS = 50
MESSAGES_A_ROOM = 500
AT_LEAST = 0.9
STATEMENT_TIMEOUT_SECONDS = 3600.0

# Written long ago, as far as everybody is concerned, by two people in each room. Their clientMessageIds are random, as
# those of most clients are, which is the worst for an index.
ROOMS = """
INSERT INTO chat_rooms (id, type, last_seq, last_message_at)
SELECT 'grown-' || n, 'direct', $2, now() - interval '1 day' FROM generate_series(1, $1::int) n
"""
MESSAGES = """
INSERT INTO messages (room_id, seq, id, sender_id, client_message_id, content, created_at)
SELECT 'grown-' || room, seq,
       lpad(to_hex(1700000000000 + room * $2::bigint + seq), 12, '0') || left(md5(seq::text), 20),
       'grown-' || room || '-' || seq % 2, gen_random_uuid()::text,
       'The message with the number ' || lpad(seq::text, 10, '0') || ' of about usual length ..',
       now() - interval '2 days'
FROM generate_series(1, $1::int) room, generate_series(1, $2::int) seq
"""
SEARCHED = "INSERT INTO search_rooms (room_id, indexed_seq) SELECT id, last_seq FROM chat_rooms WHERE id LIKE 'grown-%'"
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
    """Two servers of its own, of which one is filled."""
    empty, full = HyredChat(), HyredChat()
    try:
        for server in (empty, full):
            await server.start()
        started_at = perf_counter()
        progress(f"writing {settings.stored_messages:,} messages")
        async with connection_to(full.cluster, SCHEMA) as connection:
            await fill(connection, settings.stored_messages)
        progress(f"written in {perf_counter() - started_at:.0f} s")
        return [await compare(empty, full, settings)]
    finally:
        for server in (empty, full):
            await server.stop()


async def fill(connection: "asyncpg.Connection[asyncpg.Record]", messages: int) -> None:
    """Writes them without indexes, and builds these afterwards. Leaves the connection with settings of its own."""
    rooms = max(1, messages // MESSAGES_A_ROOM)
    async with without_indexes(connection):
        await connection.execute(ROOMS, rooms, MESSAGES_A_ROOM)
        await connection.execute(SEARCHED)
        await connection.execute(MESSAGES, rooms, MESSAGES_A_ROOM, timeout=STATEMENT_TIMEOUT_SECONDS)
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
        await connection.execute(index["addition"], timeout=STATEMENT_TIMEOUT_SECONDS)


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
