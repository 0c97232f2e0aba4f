"""What an idle connection costs: authenticated, joined, and then silent."""

import asyncio
import os

from bench.clients import Client, close_all
from bench.crowds import gather_crowd
from bench.processes import file_limit
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.table import Section, Target

Row = tuple[int, float, float, float, int]

WARM_UP_CONNECTIONS = 50
# What the server keeps of them for its database, for pushes and for health checks, and lets no client have.
OTHER_FILES = 400
# Of the 28,000 ports that most systems give to connections of one address.
CONNECTIONS_AN_ADDRESS = 10_000
SETTLE_SECONDS = 0.5
SETTLE_TRIES = 20
STILL_BYTES = 64 * 1024


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """Grows from a few connections to thousands, each its own user in the room of its own pair, and divides."""
    counts = [min(count, most_connections(server.process.pid)) for count in settings.idle_connections]
    crowd: list[Client] = []
    rows: list[Row] = []
    try:
        # The first connections pay for what is loaded and allocated once; they stay, so that no freed memory is reused.
        await grow(server, crowd, WARM_UP_CONNECTIONS)
        before = await settled_memory(server)
        for count in sorted(set(counts)):
            progress(f"{count:,} idle connections")
            await grow(server, crowd, WARM_UP_CONNECTIONS + count)
            after = await settled_memory(server)
            lost = sum(client.lost for client in crowd)
            rows.append((count, before / 1e6, after / 1e6, (after - before) / count / 1024, lost))
    finally:
        await close_all(crowd)
    return [table(rows, settings)]


def most_connections(pid: int) -> int:
    """How many connections the server can have open, and this process as well: each takes a file of both."""
    return min(file_limit(pid), file_limit(os.getpid())) - OTHER_FILES - WARM_UP_CONNECTIONS


async def grow(server: HyredChat, crowd: list[Client], count: int) -> None:
    """Connects those who are missing for so many. Each ten thousand have an address, and so enough ports."""
    pairs = (await server.pairs(count))[len(crowd) :]
    for first in range(0, len(pairs), CONNECTIONS_AN_ADDRESS):
        address = f"127.0.0.{2 + len(crowd) // CONNECTIONS_AN_ADDRESS}"
        seats = [(pair.room_id, pair.va) for pair in pairs[first : first + CONNECTIONS_AN_ADDRESS]]
        crowd += await gather_crowd(server, seats, from_address=address)


def table(rows: list[Row], settings: Settings) -> Section:
    """What each number of connections took."""
    asked, most = max(settings.idle_connections), max(count for count, *_ in rows)
    short = f"{asked:,} were asked for; a process may open so many files here that {most:,} are possible."
    return Section(
        title="Memory of an idle connection",
        columns=("connections", "server RSS before MB", "after MB", "KB a connection", "lost"),
        rows=[*rows],
        notes=[short] if most < asked else [],
        targets=[
            target
            for count, _, _, each, lost in rows
            for target in (
                Target(f"KB of server memory for one of {count:,} idle connections", each, at_most=16.0),
                Target(f"idle connections lost of {count:,}", lost, at_most=0),
            )
        ],
    )


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
