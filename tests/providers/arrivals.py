"""What has reached a provider, and waiting for it."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

PATIENCE_SECONDS = 15.0

Arrival = TypeVar("Arrival")


class Arrivals(Generic[Arrival]):
    """A list that can be waited for."""

    def __init__(self) -> None:
        self.all: list[Arrival] = []
        self._changed = asyncio.Event()

    def add(self, arrival: Arrival) -> None:
        self.all.append(arrival)
        self._changed.set()

    def matching(self, predicate: Callable[[Arrival], bool]) -> list[Arrival]:
        return [arrival for arrival in self.all if predicate(arrival)]

    async def wait_for(
        self, predicate: Callable[[Arrival], bool], *, count: int = 1, patience_seconds: float = PATIENCE_SECONDS
    ) -> list[Arrival]:
        """Those that match, once there are so many."""
        async with asyncio.timeout(patience_seconds):
            while len(found := self.matching(predicate)) < count:
                self._changed.clear()
                await self._changed.wait()
        return found
