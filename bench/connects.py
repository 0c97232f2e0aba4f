"""How many people a second can come back after a restart: connect, authenticate, join, and get their history."""

from time import perf_counter

from bench.clients import close_all
from bench.crowds import AT_ONCE, gather_crowd
from bench.figures import medians
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.table import Section, Target

ROUNDS = 3


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """The median of three crowds; each is gone before the next one comes."""
    pairs = await server.pairs(settings.connects)
    rounds = []
    for number in range(ROUNDS):
        used, started_at = server.all_cpu_seconds(), perf_counter()
        crowd = await gather_crowd(server, [(pair.room_id, pair.va) for pair in pairs])
        elapsed = perf_counter() - started_at
        rounds.append([len(crowd) / elapsed, (server.all_cpu_seconds() - used) / elapsed * 100])
        progress(f"connects, round {number + 1}: {rounds[-1][0]:,.0f} a second")
        await close_all(crowd)
    rate, cpu = medians(rounds)
    return [
        Section(
            title="Connects",
            columns=("people", "at once", "connects with join a second", "server CPU %"),
            rows=[(settings.connects, AT_ONCE, rate, cpu)],
            targets=[Target("authenticated connects with join a second", rate, at_least=800.0)],
        )
    ]
