"""Waiting for something that happens elsewhere: in another process, or on many connections at once."""

import asyncio
from collections.abc import Callable
from time import perf_counter

LOOK_EVERY_SECONDS = 0.02


async def until(happened: Callable[[], bool], timeout_seconds: float) -> bool:
    """Waits until something has happened, for a bounded time. Returns whether it has."""
    deadline = perf_counter() + timeout_seconds
    while not happened():
        if perf_counter() > deadline:
            return False
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    return True
