"""What a plain message costs these sources and others, in turn within one run: `--with FOLDER_OR_COMMIT`.

The speed of a machine changes by a half within an hour, and by a few per cent within seconds. So both servers run all
the time, one of them paused, and take turns of two seconds; what is compared are the two turns of each pair, and the
figure is the median of their ratios. Calls of functions, and the statement that stores batches, are compared likewise.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

from bench.batches import BATCH
from bench.calls import counted_server, owed_each
from bench.clients import close_all
from bench.figures import paired_ratio
from bench.meter import verdict
from bench.processes import ROOT, Process, ProcessFailedError
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.switched import record_under_load
from bench.table import Cell, Section, Target
from bench.talkers import Round, Talker
from bench.throughput import Figures, alone, check, drain, paused, seat, watch
from bench.trees import tree_at

PAIRS = 50
# A turn is short enough for the machine to stay as it is, and for no message to wait until its deadline meanwhile.
TURN_SECONDS = 2.0
WARM_UP_SECONDS = 0.4
STATEMENT_BATCHES = 300
STATEMENT_TIMEOUT_SECONDS = 120.0
MAX_RATIO = 1.02
COUNTED_TURNS = 3

S = TypeVar("S", bound=HyredChat)
Figure = TypeVar("Figure")

OURS, OTHERS = "these sources", "the others"


@dataclass(slots=True)
class Compared:
    """Figures of both in the order of the turns; `is_judged` when they have to be about the same."""

    what: str
    ours: list[float]
    others: list[float]
    is_judged: bool = False

    def row(self) -> tuple[Cell, ...]:
        """For the table."""
        found = paired_ratio(self.ours, self.others)
        return self.what, median(self.others), median(self.ours), found.median, found.low, found.high

    def target(self) -> Target:
        """What the ratio has to be."""
        return Target(f"times the others' {self.what}", paired_ratio(self.ours, self.others).median, at_most=MAX_RATIO)


@dataclass(slots=True)
class Side:
    """One of the two servers while it is talked to."""

    server: HyredChat
    shared: Round
    talkers: list[Talker]


async def measure(_: HyredChat, settings: Settings) -> list[Section]:
    """Servers of its own."""
    if settings.other_tree is None:
        raise ProcessFailedError("`paired` compares with other sources: say which, --with FOLDER_OR_COMMIT")
    with tree_at(settings.other_tree) as tree:
        compared, most_of_others = await compare_turns(tree, settings)
        compared += [await compare_calls(tree, settings), await compare_statements(tree, settings)]
    return [table(compared, settings, verdict(most_of_others))]


def in_turn(number: int) -> tuple[int, int]:
    """Which of two goes first: each does so in every other round, so that no drift favours one of them."""
    return (0, 1) if number % 2 == 0 else (1, 0)


async def take_turns(
    rounds: int, take: Callable[[int], Awaitable[Figure]], told: Callable[[Figure], str]
) -> tuple[list[Figure], list[Figure]]:
    """The figures of both, one of each for every round.

    Args:
        take: measures these sources (0) or the others (1).
        told: a figure in words, for whoever waits.
    """
    figures: tuple[list[Figure], list[Figure]] = ([], [])
    for number in range(rounds):
        for which in in_turn(number):
            figures[which].append(await take(which))
        ours, others = (told(side[-1]) for side in figures)
        progress(f"pair {number + 1}: {ours}, the others {others}")
    return figures


@asynccontextmanager
async def started(*servers: S) -> AsyncIterator[Sequence[S]]:
    """Servers that run for the length of the block."""
    begun: list[S] = []
    try:
        for server in servers:
            begun.append(server)
            await server.start()
        yield servers
    finally:
        for server in begun:
            await server.stop()


async def compare_turns(tree: Path, settings: Settings) -> tuple[list[Compared], float]:
    """Processor time and throughput, of so many pairs of turns; and what all else used at most, in % of one core."""
    async with started(HyredChat(), HyredChat(tree)) as servers, talking(servers) as sides:
        turns = await take_turns(
            settings.paired_turns,
            lambda which: take_turn(sides[which], servers),
            lambda turn: f"{turn.messages_per_second:,.0f} messages/s",
        )

    def costs(what: str, cost: str, *, is_judged: bool = False) -> Compared:
        costs_now, costs_before = ([us_each(turn, cost) for turn in side] for side in turns)
        return Compared(what, costs_now, costs_before, is_judged)

    now, before = ([turn.messages_per_second for turn in side] for side in turns)
    return [
        costs("us of processor time of the server and PostgreSQL", "both", is_judged=True),
        costs("us of processor time of the server", "server"),
        costs("us of processor time of PostgreSQL", "database"),
        Compared("messages/s", now, before),
    ], max(turn.cpu.others for side in turns for turn in side)


def us_each(turn: Figures, cost: str) -> float:
    """Microseconds of a message, of `server`, `database` or `both`."""
    shares = {"server": turn.cpu.server, "database": turn.cpu.database}
    share = sum(shares.values()) if cost == "both" else shares[cost]
    return share * 10_000 / turn.messages_per_second


@asynccontextmanager
async def talking(servers: Sequence[HyredChat]) -> AsyncIterator[list[Side]]:
    """Both people of 50 pairs at each server, who send for the length of the block; afterwards nothing was lost."""
    sides: list[Side] = []
    try:
        for server in servers:
            shared = Round()
            sides.append(Side(server, shared, await seat(server, PAIRS, shared)))
        for side in sides:
            with alone(side.server, servers):
                for talker in side.talkers:
                    talker.send_next()
                await asyncio.sleep(WARM_UP_SECONDS)
                side.shared.sampling = False
        yield sides
        for side in sides:
            side.shared.sending = False
        for side in sides:
            await drain(side.talkers)
            check(side.talkers, side.shared)
    finally:
        await close_all([talker for side in sides for talker in side.talkers])


async def take_turn(side: Side, servers: Sequence[HyredChat]) -> Figures:
    """One window of one server, after a moment in which it gets going."""
    with alone(side.server, servers):
        await asyncio.sleep(WARM_UP_SECONDS)
        return await watch(side.server, side.shared, TURN_SECONDS)


async def compare_calls(tree: Path, settings: Settings) -> Compared:
    """Calls of Python functions, which hardly depend on the machine."""
    async with started(counted_server(), counted_server(tree)) as servers:

        async def count(which: int) -> float:
            with alone(servers[which], servers):
                return owed_each(await record_under_load(servers[which], settings))

        counts = await take_turns(COUNTED_TURNS, count, lambda calls: f"{calls:.1f} calls")
    return Compared("calls of functions", *counts, is_judged=True)


async def compare_statements(tree: Path, settings: Settings) -> Compared:
    """PostgreSQL's processor time for the statement that stores a batch, alone on one connection."""
    async with started(HyredChat(), HyredChat(tree)) as servers:
        for server in servers:
            await server.pairs(BATCH)
            await server.settle()
        with paused(servers):
            costs = await take_turns(
                settings.paired_turns,
                lambda which: cost_of_statement(servers[which], (ROOT, tree)[which]),
                lambda cost: f"{cost:.1f} us of the statement",
            )
    return Compared(f"us of PostgreSQL for its statement, in batches of {BATCH}", *costs, is_judged=True)


