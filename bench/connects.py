"""How many people a second can come back after a restart: connect, authenticate, join, and get their history."""

from time import perf_counter

from bench.clients import close_all
from bench.crowds import AT_ONCE, gather_crowd
from bench.figures import medians
from bench.meter import Meter, verdict
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.table import Section, Target

ROUNDS = 3


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """The median of three crowds; each is gone before the next one comes."""
    pairs = await server.pairs(settings.connects)
    rounds = []
    for number in range(ROUNDS):
        meter, started_at = Meter(server), perf_counter()
        crowd = await gather_crowd(server, [(pair.room_id, pair.va) for pair in pairs])
        rate, cpu = len(crowd) / (perf_counter() - started_at), meter.shares()
        rounds.append([rate, cpu.generator, cpu.server, cpu.database, cpu.others])
        progress(f"connects, round {number + 1}: {rounds[-1][0]:,.0f} a second")
        await close_all(crowd)
    rate, *shares = medians(rounds)
    return [
        Section(
            title="Connects",
            columns=("people", "at once", "a second", "generator CPU %", "server %", "database %", "others %"),
            notes=verdict(shares[-1]),
            rows=[(settings.connects, AT_ONCE, rate, *shares)],
            targets=[Target("authenticated connects with join a second", rate, at_least=800.0)],
        )
    ]
