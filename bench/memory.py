"""What an idle connection costs: authenticated, joined, and then silent."""

import asyncio

from bench.clients import Client, close_all
from bench.crowds import gather_crowd
from bench.processes import check_file_limit
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.table import Section, Target

WARM_UP_CONNECTIONS = 50
SETTLE_SECONDS = 0.5
SETTLE_TRIES = 20
STILL_BYTES = 64 * 1024


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """Grows from a few connections to thousands, each its own user in the room of its own pair, and divides."""
    count = settings.idle_connections
    check_file_limit(server.process.pid, count + 100)
    pairs = await server.pairs(count + WARM_UP_CONNECTIONS)
    progress(f"{count} idle connections")
    crowd: list[Client] = []
    try:
        # The first connections pay for what is loaded and allocated once; they stay, so that no freed memory is reused.
        crowd += await gather_crowd(server, [(pair.room_id, pair.va) for pair in pairs[:WARM_UP_CONNECTIONS]])
        before = await settled_memory(server)
        crowd += await gather_crowd(server, [(pair.room_id, pair.va) for pair in pairs[WARM_UP_CONNECTIONS:]])
        after = await settled_memory(server)
        lost = sum(client.lost for client in crowd)
    finally:
        await close_all(crowd)
    each = (after - before) / count / 1024
    return [
        Section(
            title="Memory of an idle connection",
            columns=("connections", "server RSS before MB", "after MB", "KB a connection", "lost"),
            rows=[(count, before / 1e6, after / 1e6, each, lost)],
            targets=[
                Target("KB of server memory for an idle connection", each, at_most=16.0),
                Target("idle connections lost", lost, at_most=0),
            ],
        )
    ]


async def settled_memory(server: HyredChat) -> int:
    """Resident memory of the server once it has stopped changing, in bytes."""
    last = server.process.memory_bytes()
    for _ in range(SETTLE_TRIES):
        await asyncio.sleep(SETTLE_SECONDS)
        now = server.process.memory_bytes()
        if abs(now - last) < STILL_BYTES:
            return now
        last = now
    return last
