"""The part of the time that the index may take: half of it in ordinary times, hardly any beside very many messages."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

# Of each second. Work includes what is waited for: the database works meanwhile, mostly on the same cores.
MAX_SHARE = 0.5
# However busy the loop is: the index falls behind, and does not stand still. No rest is longer than this.
MIN_SHARE = 0.01
MAX_REST_SECONDS = 2.0
# Up to so many messages a second the index keeps up with them, whatever else there is to do. They cost it little.
ORDINARY_RATE = 1_000
# With fewer than this, nobody sends.
IDLE_RATE = 1
# With more messages: up to the first part of its time that the loop is used by others, the index has `MAX_SHARE`; from
# the second one on it has `MIN_SHARE`; between them the share falls evenly.
QUIET, BUSY = 0.1, 0.5
# How far back it counts what the loop did. A loop that was busier than that for the shorter time is so from then on.
REMEMBERED_SECONDS = 0.5
NOTICED_SECONDS = 0.05
# How often a rest is thought over.
TICK_SECONDS = 0.1
# What is left to be rested when the sums of floating-point numbers come out even.
_PAID = 1e-6


# Of this thread, in nanoseconds: for how long it has run, and for how long it was ready to run and had no core.
_SCHEDULED = Path("/proc/thread-self/schedstat")


def wanted_seconds() -> float:
    """For how long this thread has run or waited for a core: while others use the cores, it runs less than it should.

    Where the system does not tell how long it waited, this is for how long it has run.
    """
    ran = time.thread_time()
    try:
        nanoseconds = sum(map(int, _SCHEDULED.read_bytes().split()[:2]))
    except OSError:
        return ran
    return max(ran, nanoseconds / 1e9)  # some kernels tell zeros


class Pace:
    """Lets one piece of work begin at a time, each after a rest that is as long as the one before has deserved.

    How busy the loop is shows in the processor time that its thread wants, measured while the work rests: the work
    itself does not count.

    Args:
        stored: how many messages this process has stored so far.
        now: a clock, in seconds.
        used: for how many seconds the loop's thread has run, or could have run.
        sleep: waits for so many seconds.

    Attributes:
        busy: the part of its time that the loop was used by others, from 0 to 1.
        rate: the messages that were stored in a second.
    """

    def __init__(
        self,
        stored: Callable[[], int],
        now: Callable[[], float] = time.monotonic,
        used: Callable[[], float] = wanted_seconds,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.busy = self.rate = 0.0
        self._stored = stored
        self._now = now
        self._used = used
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._debt = 0.0
        self._seen: tuple[float, float, int] | None = None

    @property
    def share(self) -> float:
        """The part of the time that work may take now."""
        if self.rate <= ORDINARY_RATE:
            return MAX_SHARE
        calm = (BUSY - self.busy) / (BUSY - QUIET)
        return MIN_SHARE + (MAX_SHARE - MIN_SHARE) * min(1.0, max(0.0, calm))

    def portion(self, most: int) -> int:
        """How much of something is to be done at once, where `most` is done while nothing else is to do.

        A message that is stored meanwhile waits for what the database does of it.
        """
        most_now = most if self.rate < IDLE_RATE else most // 4
        return max(1, most // 8, int(most_now * self.share / MAX_SHARE))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Work, when it may begin. Who came first is first."""
        async with self._turn:
            self._rest()
            longest_until = self._now() + MAX_REST_SECONDS
            while self._debt > _PAID and self._now() < longest_until:
                await self._sleep(min(TICK_SECONDS, self._debt / self.share))
                self._rest()
            started_at = self._now()
            try:
                yield
            finally:
                self._seen = self._look()
                # The rest comes on top of the work.
                self._debt = (self._seen[0] - started_at) * (1 - self.share)

    def _look(self) -> tuple[float, float, int]:
        return self._now(), self._used(), self._stored()

    def _rest(self) -> None:
        """Count what others did since this was called, or since the work ended."""
        before, self._seen = self._seen, self._look()
        if before is None:
            return
        seconds, used, stored = (now - then for now, then in zip(self._seen, before, strict=True))
        if seconds <= 0:
            return
        weight = 1 - math.exp(-seconds / REMEMBERED_SECONDS)
        self.rate += (stored / seconds - self.rate) * weight
        busy = min(1.0, max(0.0, used) / seconds)
        self.busy += (busy - self.busy) * weight
        if seconds >= NOTICED_SECONDS:
            self.busy = max(self.busy, busy)
        self._debt = max(0.0, self._debt - seconds * self.share)
