"""How many messages a second: all three servers in turn, with the same clients doing the same."""

import asyncio
import gc
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from bench.clients import close_all
from bench.figures import medians, percentile, ratio
from bench.meter import Meter, Shares, verdict
from bench.order import BrokenPromiseError, check_order, check_same, message_of
from bench.plots import Bars
from bench.servers import HyredChat, NodeEcho, PythonEcho, Server
from bench.settings import Settings, progress
from bench.table import Section, Target
from bench.talkers import ChatTalker, Round, Talker, content, seqs
from bench.waiting import until

DRAIN_TIMEOUT_SECONDS = 15.0
CONNECTING_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Figures:
    """One round of one server."""

    messages_per_second: float
    p50_ms: float
    p99_ms: float
    cpu: Shares

    def row(self) -> list[float]:
        """The figures in the order of the table. The CPU of a message is what changes least with what else runs."""
        cpu = self.cpu
        microseconds = (cpu.server + cpu.database) / self.messages_per_second * 10_000
        shares = [cpu.generator, cpu.server, cpu.database, cpu.others]
        return [self.messages_per_second, self.p50_ms, self.p99_ms, microseconds, *shares]


async def measure(servers: Sequence[Server], settings: Settings) -> list[Section]:
    """Rounds of all servers interleaved, so that whatever else the machine does hits all of them alike."""
    rows: list[tuple[str | float | None, ...]] = []
    rates: dict[tuple[type[Server], int], float] = {}
    most_of_others = 0.0
    for pairs in settings.pair_counts:
        rounds: dict[Server, list[list[float]]] = defaultdict(list)
        for number in range(settings.rounds):
            for server in servers:
                with alone(server, servers):
                    figures = await run_round(server, pairs, settings)
                most_of_others = max(most_of_others, figures.cpu.others)
                rounds[server].append(figures.row())
                progress(
                    f"{pairs} pairs, round {number + 1}: {server.name}: {figures.messages_per_second:,.0f} messages/s"
                )
        for server in servers:
            row = medians(rounds[server])
            rates[type(server), pairs] = row[0]
            rows.append((pairs, server.name, *row))
    return [table(rows, settings, verdict(most_of_others)), ratios(rates, settings)]


@contextmanager
def alone(server: Server, servers: Sequence[Server]) -> Iterator[None]:
    """The others are paused: ours would index for the search, meanwhile, what it has just stored."""
    with paused([other for other in servers if other is not server]):
        yield


@contextmanager
def paused(servers: Sequence[Server]) -> Iterator[None]:
    """None of them has a processor for the length of the block. Their databases do."""
    for server in servers:
        server.process.pause()
    try:
        yield
    finally:
        for server in servers:
            server.process.resume()


async def run_round(server: Server, pairs: int, settings: Settings) -> Figures:
    """One server, one number of pairs: warm-up, measured window, and the proof that nothing was lost."""
    shared = Round()
    talkers = await seat(server, pairs, shared)
    gc.collect()
    gc.freeze()
    try:
        for talker in talkers[:: settings.stride]:
            talker.send_next()
        await asyncio.sleep(settings.warm_up_seconds / 8)
        shared.sampling = False
        await asyncio.sleep(settings.warm_up_seconds)
        figures = await watch(server, shared, settings.window_seconds)
        shared.sampling, shared.sending = True, False
        await drain(talkers)
        check(talkers, shared)
    finally:
        gc.unfreeze()
        await close_all(list(talkers))
        await server.settle()
    return figures


async def seat(server: Server, count: int, shared: Round) -> list[Talker]:
    """Connects both people of each pair, who join their room."""
    kind = ChatTalker if isinstance(server, HyredChat) else Talker
    run = uuid.uuid4().hex[:16]
    talkers: list[Talker] = []
    for pair in await server.pairs(count):
        for person in (pair.va, pair.co):
            talkers.append(kind(pair, person, shared, prefix=f"{run}-{len(talkers):08d}"))
    gate = asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def sit(place: int, talker: Talker) -> None:
        async with gate:
            await talker.connect(server.port_of(place))

    await asyncio.gather(*(sit(place, talker) for place, talker in enumerate(talkers)))
    await asyncio.gather(*(talker.enter() for talker in talkers))
    return talkers


