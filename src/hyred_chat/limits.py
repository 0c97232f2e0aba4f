"""Rates: how much somebody may do at once, and how fast that comes back."""

import time

from hyred_chat.errors import RateLimitedError

# Above this many known keys, those whose buckets are full again are forgotten: full is what an unknown one is.
PRUNE_ABOVE = 10_000
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
