"""Whether a room with very many reactions opens as quickly as one without: pages of both, in turn."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import mean

import orjson

from bench.archive import NEWEST, REACTIONS_A_ROOM, fill_reacted
from bench.figures import percentile
from bench.meter import Meter, verdict
from bench.readers import WARM_UP, Reader, time_requests
from bench.servers import HyredChat, Pair
from bench.settings import Settings, progress
from bench.table import Section, Target

MESSAGES = 10_000
ROUNDS = 8
PLAIN = "no reactions"
FEW_EACH = f"{REACTIONS_A_ROOM:,}, ten on each message"
MANY_EACH = f"{REACTIONS_A_ROOM:,}, all on the newest {NEWEST}"
# The people whom the page names make it longer: each page is to take little longer than one without them.
MAX_MORE_MS = {FEW_EACH: 0.5, MANY_EACH: 3.0}


@dataclass(slots=True)
class Opened:
    """One room, opened again and again: milliseconds of requests, and those of processor time for one."""

    messages: int
    size: int
    milliseconds: list[float] = field(default_factory=list)
    cpu_milliseconds: list[float] = field(default_factory=list)


async def measure(server: HyredChat, settings: Settings) -> Section:
    """Rounds of all three rooms in turn, so that whatever else the machine does hits all of them alike."""
    progress(f"writing rooms with {REACTIONS_A_ROOM:,} reactions")
    written = await fill_reacted(server, messages=MESSAGES)
    meter = Meter(server)
    rooms = {PLAIN: written.plain, FEW_EACH: written.few_each, MANY_EACH: written.many_each}
    opened = await open_in_turn(server, rooms, settings.page_requests)
    return table(opened, verdict(meter.shares().others))


async def open_in_turn(server: HyredChat, rooms: Mapping[str, Pair], requests: int) -> dict[str, Opened]:
    """What each room took."""
    readers = {what: Reader(server.port, pair.va) for what, pair in rooms.items()}
    paths = {what: f"/api/chat/rooms/{pair.room_id}/messages?limit={NEWEST}" for what, pair in rooms.items()}
    opened: dict[str, Opened] = {}
    try:
        for what, reader in readers.items():
            body = await asyncio.to_thread(reader.get, paths[what])
            opened[what] = Opened(len(orjson.loads(body)["data"]), len(body))
        for _ in range(ROUNDS):
            for what, reader in readers.items():
                used = server.all_cpu_seconds()
                opened[what].milliseconds += await asyncio.to_thread(time_requests, reader, paths[what], requests)
                cpu = (server.all_cpu_seconds() - used) / (WARM_UP + requests)
                opened[what].cpu_milliseconds.append(cpu * 1000)
    finally:
        for reader in readers.values():
            reader.close()
    return opened


def table(opened: Mapping[str, Opened], warning: list[str]) -> Section:
    """All three, and how much longer the two with reactions take."""
    p50 = {what: percentile(each.milliseconds, 50) for what, each in opened.items()}
    return Section(
        title="Opening a room with reactions",
        columns=("reactions", "messages", "KB", "p50 ms", "p99 ms", "CPU ms"),
        rows=[
            (
                what,
                each.messages,
                each.size / 1000,
                p50[what],
                percentile(each.milliseconds, 99),
                mean(each.cpu_milliseconds),
            )
            for what, each in opened.items()
        ],
        notes=[
            f"The latest {NEWEST} of {MESSAGES:,} messages, or as many as fit into an answer. The first twenty people",
            "of each emoji are named. Processor time of the server and PostgreSQL.",
            *warning,
        ],
        targets=[
            Target(f"ms longer than a room without, p50: {what}", p50[what] - p50[PLAIN], at_most=most)
            for what, most in MAX_MORE_MS.items()
        ],
    )
