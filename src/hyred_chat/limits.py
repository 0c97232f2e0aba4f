"""Rates: how much somebody may do at once, and how fast that comes back. And turns: how much may be under way."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from hyred_chat.errors import RateLimitedError

# Above this many known keys, those whose buckets are full again are forgotten: full is what an unknown one is.
PRUNE_ABOVE = 10_000
# Addresses that are remembered: a stranger may have more of them than there are people.
MAX_ADDRESSES = 10_000
# What waiting exactly as long as one was told may fall short by, in floating point.
ROUNDING = 1e-9


class RateLimit:
    """Token buckets, one for each key.

    Args:
        burst: how much may come at once.
        per_minute: how much comes back in a minute; 0 means no limit at all.
    """

    def __init__(self, *, burst: int, per_minute: int) -> None:
        self._burst = float(burst)
        self._per_second = per_minute / 60
        self._buckets: dict[str, tuple[float, float]] = {}
        self._prune_above = PRUNE_ABOVE

    def take(self, key: str) -> None:
        """Take one; raises `RateLimitedError` when there is none, saying when there will be."""
        if not self._per_second:
            return
        now = time.monotonic()
        level, filled_at = self._buckets.get(key, (self._burst, now))
        level = min(self._burst, level + (now - filled_at) * self._per_second)
        if level < 1 - ROUNDING:
            raise RateLimitedError((1 - level) / self._per_second)
        self._buckets[key] = (max(0.0, level - 1), now)
        if len(self._buckets) > self._prune_above:
            self._prune(now)

    def _prune(self, now: float) -> None:
        full_after = self._burst / self._per_second
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if now - bucket[1] < full_after}
        # When that many people really are busy at once, looking at all of them for each of them would be the burden.
        self._prune_above = max(PRUNE_ABOVE, 2 * len(self._buckets))


class Turns:
    """At most so many things at a time for each key; others wait for their turn, in the order in which they came.

    Args:
        at_once: how many.
        patience_seconds: how long a turn is waited for.
    """

    def __init__(self, *, at_once: int, patience_seconds: float) -> None:
        self._at_once = at_once
        self._patience_seconds = patience_seconds
        self._turns: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def take(self, key: str) -> AsyncIterator[None]:
        """Hold a turn until the block ends; raises `RateLimitedError` when none came in time."""
        turns, users = self._turns.get(key) or (asyncio.Semaphore(self._at_once), 0)
        self._turns[key] = turns, users + 1
        try:
            try:
                async with asyncio.timeout(self._patience_seconds):
                    await turns.acquire()
            except TimeoutError:
                raise RateLimitedError(self._patience_seconds) from None
            try:
                yield
            finally:
                turns.release()
        finally:
            turns, users = self._turns.pop(key)
            if users > 1:
                self._turns[key] = turns, users - 1


class RefusalRate:
    """How much each address was refused lately: so many at once, then one in a while.

    For each address the moment is kept at which all of its refusals will be forgotten. The memory is bounded: past
    10,000 addresses the one that has been quiet for longest is forgotten.

    Args:
        burst: how many refusals are plain ones.
        seconds_each: how long each counts.
    """

    def __init__(self, *, burst: int, seconds_each: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst_seconds = burst * seconds_each
        self._seconds_each = seconds_each
        self._clock = clock
        self._forgotten_at: OrderedDict[str, float] = OrderedDict()

    def count(self, address: str) -> None:
        """Count one more. Raises `RateLimitedError` when it is one too many, and then does not count it."""
        now = self._clock()
        forgotten_at = max(self._forgotten_at.get(address, now), now) + self._seconds_each
        wait_seconds = forgotten_at - now - self._burst_seconds
        if wait_seconds > ROUNDING:
            raise RateLimitedError(wait_seconds)
        self._forgotten_at[address] = forgotten_at
        self._forgotten_at.move_to_end(address)
        if len(self._forgotten_at) > MAX_ADDRESSES:
            self._forgotten_at.popitem(last=False)
