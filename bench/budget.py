"""What a message costs at each station of its way, in microseconds of processor time: generator, server, PostgreSQL.

The server is looked at while 50 pairs send (`sampled_server.py`). Then its statement for batches runs alone, and
PostgreSQL says where the time goes (EXPLAIN). What each index costs is the difference to a table without it.
"""

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.batches import BATCH, PATIENCE, batch_of, cost_of_rows, run_batches
from bench.database import connection_to
from bench.plots import Bars
from bench.servers import SCHEMA, HyredChat, Pair, Person
from bench.settings import Settings, progress
from bench.switched import PAIRS, Recorded, SwitchedHyredChat, find_station, record_under_load
from bench.table import Section
from hyred_chat.db.connecting import server_settings
from hyred_chat.messages.lane_connection import LANE_SETTINGS
from hyred_chat.messages.store_statement import STORE_BATCH

if TYPE_CHECKING:
    import asyncpg

# The kernel's clock for this ticks 250 times a second, so that the usual window would show a station of 1 µs by chance.
WINDOWS = 4
# One in which the fixed part shows.
SMALL_BATCH = 12
BATCHES = 300
EXPLAINED = 100
INDEX_BATCHES = 1000
WARM_UP_BATCHES = 20

# Where in the program, as file and function, and what it does there. The first that fits counts.
STATIONS = {
    "/socketio/websocket.py:WebSocket.flush": "write to sockets",
    "/socketio/outboxes.py": "write to sockets",
    "/socketio/websocket.py:WebSocket.send": "fan-out",
    "/socketio/websocket": "read from sockets",
    "/socketio/packets.py:encode": "fan-out",
    "/socketio/json.py": "parse",
    "/socketio/packets.py": "parse",
    "/socketio/clients.py": "parse",
    "/socketio/session.py:Session.packet_received": "parse",
    "/socketio/sockets.py:Socket.send_acknowledgement": "acknowledge",
    "/socketio/": "fan-out",
    "/realtime/gateway": "check",
    "/realtime/": "fan-out",
    "/messages/handlers.py:_acknowledge": "acknowledge",
    "/messages/handlers": "check",
    "/messages/schemas": "check",
    "/validation": "check",
    "/text/": "check",
    "/limits": "check",
    "/messages/records": "acknowledge",
    "/messages/service.py:Messages._on_": "acknowledge",
    "/messages/service.py:_": "acknowledge",
    "/moments": "acknowledge",
    "/messages/service.py:Messages._forget": "acknowledge",
    "/messages/service.py:Messages._prepare": "batch",
    "/messages/service": "queue",
    "/ids": "queue",
    "/messages/lanes.py:Lane.submit": "queue",
    "/messages/delivery": "fan-out",
    "/messages/hold": "fan-out",
    "/messages/healing": "fan-out",
    "/messages/": "batch",
    "/asyncpg/": "batch",
    "/db/": "batch",
    "/rooms/": "room and notification",
    "/notifications/": "room and notification",
    "/presence/": "room and notification",
    "/search/": "beside: search, push",
    "/push/": "beside: search, push",
    "/backlog": "beside: search, push",
}
REST = "event loop, everything else"

# Parts of the statement, by the names that it gives them.
PARTS = {
    "sent": "array",
    "room": "rooms: locked",
    "looked_up": "seq and time",
    "newest": "rooms: moved on",
    "notified": "notifications",
    "stored": "messages: inserted",
    "advanced": "rooms: moved on",
    "writer": "members: moved on",
    "read_own": "members: moved on",
}
# Of one of them, by the table that is read.
LOOK_UPS = {
    ("seq and time", "messages"): "repeats: looked for",
    ("seq and time", "chat_members"): "members: looked up",
}
OTHER_PARTS = "result"

INDEX_ROUNDS = 3
INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
FROM pg_index WHERE indrelid = 'messages'::regclass ORDER BY indexrelid
"""
INSERT = """
INSERT INTO {table} (room_id, seq, id, sender_id, client_message_id, content, type, created_at)
SELECT room_id, $2::bigint, id, sender_id, client_message_id, content, type, clock_timestamp()
FROM unnest($1::sent_message[]) AS sent (room_id, id, sender_id, client_message_id, content, type, metadata)
"""


@dataclass(frozen=True, slots=True)
class StatementCost:
    """The statement for batches, alone: microseconds of the backend's processor time, and bytes of its log."""

    each: float
    each_in_small_batch: float
    parts: dict[str, float]  # shares
    indexes: dict[str, float]
    wal_bytes_each: float
    whole_pages_each: float  # of that log, right after a checkpoint

    @property
    def fixed(self) -> float:
        """Of a batch, whatever its size."""
        return max(0.0, (self.each_in_small_batch - self.each) / (1 / SMALL_BATCH - 1 / BATCH))


