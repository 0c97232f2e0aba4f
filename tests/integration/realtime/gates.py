"""Holding back what the database answers, so that a test decides what happens meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import pytest

PATIENCE_SECONDS = 5.0


class Gate:
    """Around a function of a repository. While it is closed, what has been read waits.

    Attributes:
        readings: how many calls have read.
    """

    def __init__(self, patch: pytest.MonkeyPatch, repository: ModuleType, name: str) -> None:
        self.readings = 0
        self._passes_others = False
        self._open = asyncio.Event()
        self._open.set()
        self._has_read = asyncio.Event()
        self._read: Callable[..., Awaitable[Any]] = getattr(repository, name)
        patch.setattr(repository, name, self._pass)

    @asynccontextmanager
    async def closed(self) -> AsyncIterator[None]:
        """Until the block ends."""
        self._open.clear()
        self._has_read.clear()
        self._passes_others = False
        try:
            yield
        finally:
            self._open.set()

    def let_through(self) -> None:
        """Let others pass from now on. Whoever waits at the gate goes on waiting."""
        self._passes_others = True

    async def wait_until_read(self) -> None:
        """Until somebody waits at the closed gate."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._has_read.wait()

    async def _pass(self, *args: Any, **options: Any) -> Any:
        rows = await self._read(*args, **options)
        self.readings += 1
        self._has_read.set()
        if not self._passes_others:
            await self._open.wait()
        return rows
