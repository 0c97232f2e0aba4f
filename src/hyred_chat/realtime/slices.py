"""Telling very many people something: a slice at a time, so that nobody else waits for all of them."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from hyred_chat.realtime.hub import SLICE_SOCKETS, Hub

logger = logging.getLogger(__name__)

# Of a room: above this many members they are told in slices, and as one for all that happens in a while.
LARGE_MEMBERS = 50

Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Due:
    at: float
    people: Callable[[], Iterable[str]]
    tell: Callable[[str], None]


class Slices:
    """What is to be told to many, each thing once. Bounded by the rooms in memory: a room has a few keys."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._due: dict[Key, _Due] = {}
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()

    def put(self, key: Key, *, at: float, people: Callable[[], Iterable[str]], tell: Callable[[str], None]) -> None:
        """Tell people something at a time of the loop's clock.

        What is due under the same key is not told any more: this takes its place, at the earlier of both times.

        Args:
            people: whom, by id, asked for when it is told. Those who are not here are passed over.
            tell: called with each of them.
        """
        if (known := self._due.get(key)) is not None:
            at = min(at, known.at)
        self._due[key] = _Due(at, people, tell)
        self._wake.set()

    async def run(self) -> None:
        """Tell what is due, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            key = min(self._due, key=lambda each: self._due[each].at, default=None)
            wait_seconds = None if key is None else self._due[key].at - loop.time()
            if key is not None and wait_seconds is not None and wait_seconds <= 0:
                await self._tell(self._due.pop(key))
                continue
            try:
                async with asyncio.timeout(wait_seconds):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def drain(self) -> None:
        """Tell everything now, and see what is being told to its end."""
        while self._due:
            await self._tell(self._due.pop(next(iter(self._due))))
        async with self._turn:
            pass

    async def _tell(self, due: _Due) -> None:
        async with self._turn:
            told = 0
            for user_id in list(due.people()):
                sockets = len(self._hub.sockets_of(user_id))
                if not sockets:
                    continue
                try:
                    due.tell(user_id)
                except Exception:
                    logger.exception("Somebody could not be told")
                told += sockets
                if told >= SLICE_SOCKETS:
                    told = 0
                    await asyncio.sleep(0)
