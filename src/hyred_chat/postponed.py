"""What cannot be done now, and is done in a moment: one timer for all of it, however much that is."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Postponed(Generic[Key, Value]):
    """Things that wait together, each under a key. Bounded: past `capacity` the oldest are dropped.

    Args:
        again: called with all that waits, in the order in which it was added.
        capacity: how many may wait. Whoever adds more has another way to find what was dropped.
    """

    def __init__(self, again: Callable[[Mapping[Key, Value]], None], *, capacity: int) -> None:
        self._again = again
        self._capacity = capacity
        self._waiting: dict[Key, Value] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, things: Mapping[Key, Value], *, seconds: float) -> None:
        """Have these wait: so long, or until what waits already is due."""
        self._waiting.update(things)
        while len(self._waiting) > self._capacity:
            del self._waiting[next(iter(self._waiting))]
        if self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._end)

    def cancel(self) -> None:
        """Forget all that waits."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def end_now(self) -> None:
        """Do now what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._end()

    def _end(self) -> None:
        self._timer = None
        things, self._waiting = self._waiting, {}
        self._again(things)