async def measure(_: HyredChat, settings: Settings) -> list[Section]:
    """A server of its own, since it is looked at."""
    progress("budget of a message: the server under load")
    server = SwitchedHyredChat("bench.sampled_server")
    try:
        await server.start()
        recorded = await record_under_load(server, settings, windows=WINDOWS)
        progress("budget of a message: the statement")
        await server.settle()
        cost = await cost_of_statement(server)
        return [section(recorded, cost), statement_section(cost)]
    finally:
        await server.stop()


def section(recorded: Recorded, cost: StatementCost) -> Section:
    """All stations, in the order of a message's way."""
    seen: list[list[Any]] = json.loads(recorded.file.read_text())
    shares = by_station((f"{file}:{function}", count) for file, function, count in seen)
    server = recorded.microseconds_each(recorded.cpu.server)
    database = recorded.microseconds_each(recorded.cpu.database)
    generator = recorded.microseconds_each(recorded.cpu.generator)
    rows: dict[str, float] = {f"server: {name}": share * server for name, share in shares.items()}
    rows |= {f"PostgreSQL: {part}": share * database for part, share in cost.parts.items()}
    rows["load generator"] = generator
    return Section(
        title="Budget of a message",
        columns=("station", "us each"),
        rows=list(rows.items()),
        notes=[
            f"{recorded.messages:,} messages of {PAIRS} pairs, {recorded.messages / recorded.seconds:,.0f} a second.",
            f"Server {server:.1f} us, PostgreSQL {database:.1f}, load generator {generator:.1f}.",
            "The server's time is divided by where it was when it was looked at; what libraries and the kernel do for",
            "a function is its own. PostgreSQL's time, with its commits, is divided by EXPLAIN.",
            recorded.cpu.note(),
        ],
        plots=[
            Bars(
                name="stations",
                title="Where the processor time of a message goes",
                subtitle="µs at 50 pairs, with everything stored",
                groups=[("", rows)],
            )
        ],
    )


def statement_section(cost: StatementCost) -> Section:
    """What the database does, alone."""
    indexes = [(f"insertion: {name}", figure) for name, figure in cost.indexes.items()]
    return Section(
        title="The statement for a batch, alone",
        columns=("what", "us, bytes, pages"),
        rows=[
            (f"a message in a batch of {BATCH}", cost.each),
            (f"a message in a batch of {SMALL_BATCH}", cost.each_in_small_batch),
            ("a batch, whatever its size", cost.fixed),
            *indexes,
            ("write-ahead log of a message, bytes", cost.wal_bytes_each),
            ("whole pages in it, for each message", cost.whole_pages_each),
        ],
        notes=["Processor time of the backend. What an index costs is the difference to the same table without it."],
    )


def by_station(seen: Iterable[tuple[str, int]]) -> dict[str, float]:
    """Shares of the server's time, in the order of `STATIONS`, from `file:function` and how often it was there."""
    counts: Counter[str] = Counter()
    for place, count in seen:
        counts[find_station(STATIONS, place, REST)] += count
    order = dict.fromkeys([*STATIONS.values(), REST])
    return {station: counts[station] / counts.total() for station in order if counts[station]}


async def cost_of_statement(server: HyredChat) -> StatementCost:
    """Runs the statement on one connection, as a lane does, while nothing else is done."""
    pairs = await server.pairs(PAIRS)
    settings = {**server_settings(SCHEMA), **LANE_SETTINGS, **PATIENCE}
    async with connection_to(server.cluster, SCHEMA, settings) as connection:
        turns = itertools.count()
        batch, small_batch = pairs[:BATCH], pairs[:SMALL_BATCH]
        await run_batches(connection, STORE_BATCH, batch, turns, WARM_UP_BATCHES)
        before = await written(connection)
        each = await run_batches(connection, STORE_BATCH, batch, turns, BATCHES)
        wal_bytes, whole_pages = (now - then for then, now in zip(before, await written(connection), strict=True))
        small = await run_batches(connection, STORE_BATCH, small_batch, turns, BATCHES)
        parts = await explain(connection, pairs, turns)
        indexes = await cost_of_indexes(connection)
    return StatementCost(
        each=each,
        each_in_small_batch=small,
        parts=parts,
        indexes=indexes,
        wal_bytes_each=wal_bytes / (BATCH * BATCHES),
        whole_pages_each=whole_pages / (BATCH * BATCHES),
    )


