"""How many handshakes are let in: when everybody reconnects at once, those who are let in are served in time."""

import time
from collections import Counter
from collections.abc import Callable

_WINDOW_SECONDS = 1.0


class Pace:
    """A token bucket that holds one second's worth, of which one address gets at most half. It is full at first.

    Nobody passes while half a second's worth is under way: when each takes long, those who came first would time out
    behind those who come after them, and come again.

    Args:
        per_second: how many are let through in the long run; 0: all.
        clock: in seconds.

    Attributes:
        refused: how many were not let through.
        under_way: how many are being decided on.
        window: the number of this second, in which one address gets at most half.
    """

    __slots__ = (
        "_clock",
        "_filled_at",
        "_half",
        "_level",
        "_most",
        "_of",
        "_per_second",
        "_window_ends_at",
        "refused",
        "under_way",
        "window",
    )

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.refused = 0
        self._per_second = per_second
        self._clock = clock
        self._most = self._level = max(1.0, per_second)
        self._half = max(1.0, per_second / 2)
        self.under_way = 0
        self.window = 0
        self._filled_at = self._window_ends_at = clock()
        self._of: Counter[str] = Counter()  # in this window; bounded by what is let through in one

    def take(self, address: str) -> bool:
        """Whether one more from this address may pass now."""
        if not self._per_second:
            return True
        now = self._clock()
        self._level = min(self._most, self._level + (now - self._filled_at) * self._per_second)
        self._filled_at = now
        if now >= self._window_ends_at:
            self._of.clear()
            self.window += 1
            self._window_ends_at = now + _WINDOW_SECONDS
        if self._level < 1 or self._of.get(address, 0) >= self._half or self.under_way >= self._half:
            self.refused += 1
            return False
        self._level -= 1
        self._of[address] += 1
        return True

    def give_back(self, address: str, window: int) -> None:
        """One that passed was not let in after all: whoever floods with bad tokens keeps nobody else out.

        Args:
            window: the one in which it passed. What is given back later is not this window's: who opens many
                connections and closes them all at once gets no more than others.
        """
        self._level = min(self._most, self._level + 1)
        if window == self.window and self._of.get(address, 0) > 0:
            self._of[address] -= 1
