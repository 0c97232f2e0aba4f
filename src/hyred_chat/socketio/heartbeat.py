"""Deadlines that all lie the same time ahead: pings, pongs, and everything else that a session is given time for.

All sessions wait the same time for the same thing, so the deadlines of one kind come in the order in which they were
set. That makes a queue enough: one loop timer for all sessions instead of one or two for each, eight bytes per session
instead of several hundred (docs/decisions/0003-socketio-core.md).
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)

Key = TypeVar("Key")

# Deadlines this close together share one timer: a hundredth of the delay, at most 0.1 s. They are met early, not late.
_SLACK_RATIO = 0.01
_MAX_SLACK_SECONDS = 0.1


class Deadlines(Generic[Key]):
    """Calls back for each key a fixed time after it was added.

    There is no way to take a key back: whoever is called looks whether it still matters. So keys are session ids rather
    than sessions, which would be kept alive.

    Args:
        delay_seconds: from adding to calling back, less up to two hundredths.
        is_due: the callback. What it raises is logged.

    Attributes:
        least_seconds: the least time that lies between adding and calling back.
    """

    __slots__ = ("_buckets", "_delay_seconds", "_is_due", "_slack_seconds", "_timer", "least_seconds")

    def __init__(self, delay_seconds: float, is_due: Callable[[Key], None]) -> None:
        self._is_due = is_due
        self._slack_seconds = min(delay_seconds * _SLACK_RATIO, _MAX_SLACK_SECONDS)
        self._delay_seconds = delay_seconds - self._slack_seconds
        self.least_seconds = delay_seconds - 2 * self._slack_seconds
        self._buckets: deque[tuple[float, list[Key]]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, key: Key) -> None:
        """Start the key's delay."""
        loop = asyncio.get_running_loop()
        when = loop.time() + self._delay_seconds
        if self._buckets and when - self._buckets[-1][0] < self._slack_seconds:
            self._buckets[-1][1].append(key)
            return
        self._buckets.append((when, [key]))
        if self._timer is None:
            self._timer = loop.call_at(self._buckets[0][0], self._call_back)

    def close(self) -> None:
        """Forget all keys and stop the timer."""
        self._buckets.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _call_back(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._buckets and self._buckets[0][0] <= now:
            for key in self._buckets.popleft()[1]:
                try:
                    self._is_due(key)
                except Exception:
                    logger.exception("deadline's callback failed")
        if self._buckets and self._timer is None:
            self._timer = loop.call_at(self._buckets[0][0], self._call_back)
