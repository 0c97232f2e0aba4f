"""How many SQL statements each thing costs, counted by PostgreSQL itself."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from time import perf_counter

from bench.clients import Client, close_all
from bench.database import logged_statements
from bench.servers import SCHEMA, HyredChat, Pair
from bench.settings import Settings, progress
from bench.table import Section, Target
from bench.talkers import Round
from bench.throughput import check, drain, seat

LOAD_PAIRS = 50
LOAD_SECONDS = 2.0

Count = Callable[[], Counter[str]]


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """Connects, joins and sends one at a time, then sends under load."""
    progress("statements of connect, join and send")
    strangers = await server.new_pairs(settings.counted_calls)  # nothing about them is remembered yet
    await server.pairs(LOAD_PAIRS)
    async with logged_statements(server.cluster, SCHEMA) as count:
        rows, most_of_join = await one_at_a_time(server, strangers, count)
        messages, statements = await under_load(server, count)
    each = statements.total() / messages
    rows.append(("send_message, 100 people at once", messages, each, None))
    return [
        Section(
            title="Statements",
            columns=("what", "calls", "statements each", "most"),
            rows=rows,
            notes=[f"Under load one statement stored {1 / each:,.1f} messages: {describe(statements)}."],
            targets=[
                Target("statements a send under load", each, below=1.0),
                Target("statements a join", most_of_join, at_most=3.0),
            ],
        )
    ]


async def one_at_a_time(
    server: HyredChat, pairs: list[Pair], count: Count
) -> tuple[list[tuple[str | float | None, ...]], int]:
    """Each call alone, so that its statements are its own. Returns the rows, and the most that a join took."""
    clients = [Client(pair.va.token) for pair in pairs]
    connects, joins, sends = [], [], []
    try:
        for client, pair in zip(clients, pairs, strict=True):
            connects.append(await cost(client.connect(server.port), count))
            joins.append(await cost(client.join(pair.room_id), count))
            body = {"chatRoomId": pair.room_id, "content": "Hello", "clientMessageId": f"count-{perf_counter()}"}
            sends.append(await cost(client.call("send_message", body), count))
    finally:
        await close_all([client for client in clients if hasattr(client, "transport")])
    named = {"connect, authenticated": connects, "join_chat": joins, "send_message, alone": sends}
    return [(what, len(costs), sum(costs) / len(costs), max(costs)) for what, costs in named.items()], max(joins)


async def cost(call: Awaitable[object], count: Count) -> int:
    """The statements that ran while a call was answered."""
    count()
    await call
    return count().total()


async def under_load(server: HyredChat, count: Count) -> tuple[int, Counter[str]]:
    """As in the throughput measure, for a short time: how many messages, and the statements for them."""
    shared = Round()
    talkers = await seat(server, LOAD_PAIRS, shared)
    try:
        count()
        for talker in talkers:
            talker.send_next()
        await asyncio.sleep(LOAD_SECONDS)
        shared.sending = False
        await drain(talkers)
        statements = count()
        check(talkers, shared)
    finally:
        await close_all(list(talkers))
    return len(shared.latencies), statements


def describe(statements: Counter[str]) -> str:
    """The three most frequent statements, shortened."""
    return "; ".join(f"{times:,} times `{statement[:60]}`" for statement, times in statements.most_common(3))
