"""The tasks that a server has started: each is held until it is done, and ended when the server is."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Tasks:
    """A set of running tasks."""

    __slots__ = ("_running",)

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start a task."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def close(self, *, timeout_seconds: float) -> None:
        """Let the tasks finish for a while, then cancel those that have not."""
        others = self._running - {asyncio.current_task()}
        if not others:
            return
        _, late = await asyncio.wait(others, timeout=timeout_seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
