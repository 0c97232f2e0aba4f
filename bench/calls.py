"""How many calls of Python functions a message costs the server, by station. A count does not depend on the machine.

It is the guard against a slower hot path that `make check` runs: microseconds change by a half from hour to hour, and
calls by a per cent. What it does not see is work inside a single call, and in PostgreSQL.
"""

import pstats
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.processes import ROOT
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.switched import PAIRS, Recorded, SwitchedHyredChat, find_station, record_under_load
from bench.table import Section, Target

# Measured with Python 3.11 (docs/performance.md); a later one makes fewer calls for the same code. Put it down when the
# path gets shorter, and up only together with the reason in the commit. Single counts differ by 1 %.
CALLS_EACH = 145.0
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
    "hyred_chat/text/words.py": "search (beside)",
    "hyred_chat/push/": "push (beside)",
    "asyncpg/": "database driver (beside)",
}
ELSEWHERE = "everything else"

Place = tuple[str, int, str]


async def measure(_: HyredChat, settings: Settings) -> list[Section]:
    """A server of its own, since counting makes everything else slower."""
    progress("calls a message")
    server = counted_server()
    try:
        await server.start()
        recorded = await record_under_load(server, settings)
        return [section_of(recorded)]
    finally:
        await server.stop()


def counted_server(tree: Path = ROOT) -> SwitchedHyredChat:
    """Ours, or that of another checkout, with its calls counted while it is asked to."""
    return SwitchedHyredChat("bench.counted_server", tree)


def owed_each(recorded: Recorded) -> float:
    """The calls that a message owes: without what is beside, and what follows the clock."""
    calls, _ = by_station(stats_of(recorded))
    return owed(calls, recorded.messages, recorded.seconds)


def section_of(recorded: Recorded) -> Section:
    """What was counted."""
    return section(stats_of(recorded), recorded.messages, recorded.seconds)


def stats_of(recorded: Recorded) -> Mapping[Place, Any]:
    """What was counted, as `pstats` has it."""
    stats: Mapping[Place, Any] = pstats.Stats(str(recorded.file)).stats  # type: ignore[attr-defined]
    return stats


def owed(calls: Mapping[str, int], messages: int, elapsed: float) -> float:
    """The calls of a message on its own path, of calls by station."""
    on_the_path = sum(count for station, count in calls.items() if not station.endswith("(beside)"))
    return (on_the_path - CALLS_A_SECOND * elapsed) / messages


def section(stats: Mapping[Place, Any], messages: int, elapsed: float) -> Section:
    """The calls of a message by station, most first, and whether there are more than there were.

    Args:
        stats: as `by_station` takes them.
        messages: how many were acknowledged in these `elapsed` seconds.
    """
    calls, seconds = by_station(stats)
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
        targets=[Target("calls a message", owed(calls, messages, elapsed), at_most=CALLS_EACH * MARGIN)],
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
    return find_station(STATIONS, Path(file).as_posix(), ELSEWHERE)
