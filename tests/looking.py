"""Waiting for what can only be looked at: nothing tells of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Seen = TypeVar("Seen")

# Whoever looks without a pause takes the processor from what is waited for, and from the tests beside.
PAUSE_SECONDS = 0.02


async def look_until(look: Callable[[], Awaitable[Seen | None]], *, seconds: float) -> Seen:
    """Look again and again until something is seen, and return it. Raises `TimeoutError` after so many seconds.

    Args:
        look: returns what it has seen, which counts as nothing while it is false.
    """
    async with asyncio.timeout(seconds):
        while True:
            if seen := await look():
                return seen
            await asyncio.sleep(PAUSE_SECONDS)