async def cost_of_statement(server: HyredChat, tree: Path) -> float:
    """Microseconds of a message, by the statement of these sources. Raises ProcessFailedError."""
    file, log = server.folder / "pairs.json", server.folder / "statement.log"
    file.write_text(json.dumps([(pair.room_id, pair.va.id, pair.co.id) for pair in await server.pairs(BATCH)]))
    where = [server.cluster.socket_folder, str(server.cluster.port), str(file), str(STATEMENT_BATCHES)]
    command = [sys.executable, "-m", "bench.statement_cost", *where]
    process = Process(command, log=log, environment={"PYTHONPATH": str(tree / "src")})
    if await process.wait(STATEMENT_TIMEOUT_SECONDS) != 0:
        raise ProcessFailedError(process.tail())
    return float(log.read_text().splitlines()[-1])


def table(compared: Sequence[Compared], settings: Settings, warning: list[str]) -> Section:
    """Both, and how much dearer a message is than it was."""
    return Section(
        title=f"A plain message, beside {settings.other_tree}",
        columns=("of a message", OTHERS, OURS, "ratio", "from", "to"),
        rows=[each.row() for each in compared],
        notes=[
            *warning,
            f"{PAIRS} pairs. {settings.paired_turns} pairs of turns of {TURN_SECONDS:g} s; {COUNTED_TURNS} for calls.",
            "The ratio is the median of the pairs' ratios. From and to: where the true one lies, 95 times of 100.",
        ],
        targets=[each.target() for each in compared if each.is_judged],
    )
