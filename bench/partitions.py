"""What storing a batch costs when the messages of a database are in one table, and in hash partitions by room.

PostgreSQL wants the partition key in every unique constraint, so partitions cannot keep a sender's clientMessageId
unique over all rooms. The two changes, keys by room and partitions, are measured one after the other.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

import asyncpg
import psutil

from bench.database import Cluster
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.table import Section
from hyred_chat.db.connecting import server_settings
from hyred_chat.db.migrate import upgrade
from hyred_chat.ids import new_id
from hyred_chat.messages.lane_connection import LANE_SETTINGS
from hyred_chat.messages.store_statement import STORE_BATCH

ROOMS = 2000
ROOMS_A_BATCH = 50
BATCH = 128
BATCHES_A_ROUND = 100
ROUNDS = 6
WARM_UP_BATCHES = 20
FILL_TIMEOUT_SECONDS = 300.0
CONTENT = "A message of the usual length, about as long as this one."

KEYS_BY_ROOM = """
    ALTER TABLE messages DROP CONSTRAINT messages_id_key;
    DROP INDEX messages_sender_id_client_message_id_key;
    CREATE UNIQUE INDEX ON messages (room_id, id);
    CREATE UNIQUE INDEX ON messages (room_id, sender_id, client_message_id) WHERE client_message_id IS NOT NULL;
