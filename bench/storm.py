"""A restart under thousands of clients: how long until all are back, and what an honest pair feels meanwhile.

The clients are in processes of their own, and where one server process may not have that many files, the server is
several behind one port (`serve --workers`), all of which are restarted at once.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from math import ceil
from time import perf_counter
from typing import Any

from picows import WSInvalidStatusError

from bench.clients import close_all
from bench.figures import percentile
from bench.latency import Board, Correspondent, drain
from bench.meter import Meter, Shares, verdict
from bench.processes import Process, ProcessFailedError, file_limit
from bench.returners import LET_IN, NO_SERVER_YET, REFUSED_FOR_NOW
from bench.servers import HyredChat, HyredChatInStorms, Pair
from bench.settings import Settings, progress
from bench.several import WorkersInStorms
from bench.table import Cell, Section, Target

# What a process keeps for all else than clients, and which part of the rest one with a broker keeps for other nodes.
OTHER_FILES = 400
FORWARDED_PART = 4
SETTLED_SECONDS = 1.0
LOOK_SECONDS = 0.1
ALL_IN_SECONDS = 300.0
ALL_BACK_SECONDS = 180.0
PAIR_RETRY_SECONDS = 0.1
MESSAGE_SECONDS = 0.02
MAX_MESSAGE_MS = 50.0
MAX_STOP_SECONDS = 10.0
SEED = 20_261_127


@dataclass(frozen=True, slots=True)
class Storm:
    """What happened.

    Attributes:
        people: how many came back, or should have.
        workers: how many processes the server has.
        crowds: how many processes the people are in.
        stop_seconds: how long the server took to stop.
        back_seconds: when each was back, counted from the moment at which the new server was ready.
        attempts: to come back, counted by what became of each.
        board: the messages of the honest pair.
    """

    people: int
    workers: int
    crowds: int
    stop_seconds: float
    back_seconds: list[float]
    attempts: dict[str, int]
    board: Board
    cpu: Shares

    @property
    def wrong(self) -> dict[str, int]:
        """Attempts that should have ended otherwise."""
        return {
            outcome: number
            for outcome, number in self.attempts.items()
            if outcome not in {LET_IN, REFUSED_FOR_NOW, NO_SERVER_YET}
        }


class Crowd:
    """Some of the people, in a process of their own (`bench.returners`)."""

    def __init__(self, server: HyredChat, people: Sequence[Pair], first: int) -> None:
        told = server.folder / f"crowd-{first}.told"
        told.write_text(
            json.dumps({"people": [(pair.room_id, pair.va.token) for pair in people], "first": first, "seed": SEED})
        )
        self._said = told.with_suffix(".said")
        command = [sys.executable, "-m", "bench.returners", str(server.port), str(told), str(self._said)]
        self.process = Process(command, log=told.with_suffix(".log"))

    def count(self, what: str) -> int:
        """How many have `arrived`, or are `back`. Raises ProcessFailedError when the process has ended."""
        self.process.check_running()
        return int(self._read().get(what, 0))

    async def end(self) -> dict[str, Any]:
        """Lets them go; what they saw."""
        await self.process.end()
        return self._read()

    def _read(self) -> dict[str, Any]:
        with suppress(FileNotFoundError):
            said: dict[str, Any] = json.loads(self._said.read_text())
            return said
        return {}


async def measure(_: HyredChat, settings: Settings) -> list[Section]:
    """Each number of clients against a server of its own, which lets clients in as fast as it is delivered to."""
    storms = []
    for count in settings.storm_connections:
        server = server_for(count, file_limit(os.getpid()))
        try:
            await server.start()
            storms.append(await weather(server, await server.pairs(count + 1)))
        finally:
            await server.stop()
    return [table(storms)]


def server_for(people: int, files: int) -> HyredChatInStorms:
    """One that has room for so many.

    Args:
        files: how many each process may open.
    """
    workers = workers_for(people, files)
    return HyredChatInStorms() if workers == 1 else WorkersInStorms(workers)


def workers_for(people: int, files: int) -> int:
    """How many processes a server needs for so many connections."""
    if people <= files - OTHER_FILES:
        return 1
    return max(2, ceil(people / (files - files // FORWARDED_PART - OTHER_FILES)))


def crowds_of(people: Sequence[Pair], files: int) -> list[tuple[int, Sequence[Pair]]]:
    """As many parts, about as large as one another, as processes are needed for them; each with the first's number."""
    size = ceil(len(people) / ceil(len(people) / (files - OTHER_FILES)))
    return [(first, people[first : first + size]) for first in range(0, len(people), size)]


async def weather(server: HyredChatInStorms, pairs: Sequence[Pair]) -> Storm:
    """Everybody connects; the server is restarted; everybody comes back."""
    honest, *others = pairs
    progress(f"storm: {len(others):,} connections to {server.workers} server process(es)")
    async with crowding(server, others) as crowds:
        await until_all("arrived", crowds, len(others))
        await asyncio.sleep(SETTLED_SECONDS)
        told_at = perf_counter()
        await server.process.end()
        stop_seconds = perf_counter() - told_at
        await server.start()
        ready_at = perf_counter()
        progress(f"storm: the server stopped in {stop_seconds:.1f} s, and is back")
        meter = Meter(server, generators=[crowd.process.pid for crowd in crowds])
        board = await talk_until(server, honest, lambda: all_in("back", crowds, len(others)))
        cpu = meter.shares()
        seen = await asyncio.gather(*(crowd.end() for crowd in crowds))
    return Storm(
        people=len(others),
        workers=server.workers,
        crowds=len(crowds),
        stop_seconds=stop_seconds,
        back_seconds=[at - ready_at for each in seen for at in each["back_at"]],
        attempts=dict(sum((Counter(each["attempts"]) for each in seen), Counter())),
        board=board,
        cpu=cpu,
    )