async def watch(server: Server, shared: Round, seconds: float) -> Figures:
    """The measured window."""
    first, meter, started_at = len(shared.latencies), Meter(server), perf_counter()
    await asyncio.sleep(seconds)
    last, elapsed = len(shared.latencies), perf_counter() - started_at
    cpu = meter.shares()
    window = shared.latencies[first:last]
    if not window:
        raise BrokenPromiseError(f"{server.name} acknowledged nothing in {seconds} s: {shared.refusals[:3]}")
    return Figures(
        messages_per_second=len(window) / elapsed,
        p50_ms=percentile(window, 50) * 1000,
        p99_ms=percentile(window, 99) * 1000,
        cpu=cpu,
    )


async def drain(talkers: Sequence[Talker]) -> None:
    """Waits until every message in flight was acknowledged and received by both. `check` finds what never came."""
    await until(lambda: complete(talkers), DRAIN_TIMEOUT_SECONDS)


def complete(talkers: Sequence[Talker]) -> bool:
    """Whether nothing is in flight, and as much was received in each room as was acknowledged there."""
    if any(talker.in_flight for talker in talkers):
        return False
    for room in rooms_of(talkers):
        acknowledged = sum(len(talker.acknowledged) for talker in room)
        if any(len(talker.received) < acknowledged for talker in room):
            return False
    return True


def rooms_of(talkers: Sequence[Talker]) -> list[list[ChatTalker]]:
    """The talkers of the chat by room; none for an echo."""
    rooms: dict[str, list[ChatTalker]] = defaultdict(list)
    for talker in talkers:
        if isinstance(talker, ChatTalker):
            rooms[talker.pair.room_id].append(talker)
    return list(rooms.values())


def check(talkers: Sequence[Talker], shared: Round) -> None:
    """Raises BrokenPromiseError unless every message was acknowledged, and reached both people once and in order."""
    if shared.refusals:
        raise BrokenPromiseError(f"{len(shared.refusals)} refused or unexpected, the first: {shared.refusals[0]!r}")
    if any(talker.lost for talker in talkers):
        raise BrokenPromiseError("the server closed connections")
    if waiting := sum(talker.in_flight for talker in talkers):
        raise BrokenPromiseError(f"{waiting} messages were never acknowledged")
    for room in rooms_of(talkers):
        acknowledged = [seq for talker in room for seq in seqs(talker.acknowledged)]
        check_order(min(talker.first_seq for talker in room), acknowledged, [seqs(talker.received) for talker in room])
        sent = {f"{talker.prefix}-{n:010d}": content(n) for talker in room for n in range(1, talker.sent + 1)}
        check_same([message_of(payload) for talker in room for payload in talker.samples], sent)


def table(rows: list[tuple[str | float | None, ...]], settings: Settings, warning: list[str]) -> Section:
    """All servers at all numbers of pairs."""
    senders = "Each of both people of every pair" if settings.stride == 1 else "One person of every pair"
    return Section(
        title="Throughput",
        columns=(
            "pairs",
            "server",
            "messages/s",
            "p50 ms",
            "p99 ms",
            "CPU us each",
            "generator CPU %",
            "server %",
            "database %",
            "others %",
        ),
        rows=rows,
        notes=[
            *warning,
            "CPU in % of one core; `others` is everything else on this machine.",
            "`CPU us each` is what a message costs the server and its database together, in microseconds.",
            f"{senders} keeps one message of 64 characters in flight; p50 and p99 are of its acknowledgement.",
            f"Medians of {settings.rounds} interleaved rounds of {settings.window_seconds:g} s, after a warm-up each.",
            "Every message to Hyred Chat was checked: stored, received by both people exactly once, in order, no gap.",
        ],
        plots=[
            Bars(
                name="throughput",
                title="Throughput",
                subtitle="messages a second; the echoes store nothing",
                groups=[
                    (f"{pairs} pairs", {str(row[1]): float(row[2] or 0) for row in rows if row[0] == pairs})
                    for pairs in settings.pair_counts
                ],
            )
        ],
    )


def ratios(rates: dict[tuple[type[Server], int], float], settings: Settings) -> Section:
    """Ours against each echo, with the bounds that it has to reach at 50 pairs and more."""
    section = Section(title="Ratios", columns=("pairs", "of Node's echo", "of python-socketio's echo"), rows=[])
    for pairs in settings.pair_counts:
        ours = rates.get((HyredChat, pairs))
        of_node = ratio(ours, rates.get((NodeEcho, pairs)))
        of_python = ratio(ours, rates.get((PythonEcho, pairs)))
        section.rows.append((pairs, of_node, of_python))
        if pairs >= settings.judged_from_pairs:
            section.targets += [
                Target(f"of Node's bare echo at {pairs} pairs", of_node, at_least=0.6),
                Target(f"times python-socketio's bare echo at {pairs} pairs", of_python, at_least=3.0),
            ]
    return section
