"""When to probe a connection, when to give it up, and how long to wait before the next attempt."""

import random
from enum import Enum

PROBE_SECONDS = 2.0
# Without a probe of one's own for this long, a subscriber hears nothing, whatever its connection looks like.
DEAF_SECONDS = 6.0
# The clock that jumps further than this between two looks shows that the process did not run.
STOPPED_SECONDS = 3.0
FIRST_DELAY_SECONDS = 0.05
MAX_DELAY_SECONDS = 5.0
# A connection that lived this long was a good one: the next failure is the first one again.
HEALTHY_SECONDS = 10.0


class Beat(Enum):
    """What a look at the clock says."""

    NOTHING = "nothing"
    PROBE = "probe"
    DEAF = "deaf"
    STOPPED = "stopped"


class Pulse:
    """The probes of one connection.

    Args:
        now: seconds on a clock that only goes forward, like all times here.
    """

    def __init__(self, now: float) -> None:
        self.heard_at = now
        self._probed_at = -PROBE_SECONDS + now
        self._looked_at = now

    def heard(self, now: float) -> None:
        """A probe came back."""
        self.heard_at = now

    def look(self, now: float) -> Beat:
        """What to do now. Look at least twice a second."""
        elapsed = now - self._looked_at
        self._looked_at = now
        if elapsed > STOPPED_SECONDS:
            return Beat.STOPPED
        if now - self.heard_at >= DEAF_SECONDS:
            return Beat.DEAF
        if now - self._probed_at >= PROBE_SECONDS:
            self._probed_at = now
            return Beat.PROBE
        return Beat.NOTHING


class Backoff:
    """Delays that double from one failure to the next, with full jitter, so that not all nodes come at once."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._limit = FIRST_DELAY_SECONDS

    def next_delay(self, healthy_seconds: float) -> float:
        """How long to wait after a failure, in seconds.

        Args:
            healthy_seconds: how long the connection was good before; 0 if there was none.
        """
        if healthy_seconds >= HEALTHY_SECONDS:
            self._limit = FIRST_DELAY_SECONDS
        delay = self._chance.uniform(0, self._limit)
        self._limit = min(self._limit * 2, MAX_DELAY_SECONDS)
        return delay