"""
PARTITIONS = """
    ALTER TABLE messages RENAME TO one_table;
    CREATE TABLE messages (LIKE one_table INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY HASH (room_id);
    DROP TABLE one_table;
    ALTER TABLE messages ADD PRIMARY KEY (room_id, seq);
    CREATE UNIQUE INDEX ON messages (room_id, id);
    CREATE UNIQUE INDEX ON messages (room_id, sender_id, client_message_id) WHERE client_message_id IS NOT NULL;
    DO $$ BEGIN
        FOR n IN 0..15 LOOP
            EXECUTE format('CREATE TABLE messages_%s PARTITION OF messages '
                           'FOR VALUES WITH (MODULUS 16, REMAINDER %s)', n, n);
        END LOOP;
    END $$;
"""

# Two people a room, and a history that is spread over all rooms.
FILL = """
    INSERT INTO users (id, email, role) SELECT 'user-' || n, 'user-' || n || '@example.com', 'va'
    FROM generate_series(1, 2 * {rooms}) n;
    INSERT INTO chat_rooms (id, type, last_seq, last_message_at)
    SELECT 'room-' || n, 'direct', {messages} / {rooms}, now() - interval '1 hour' FROM generate_series(1, {rooms}) n;
    INSERT INTO chat_members (room_id, user_id)
    SELECT 'room-' || n, 'user-' || person FROM generate_series(1, {rooms}) n, LATERAL (VALUES (2 * n - 1), (2 * n))
        AS pair (person);
    INSERT INTO messages (room_id, seq, id, sender_id, client_message_id, content, created_at)
    SELECT 'room-' || n, seq, md5(n || '-' || seq), 'user-' || (2 * n - seq % 2), md5('client' || n || '-' || seq),
           '{content}', now() - interval '2 hours' + seq * interval '1 second'
    FROM generate_series(1, {messages} / {rooms}) seq, generate_series(1, {rooms}) n;
"""


@dataclass
class Form:
    """One way to keep messages, in a schema of its own.

    Attributes:
        change: the SQL that makes it of what migrations make.
        statement: which stores a batch in it.
        milliseconds: of the batches of each round, their median.
        cpu_milliseconds: of processor time of the backend a batch, in each round.
        wal_kilobytes: of write-ahead log a batch, in each round.
        repeat_milliseconds: of the batches that were stored already.
    """

    name: str
    schema: str
    change: str
    statement: str
    milliseconds: list[float] = field(default_factory=list)
    cpu_milliseconds: list[float] = field(default_factory=list)
    wal_kilobytes: list[float] = field(default_factory=list)
    repeat_milliseconds: list[float] = field(default_factory=list)


def by_room(statement: str) -> str:
    """The statement, looking for repeats in the message's own room."""
    for condition in ("m.sender_id = sent.sender_id", "m.id = sent.id"):
        if statement.count(condition) != 1:
            raise ValueError(f"the statement does not have {condition} once")
        statement = statement.replace(condition, f"m.room_id = sent.room_id AND {condition}")
    return statement


def forms() -> list[Form]:
    """All that are compared, today's first."""
    return [
        Form("one table, as it is", "bench_one_table", "", STORE_BATCH),
        Form("one table, keys by room", "bench_keys_by_room", KEYS_BY_ROOM, by_room(STORE_BATCH)),
        Form("16 partitions, keys by room", "bench_partitions", PARTITIONS, by_room(STORE_BATCH)),
    ]


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """Stores batches in each form in turn, round by round."""
    compared = forms()
    async with AsyncExitStack() as stack:
        stores = []
        for form in compared:
            progress(f"messages in the form: {form.name}")
            await prepare(form, server.cluster, settings.room_messages)
            stores.append(await stack.enter_async_context(store_in(form, server.cluster)))
        for store in stores:
            await store.run(WARM_UP_BATCHES)
        for number in range(ROUNDS):
            # Each is first, second and third equally often.
            for at in range(len(stores)):
                await stores[(number + at) % len(stores)].measure_round()
    return [table(compared, settings)]


async def prepare(form: Form, cluster: Cluster, messages: int) -> None:
    """Makes the tables, changes them, and fills them."""
    url = f"postgresql://postgres@/postgres?host={cluster.socket_folder}&port={cluster.port}"
    await asyncio.to_thread(upgrade, url, form.schema)
    connection = await connect(cluster, form.schema, statement_timeout="0")
    timeout = FILL_TIMEOUT_SECONDS
    if form.change:
        await connection.execute(form.change, timeout=timeout)
    await connection.execute(FILL.format(rooms=ROOMS, messages=messages, content=CONTENT), timeout=timeout)
    await connection.execute("VACUUM (ANALYZE) messages, chat_rooms, chat_members, users", timeout=timeout)
    await connection.close()


async def connect(cluster: Cluster, schema: str, **settings: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection as a lane has it."""
    return await asyncpg.connect(
        host=cluster.socket_folder,
        port=cluster.port,
        user="postgres",
        database="postgres",
        server_settings=server_settings(schema) | LANE_SETTINGS | settings,
    )


class Store:
    """Stores batches in one form."""

    def __init__(self, form: Form, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._form = form
        self._connection = connection
        self._backend = psutil.Process(connection.get_server_pid())
        self._first_room = 0

    async def run(self, batches: int) -> list[float]:
        """Stores so many batches. Returns the milliseconds of each."""
        return [await self._store(self._new_batch()) for _ in range(batches)]

    async def measure_round(self) -> None:
        """Stores the batches of one round, and then the last one again and again."""
        cpu_before, wal_before = self._cpu_seconds(), await self._wal_bytes()
        took = await self.run(BATCHES_A_ROUND)
        cpu_seconds, wal_bytes = self._cpu_seconds() - cpu_before, await self._wal_bytes() - wal_before
        self._form.milliseconds.append(median(took))
        self._form.cpu_milliseconds.append(cpu_seconds * 1000 / BATCHES_A_ROUND)
        self._form.wal_kilobytes.append(wal_bytes / 1000 / BATCHES_A_ROUND)
        stored = self._new_batch()
        await self._store(stored)
        self._form.repeat_milliseconds.append(median([await self._store(stored, again=True) for _ in range(10)]))

    async def _store(self, batch: Sequence[tuple[str | None, ...]], *, again: bool = False) -> float:
        started = perf_counter()
        rows = await self._connection.fetch(self._form.statement, batch, again)
        took = (perf_counter() - started) * 1000
        if any(row["is_repeat"] is not again for row in rows):
            raise ValueError("a batch was not stored as it should have been")
        return took

    def _new_batch(self) -> list[tuple[str | None, ...]]:
        """Messages of both people of the next rooms."""
        self._first_room += ROOMS_A_BATCH
        batch: list[tuple[str | None, ...]] = []
        for number in range(BATCH):
            room = (self._first_room + number % ROOMS_A_BATCH) % ROOMS + 1
            sender = 2 * room - number // ROOMS_A_BATCH % 2
            batch.append((f"room-{room}", new_id(), f"user-{sender}", new_id(), CONTENT, "text", None))
        return batch

    async def _wal_bytes(self) -> float:
        """Of the whole cluster, in which nobody else writes meanwhile."""
        return float(await self._connection.fetchval("SELECT pg_current_wal_insert_lsn() - '0/0'"))

    def _cpu_seconds(self) -> float:
        times = self._backend.cpu_times()
        return float(times.user + times.system)


@asynccontextmanager
async def store_in(form: Form, cluster: Cluster) -> AsyncIterator[Store]:
    """A store with a connection for the length of the block."""
    connection = await connect(cluster, form.schema)
    try:
        yield Store(form, connection)
    finally:
        await connection.close()


def table(compared: Sequence[Form], settings: Settings) -> Section:
    """Medians over the rounds, and what they are of today's form."""
    today = median(compared[0].cpu_milliseconds)
    note = (
        f"Batches of {BATCH} messages in {ROOMS_A_BATCH} of {ROOMS:,} rooms; medians of {ROUNDS} rounds of "
        f"{BATCHES_A_ROUND} batches, in turn. CPU: of the database's process that stores them."
    )
    return Section(
        title=f"Partitions of {settings.room_messages:,} messages",
        columns=(
            "messages in",
            "ms a batch",
            "CPU ms a batch",
            "CPU, of today's",
            "WAL KB a batch",
            "ms a repeated batch",
        ),
        rows=[
            (
                form.name,
                median(form.milliseconds),
                median(form.cpu_milliseconds),
                median(form.cpu_milliseconds) / today,
                median(form.wal_kilobytes),
                median(form.repeat_milliseconds),
            )
            for form in compared
        ],
        notes=[note],
    )
