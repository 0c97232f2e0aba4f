"""Keys that wait for work on them: gathered, worked on in batches by one task, and again when the database was away."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Hashable
from itertools import islice
from typing import Generic, NoReturn, TypeVar

from hyred_chat.errors import UnavailableError

logger = logging.getLogger(__name__)

RETRY_SECONDS = 0.5

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def newest(_before: Value, value: Value) -> Value:
    """What was added last counts."""
    return value


class Backlog(Generic[Key, Value]):
    """Keys, each with what is to be done about it, the oldest first.

    A batch is taken out before it is worked on: what is added meanwhile is new work. A batch that fails waits again,
    behind what was added meanwhile.

    Args:
        work: works on one batch, and may raise. It is never called twice at once.
        complaint: what is logged when it raises something else than `UnavailableError`, of which the database has
            said itself what there is to say.
        batch_size: how many keys it is given at most.
        gather_seconds: how long the first key waits for others.
        merge: makes one value of the one that was added before and the one that was added after it.
        limit: how many keys wait at most, and the oldest is forgotten. None: there is only a bounded number of keys.
    """

    def __init__(
        self,
        work: Callable[[dict[Key, Value]], Awaitable[None]],
        *,
        complaint: str,
        batch_size: int,
        gather_seconds: float = 0,
        merge: Callable[[Value, Value], Value] = newest,
        limit: int | None = None,
    ) -> None:
        self._work = work
        self._complaint = complaint
        self._batch_size = batch_size
        self._gather_seconds = gather_seconds
        self._merge = merge
        self._limit = limit
        self._waiting: OrderedDict[Key, Value] = OrderedDict()
        self._wake = asyncio.Event()

    def __len__(self) -> int:
        """How many keys wait. Those that are being worked on do not."""
        return len(self._waiting)

    def __contains__(self, key: object) -> bool:
        """Whether a key waits."""
        return key in self._waiting

    def values(self) -> Collection[Value]:
        """What is to be done about each key that waits."""
        return self._waiting.values()

    def add(self, key: Key, value: Value) -> None:
        """Have something done about a key."""
        if key in self._waiting:
            value = self._merge(self._waiting[key], value)
        self._put(key, value)

    def add_first(self, key: Key, value: Value) -> None:
        """Have it done before anything else."""
        self.add(key, value)
        self._waiting.move_to_end(key, last=False)

    def discard(self, key: Key) -> None:
        """Nothing is to be done about a key any more."""
        self._waiting.pop(key, None)

    def clear(self) -> None:
        """Forget all that waits."""
        self._waiting.clear()

    async def run(self) -> NoReturn:
        """Work, until cancelled."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(self._gather_seconds)
            self._wake.clear()
            while self._waiting:
                batch = {key: self._waiting.pop(key) for key in list(islice(self._waiting, self._batch_size))}
                try:
                    await self._work(batch)
                except Exception as error:
                    if not isinstance(error, UnavailableError):
                        logger.exception("%s; trying again (%d)", self._complaint, len(batch))
                    self._put_back(batch)
                    await asyncio.sleep(RETRY_SECONDS)

    def _put_back(self, batch: dict[Key, Value]) -> None:
        for key, value in batch.items():
            self._put(key, self._merge(value, self._waiting[key]) if key in self._waiting else value)

    def _put(self, key: Key, value: Value) -> None:
        self._waiting[key] = value
        if self._limit is not None and len(self._waiting) > self._limit:
            self._waiting.popitem(last=False)
        self._wake.set()