@asynccontextmanager
async def crowding(server: HyredChat, people: Sequence[Pair]) -> AsyncIterator[list[Crowd]]:
    """The people, who are gone after the block whatever happens in it."""
    crowds: list[Crowd] = []
    try:
        for first, part in crowds_of(people, file_limit(os.getpid())):
            crowds.append(Crowd(server, part, first))
        yield crowds
    finally:
        await asyncio.gather(*(crowd.process.end() for crowd in crowds))


def all_in(what: str, crowds: Sequence[Crowd], people: int) -> bool:
    """Whether all have arrived, or are back."""
    return sum(crowd.count(what) for crowd in crowds) >= people


async def until_all(what: str, crowds: Sequence[Crowd], people: int) -> None:
    """Waits for that. Raises ProcessFailedError when it takes too long."""
    deadline = perf_counter() + ALL_IN_SECONDS
    while not all_in(what, crowds, people):
        if perf_counter() > deadline:
            raise ProcessFailedError(f"not all {people:,} have {what} after {ALL_IN_SECONDS:g} s")
        await asyncio.sleep(LOOK_SECONDS)


async def talk_until(server: HyredChat, pair: Pair, is_over: Callable[[], bool]) -> Board:
    """One person of a pair sends to the other at a steady pace, from when both are let in until it is over."""
    board = Board()
    people = [Correspondent(pair, person, board) for person in (pair.va, pair.co)]
    for person in people:
        while True:
            with suppress(WSInvalidStatusError):
                await person.connect(server.port)
                break
            await asyncio.sleep(PAIR_RETRY_SECONDS)
        await person.join(pair.room_id)
    due = looked_at = perf_counter()
    deadline = due + ALL_BACK_SECONDS
    while True:
        if due >= looked_at + LOOK_SECONDS:
            looked_at = due
            if is_over():
                break
        if due > deadline:
            raise ProcessFailedError(f"not everybody is back after {ALL_BACK_SECONDS:g} s")
        due += MESSAGE_SECONDS
        await asyncio.sleep(max(0.0, due - perf_counter()))
        board.due.append(due)
        people[len(board.due) % 2].say(len(board.due) - 1)
    await drain(people, board)
    await close_all(list(people))
    return board


def table(storms: Sequence[Storm]) -> Section:
    """A row for each number of people. Seconds count from the moment at which the new server was ready."""
    return Section(
        title="Everybody comes back after a restart",
        columns=(
            *("people", "server processes", "stopped in, s", "half back, s", "99 % back, s", "all back, s"),
            *("refused for now", "time-outs and errors"),
            *("message p50 ms", "p99 ms", "generator late, p99 ms", "server CPU %", "database %", "generators %"),
        ),
        rows=[row(storm) for storm in storms],
        notes=[
            "Clients come back with the official client's delays: 1 to 5 s, up to 50 % off.",
            *(
                f"The {storm.people:,} are in {storm.crowds} process(es), and the pair is in one of its own."
                for storm in storms
            ),
            *(f"Wrong of {storm.people:,}: {storm.wrong}." for storm in storms if storm.wrong),
            *(storm.cpu.note() for storm in storms),
            *verdict(max(storm.cpu.others for storm in storms)),
        ],
        targets=[target for storm in storms for target in targets_of(storm)],
    )


def row(storm: Storm) -> tuple[Cell, ...]:
    """The figures of one storm."""
    board = storm.board
    late = [(sent - due) * 1000 for sent, due in zip(board.sent, board.due, strict=True)]
    milliseconds = message_milliseconds(board)
    return (
        *(storm.people, storm.workers, storm.stop_seconds),
        *(percentile(storm.back_seconds, at) for at in (50, 99, 100)),
        *(storm.attempts.get(REFUSED_FOR_NOW, 0), sum(storm.wrong.values())),
        *(percentile(milliseconds, 50), percentile(milliseconds, 99), percentile(late, 99)),
        *(storm.cpu.server, storm.cpu.database, storm.cpu.generator),
    )


def targets_of(storm: Storm) -> list[Target]:
    """What each storm has to reach."""
    of = f"of {storm.people:,} clients that come back"
    p99 = percentile(message_milliseconds(storm.board), 99)
    return [
        Target(f"seconds in which the server stops, {of}", storm.stop_seconds, at_most=MAX_STOP_SECONDS),
        Target(f"time-outs and errors {of}", sum(storm.wrong.values()), at_most=0),
        Target(f"ms, p99 of a message beside {storm.people:,} clients that come back", p99, at_most=MAX_MESSAGE_MS),
    ]


def message_milliseconds(board: Board) -> list[float]:
    """From the moment at which each message was due to its receipt."""
    return [(board.received[number] - due) * 1000 for number, due in enumerate(board.due)]