async def written(connection: "asyncpg.Connection[asyncpg.Record]") -> tuple[float, float]:
    """Bytes of the write-ahead log by this connection so far, and how many whole pages are in it."""
    await connection.execute("SELECT pg_stat_force_next_flush()")
    [row] = await connection.fetch("SELECT wal_bytes, wal_fpi FROM pg_stat_get_backend_wal(pg_backend_pid())")
    return float(row["wal_bytes"]), float(row["wal_fpi"])


async def explain(
    connection: "asyncpg.Connection[asyncpg.Record]", pairs: Sequence[Pair], turns: Iterator[int]
) -> dict[str, float]:
    """The shares of the parts of the statement, without the slowest tenth of the batches: these waited for a lock."""
    statement = f"EXPLAIN (ANALYZE, FORMAT JSON) {STORE_BATCH}"
    plans: list[Counter[str]] = []
    for turn in itertools.islice(turns, EXPLAINED):
        plan = json.loads(await connection.fetchval(statement, batch_of(pairs[:BATCH], turn), False))[0]
        plans.append(Counter())
        add_parts(plan["Plan"], plans[-1])
    plans.sort(key=Counter.total)
    found = sum(plans[: -EXPLAINED // 10], Counter[str]())
    return {part: time / found.total() for part, time in found.items()}


def add_parts(plan: dict[str, Any], found: Counter[str]) -> None:
    """Adds the milliseconds of each node of a plan to the part of the statement that it is in."""
    nodes = list(list_nodes(plan, OTHER_PARTS))
    made = {_name_of(node): total_of(node) for _, node in nodes if _name_of(node)}
    readers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for _, node in nodes:
        if node["Node Type"] == "CTE Scan":
            readers[node["CTE Name"]].append(node)
    # What a part makes is made when it is first read, and counted for that reader as well.
    waited = {id(max(scans, key=total_of)): made.get(name, 0.0) for name, scans in readers.items()}
    for part, node in nodes:
        inside = sum(total_of(child) for child in node.get("Plans", []) if not _name_of(child))
        found[part] += max(0.0, total_of(node) - inside - waited.get(id(node), 0.0))  # type: ignore[assignment]


def list_nodes(node: dict[str, Any], part: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """All nodes below one, and itself, with the parts of the statement that they are in."""
    part = PARTS.get(_name_of(node), OTHER_PARTS) if _name_of(node) else part
    yield LOOK_UPS.get((part, node.get("Relation Name", "")), part), node
    for child in node.get("Plans", []):
        yield from list_nodes(child, part)


def _name_of(node: dict[str, Any]) -> str:
    """Of a part that is made apart and read by its name; empty for other nodes."""
    _, _, name = node.get("Subplan Name", "").partition("CTE ")
    return str(name)


def total_of(node: dict[str, Any]) -> float:
    """The milliseconds of a node in all its loops."""
    return float(node["Actual Total Time"] * node["Actual Loops"])


async def cost_of_indexes(connection: "asyncpg.Connection[asyncpg.Record]") -> dict[str, float]:
    """The microseconds of a row without any index, and what each index adds."""
    indexes = {row["name"]: row["definition"] for row in await connection.fetch(INDEXES)}
    bare = "no index"
    for name in (bare, *indexes):
        await connection.execute(f"CREATE TABLE {_copy(name)} (LIKE messages INCLUDING DEFAULTS)")
    for name, definition in indexes.items():
        kind, _, rest = definition.partition(f" INDEX {name} ON ")  # and then the table's name
        await connection.execute(f"{kind} INDEX ON {_copy(name)} USING {rest.partition(' USING ')[2]}")
    found: dict[str, list[float]] = defaultdict(list)
    for number in range(INDEX_ROUNDS):
        for name in (bare, *indexes):
            found[name].append(await insert_batches(connection, _copy(name), number))
    rows = {name: median(each) for name, each in found.items()}
    return {f"a row, {bare}": rows.pop(bare), **{name: each - median(found[bare]) for name, each in rows.items()}}


def _copy(index: str) -> str:
    return f"budget_{index.replace(' ', '_')}"


async def insert_batches(connection: "asyncpg.Connection[asyncpg.Record]", table: str, number: int) -> float:
    """Inserts batches of rows. Returns the backend's microseconds for each row."""
    pairs = [Pair(f"room-{place}", Person(f"va-{place}", None), Person(f"co-{place}", None)) for place in range(BATCH)]
    batches = [(batch_of(pairs, turn), number * INDEX_BATCHES + turn) for turn in range(INDEX_BATCHES)]
    return await cost_of_rows(connection, INSERT.format(table=table), batches)
