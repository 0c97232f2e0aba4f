"""Our server behind a switch: something is recorded in its process from one SIGUSR1 to the next, under load."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.clients import close_all
from bench.meter import Meter, Shares
from bench.processes import ROOT, ProcessFailedError
from bench.recording_server import FILE_VARIABLE
from bench.servers import HyredChat
from bench.settings import Settings
from bench.talkers import Round
from bench.throughput import check, drain, seat
from bench.waiting import until

PAIRS = 50
WARM_UP_SECONDS = 1.0
WRITING_TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written down while so many messages were acknowledged, and the processor time of all meanwhile."""

    file: Path
    messages: int
    seconds: float
    cpu: Shares

    def microseconds_each(self, share: float) -> float:
        """What a share of one core, in %, is for each message."""
        return share / 100 * self.seconds / self.messages * 1e6


class SwitchedHyredChat(HyredChat):
    """Ours with something in its process that can be turned on.

    Args:
        module: what to run; it serves by `recording_server.py`.
        tree: as of `HyredChat`.
    """

    def __init__(self, module: str, tree: Path = ROOT) -> None:
        super().__init__(tree)
        self._module = module
        self._file = self.folder / "recorded"

    def command(self) -> list[str]:
        """The same server behind the switch."""
        return [sys.executable, "-m", self._module]

    def environment(self) -> dict[str, str]:
        """Where to write."""
        return {**super().environment(), FILE_VARIABLE: str(self._file)}

    async def record(self, shared: Round, seconds: float) -> Recorded:
        """Records for about so long, while those who share this round send.

        Raises:
            ProcessFailedError: nothing is written.
        """
        self._file.unlink(missing_ok=True)
        os.kill(self.process.pid, signal.SIGUSR1)
        before, meter, started_at = len(shared.latencies), Meter(self), perf_counter()
        await asyncio.sleep(seconds)
        messages, cpu, elapsed = len(shared.latencies) - before, meter.shares(), perf_counter() - started_at
        os.kill(self.process.pid, signal.SIGUSR1)
        if not await until(self._file.exists, WRITING_TIMEOUT_SECONDS):
            raise ProcessFailedError(f"nothing was recorded\n{self.process.tail()}")
        return Recorded(self._file, messages, elapsed, cpu)


async def record_under_load(server: SwitchedHyredChat, settings: Settings, *, windows: int = 1) -> Recorded:
    """Records for so many windows, while both people of each of 50 pairs send all the time."""
    shared = Round()
    talkers = await seat(server, PAIRS, shared)
    try:
        for talker in talkers:
            talker.send_next()
        await asyncio.sleep(WARM_UP_SECONDS)
        recorded = await server.record(shared, settings.window_seconds * windows)
        shared.sending = False
        await drain(talkers)
        check(talkers, shared)
    finally:
        await close_all(list(talkers))
    return recorded


def find_station(stations: Mapping[str, str], place: str, rest: str) -> str:
    """Where a place in the code belongs: to the first of these of which it has a part, or to the rest."""
    return next((station for part, station in stations.items() if part in place), rest)
