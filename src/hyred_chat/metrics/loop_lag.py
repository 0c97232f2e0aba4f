"""How late the event loop is: the time between when something was due and when it ran."""

import asyncio
import time
from typing import NoReturn

from hyred_chat.histograms import Histogram
from hyred_chat.metrics.registry import Metrics

# Ten wake-ups a second cost less than a thousandth of a core.
SAMPLE_SECONDS = 0.1
# A loop that has been this late in every sample, for so long, is overloaded.
LATE_SECONDS = 1.0
OVERLOADED_AFTER_SECONDS = 5.0


class LoopLag:
    """A clock that notes how late it is woken.

    Attributes:
        histogram: of every sample, in seconds.
        latest_seconds: the latest sample.
    """

    def __init__(self) -> None:
        self.histogram = Histogram()
        self.latest_seconds = 0.0
        self._late_since: float | None = None
        self._noted_at = 0.0

    async def run(self) -> NoReturn:
        """Take samples, until cancelled."""
        while True:
            due_at = time.monotonic() + SAMPLE_SECONDS
            await asyncio.sleep(SAMPLE_SECONDS)
            self.note(due_at, time.monotonic())

    def note(self, due_at: float, woken_at: float) -> None:
        """Take one sample, of something that was due and ran at these times."""
        self.latest_seconds = max(0.0, woken_at - due_at)
        self.histogram.observe(self.latest_seconds)
        self._noted_at = woken_at
        if self.latest_seconds <= LATE_SECONDS:
            self._late_since = None
        elif self._late_since is None:
            self._late_since = due_at

    @property
    def is_overloaded(self) -> bool:
        """Whether the loop has been more than a second late all the time, for at least five seconds."""
        return self._late_since is not None and self._noted_at - self._late_since >= OVERLOADED_AFTER_SECONDS

    def describe(self, metrics: Metrics) -> None:
        """Add the metrics."""
        metrics.histogram(
            "hyred_event_loop_lag_seconds",
            "How late the event loop ran what was due, sampled ten times a second.",
            self.histogram,
        )
        metrics.gauge(
            "hyred_event_loop_overloaded",
            "1 while the event loop has been more than a second late for five seconds: the server is not ready then.",
            lambda: float(self.is_overloaded),
        )
