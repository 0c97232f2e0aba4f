"""A task that was cancelled ends, also when the library has lost the cancellation."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def heeded_cancellation() -> Iterator[None]:
    """Raise CancelledError at the end of the block when the task was cancelled within it and nobody noticed.

    redis-py answers a command, or returns a connection, as if nothing had happened when the cancellation comes at
    the wrong moment. A loop around it would go on.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task is not None else 0
    try:
        yield
    finally:
        if task is not None and task.cancelling() > before:
            raise asyncio.CancelledError
