"""Clocks that a test moves: nothing waits, and a minute passes in a moment."""

import asyncio
import selectors
from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import count


class FakeClock:
    """Time that passes when a test says so. It stands in for an event loop where only its timers are used."""

    def __init__(self) -> None:
        self.now = 0.0
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers: Iterator[int] = count()

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], None], /) -> None:
        heappush(self._timers, (when, next(self._numbers), callback))

    def pass_by(self, seconds: float) -> None:
        until = self.now + seconds
        while self._timers and self._timers[0][0] <= until:
            self.now, _, callback = heappop(self._timers)
            callback()
        self.now = until


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that does not wait for its timers: when nothing else is to be done, it is their time."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(_Impatient(self))

    def time(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Run what is due within so many seconds."""
        self.run_until_complete(asyncio.sleep(seconds))


class _Impatient(selectors.SelectSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events: Sequence[tuple[selectors.SelectorKey, int]] = super().select(0)
        if not events:
            assert timeout is not None, "nothing would ever happen any more"
            self._loop.now += max(0.0, timeout)
        return list(events)
