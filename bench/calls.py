"""How many calls of Python functions a message costs the server, by station. A count does not depend on the machine.

It is the guard against a slower hot path that `make check` runs: microseconds change by a half from hour to hour, and
calls by a per cent. What it does not see is work inside a single call, and in PostgreSQL.
"""

import asyncio
import os
import pstats
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.clients import close_all
from bench.counted_server import FILE_VARIABLE
from bench.plots import Bars
from bench.processes import ProcessFailedError
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.table import Section, Target
from bench.talkers import Round
from bench.throughput import check, drain, seat
from bench.waiting import until

PAIRS = 50
WARM_UP_SECONDS = 1.0
WRITING_TIMEOUT_SECONDS = 20.0
# Measured with Python 3.11 (docs/performance.md); a later one makes fewer calls for the same code. Put it down when the
# path gets shorter, and up only together with the reason in the commit. Single counts differ by 1 %.
CALLS_EACH = 181.0
MARGIN = 1.06
# What happens by the clock while people write: rooms announced to lists, writes of few frames. On a busy machine, more
# of it falls to each message. Fitted to counts of 1,900 to 8,200 messages a second.
CALLS_A_SECOND = 41_000.0

# Where in the program, and what it does there. The first that fits counts.
STATIONS = {
    "hyred_chat/socketio/": "sockets, packets",
    "hyred_chat/realtime/": "dispatch",
    "hyred_chat/messages/": "messages",
    "hyred_chat/rooms/": "rooms",
    "hyred_chat/notifications/": "notifications",
    "hyred_chat/presence/": "presence",
    "hyred_chat/search/": "search (beside)",
    "hyred_chat/push/": "push (beside)",
    "asyncpg/": "database driver (beside)",
}
ELSEWHERE = "everything else"

Place = tuple[str, int, str]


class CountedHyredChat(HyredChat):
    """Ours, with its calls counted while `count` says so."""

    def __init__(self) -> None:
        super().__init__()
        self._counted = self.folder / "calls.pstats"

    def command(self) -> list[str]:
        """The same server behind a switch for counting."""
        return [sys.executable, "-m", "bench.counted_server"]

    def environment(self) -> dict[str, str]:
        """Where to write the count."""
        return {**super().environment(), FILE_VARIABLE: str(self._counted)}

    async def count(self, seconds: float) -> tuple[Mapping[Place, Any], float]:
        """Counts for about so long. Returns what `pstats` has, and how long that was.

        Raises:
            ProcessFailedError: no count comes.
        """
        self._counted.unlink(missing_ok=True)
        os.kill(self.process.pid, signal.SIGUSR1)
        started_at = perf_counter()
        await asyncio.sleep(seconds)
        os.kill(self.process.pid, signal.SIGUSR1)
        elapsed = perf_counter() - started_at
        if not await until(self._counted.exists, WRITING_TIMEOUT_SECONDS):
            raise ProcessFailedError(f"the calls were not counted\n{self.process.tail()}")
        stats: Mapping[Place, Any] = pstats.Stats(str(self._counted)).stats  # type: ignore[attr-defined]
        return stats, elapsed


async def measure(_: HyredChat, settings: Settings) -> list[Section]:
    """A server of its own, since counting makes everything else slower."""
    progress("calls a message")
    server = CountedHyredChat()
    try:
        await server.start()
        counted = await count_under_load(server, settings)
    finally:
        await server.stop()
    return [section(counted)]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was called, as `pstats` has it, while so many messages were acknowledged."""

    stats: Mapping[Place, Any]
    messages: int
    seconds: float


async def count_under_load(server: CountedHyredChat, settings: Settings) -> Counted:
    """Counts while both people of each pair send all the time."""
    shared = Round()
    talkers = await seat(server, PAIRS, shared)
    try:
        for talker in talkers:
            talker.send_next()
        await asyncio.sleep(WARM_UP_SECONDS)
        before = len(shared.latencies)
        stats, seconds = await server.count(settings.window_seconds)
        messages = len(shared.latencies) - before
        shared.sending = False
        await drain(talkers)
        check(talkers, shared)
    finally:
        await close_all(list(talkers))
    return Counted(stats, messages, seconds)


def section(counted: Counted) -> Section:
    """The calls of a message by station, most first, and whether there are more than there were."""
    calls, seconds = by_station(counted.stats)
    messages = counted.messages
    on_the_path = sum(count for station, count in calls.items() if not station.endswith("(beside)"))
    owed = (on_the_path - CALLS_A_SECOND * counted.seconds) / messages
    all_seconds = sum(seconds.values())
    return Section(
        title="Calls",
        columns=("station", "calls each", "% of the time while counted"),
        rows=[
            (station, count / messages, 100 * seconds[station] / all_seconds) for station, count in calls.most_common()
        ],
        notes=[
            f"{messages:,} messages of {PAIRS} pairs. A call of a function that is written in C counts for its caller.",
            f"The target leaves out what is beside, and {CALLS_A_SECOND:,.0f} calls a second, which follow the clock.",
        ],
        targets=[Target("calls a message", owed, at_most=CALLS_EACH * MARGIN)],
        plots=[
            Bars(
                name="stations",
                title="Where the server's time for a message goes",
                subtitle="% of the time of its own code and its libraries, while calls are counted",
                groups=[("", {station: 100 * share / all_seconds for station, share in seconds.most_common()})],
            )
        ],
    )


def by_station(stats: Mapping[Place, Any]) -> tuple[Counter[str], Counter[str]]:
    """Calls, and seconds in the functions themselves, by station.

    Args:
        stats: as `pstats` has them: place to (primitive calls, calls, own seconds, seconds, callers).
    """
    calls: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for (file, _, _), (_, count, own, _, callers) in stats.items():
        if file.startswith("~") and callers:
            for (caller, _, _), (_, times, its_own, _) in callers.items():
                calls[station_of(caller)] += times
                seconds[station_of(caller)] += its_own
        else:
            calls[station_of(file)] += count
            seconds[station_of(file)] += own
    return calls, seconds


def station_of(file: str) -> str:
    """Where a file of the program or of a library belongs."""
    path = Path(file).as_posix()
    return next((station for part, station in STATIONS.items() if part in path), ELSEWHERE)
