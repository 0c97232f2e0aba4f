"""Places for writers, so that those who wait for one locked row do not take all connections with them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

# Writers to the same thing that have a connection at once. The others would only wait for the first in the database.
PLACES_EACH = 2


class Bulkheads:
    """At most `total` writers at once, and of those who write to the same thing at most `PLACES_EACH`."""

    def __init__(self, *, total: int) -> None:
        self._total = asyncio.Semaphore(total)
        # The things that somebody writes to now, with their places and how many have one or wait for one.
        self._each: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def place(self, thing: str | None, *, timeout_seconds: float) -> AsyncGenerator[None]:
        """A writer's place until the block ends. Raises TimeoutError when none came free in time."""
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(timeout_seconds):
                if thing is not None:
                    await stack.enter_async_context(self._place_of(thing))
                await stack.enter_async_context(self._total)
            yield

    @asynccontextmanager
    async def _place_of(self, thing: str) -> AsyncGenerator[None]:
        places, count = self._each.get(thing) or (asyncio.Semaphore(PLACES_EACH), 0)
        self._each[thing] = places, count + 1
        try:
            async with places:
                yield
        finally:
            places, count = self._each.pop(thing)
            if count > 1:
                self._each[thing] = places, count - 1
