"""What sockets cost while nobody says anything: heartbeats, sweeps, and keeping in step with other nodes."""

import asyncio

from bench.clients import close_all
from bench.crowds import gather_crowd
from bench.meter import Meter, Shares, verdict
from bench.processes import check_file_limit
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.table import Section, Target

# Several periods of the heartbeat (25 s) and of the sweep (10 s) take part in any such time.
WATCHED_SECONDS = 30.0
MAX_SHARE = 3.0  # % of one core, at 10,000 sockets
JUDGED_FROM_SOCKETS = 10_000


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """Connects them, waits until that is over, and watches."""
    shares = await watch(server, settings.silent_sockets)
    return [table([(server.name, shares)], settings.silent_sockets)]


async def watch(server: HyredChat, count: int) -> Shares:
    """Both people of many pairs, who have joined their rooms and are silent; what that costs."""
    check_file_limit(server.process.pid, count + 100)
    progress(f"{count} silent sockets: {server.name}")
    pairs = await server.pairs(count // 2)
    crowd = await gather_crowd(server, [(pair.room_id, person) for pair in pairs for person in (pair.va, pair.co)])
    try:
        await server.settle()
        meter = Meter(server)
        await asyncio.sleep(WATCHED_SECONDS)
        return meter.shares()
    finally:
        await close_all(crowd)


def table(rows: list[tuple[str, Shares]], count: int) -> Section:
    """What each server used of a core."""
    judged = rows if count >= JUDGED_FROM_SOCKETS else []
    return Section(
        title=f"{count:,} silent sockets",
        columns=("servers", "server %", "database %", "generator %"),
        rows=[(name, shares.server, shares.database, shares.generator) for name, shares in rows],
        notes=[
            f"CPU in % of one core for {WATCHED_SECONDS:g} s. Everybody is signed in, and has joined a room.",
            *verdict(max(shares.others for _, shares in rows)),
        ],
        targets=[Target(f"% of a core: {name}", shares.server, at_most=MAX_SHARE) for name, shares in judged],
    )
