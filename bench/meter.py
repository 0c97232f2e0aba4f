"""Who used the processor while something was measured."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from bench.processes import cpu_seconds, machine_cpu_seconds
from bench.servers import Server

LOOK_SECONDS = 1.0
MAX_OTHERS = 15.0  # % of one core: what an idle system does by itself stays below this


@dataclass(frozen=True, slots=True)
class Shares:
    """Processor time in % of one core, on average since a meter was made."""

    generator: float
    server: float
    database: float
    others: float

    def note(self) -> str:
        """The shares in a sentence."""
        return (
            f"CPU in % of one core: generator {self.generator:.0f}, server {self.server:.0f}, "
            f"PostgreSQL {self.database:.0f}, everything else on this machine {self.others:.0f}."
        )


class Meter:
    """Measures from the moment it is made.

    Args:
        generators: processes that make load, besides this one; they have to run until the shares are asked for.
    """

    def __init__(self, server: Server, *, generators: Sequence[int] = ()) -> None:
        self._server = server
        self._generators = generators
        self._ended_seconds = 0.0
        self._at_first = self._used()

    def count_ended(self, seconds: float) -> None:
        """Count a process that made load and has ended: so much processor time it took."""
        self._ended_seconds += seconds

    def shares(self) -> Shares:
        """What everybody used since then."""
        elapsed, *used = (now - then for then, now in zip(self._at_first, self._used(), strict=True))
        generator, server, database, machine = (seconds / elapsed * 100 for seconds in used)
        return Shares(generator, server, database, max(0.0, machine - generator - server - database))

    def _used(self) -> tuple[float, float, float, float, float]:
        own, server = os.times(), self._server
        return (
            perf_counter(),
            own.user + own.system + self._ended_seconds + sum(map(cpu_seconds, self._generators)),
            server.cpu_seconds(),
            server.database_cpu_seconds(),
            machine_cpu_seconds(),
        )


def verdict(others: float) -> list[str]:
    """A note when everything else on the machine used so much that the figures are not for the record."""
    if others <= MAX_OTHERS:
        return []
    return [f"NOT FOR THE RECORD: everything else on this machine used up to {others:.0f} % of one core meanwhile."]


async def idle_machine() -> float:
    """What everything on this machine uses while nothing is measured, in % of one core."""
    used = machine_cpu_seconds()
    await asyncio.sleep(LOOK_SECONDS)
    return (machine_cpu_seconds() - used) / LOOK_SECONDS * 100
