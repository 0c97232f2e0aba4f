"""Group commit: sends that come at the same time share one statement and one flush to disk.

A room's messages always pass through the same lane, and a lane stores one batch at a time, so they are stored and
handed out in the order they came. While the database has one batch, the senders of the one before it are told, and
write again: the busier the server, the larger the batches and the cheaper each message.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import chain, repeat
from typing import TypeAlias

import asyncpg

from hyred_chat.db.faults import is_connectivity_error
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import InternalError, UnavailableError
from hyred_chat.messages import repository
from hyred_chat.messages.sends import Outcome, PendingSend, Refused

logger = logging.getLogger(__name__)

# What a statement costs by itself is little beside storing this many; fewer are never held back.
LEAST_BATCH = 8
RECONNECT_DELAYS_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0)
# Longer than any healthy flush, shorter than the patience of a sender. An attempt ends earlier when the patience of its
# first sender does, but is given a moment at least, or nothing would ever be stored for those behind them.
ATTEMPT_TIMEOUT_SECONDS = 5.0
LEAST_ATTEMPT_SECONDS = 0.5
# The batch statement is planned once for whatever sizes come, and only ever from the indexes: a plan made while the
# tables were small must not scan them when they have grown.
LANE_SETTINGS = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_mergejoin": "off",
}

Prepare: TypeAlias = Callable[[Sequence[PendingSend]], Awaitable[None]]
OnSettled: TypeAlias = Callable[[PendingSend, Outcome], None]


class Lane:
    """One connection and one bounded queue.

    Args:
        database: gives the lane its own connection.
        batch_size: how many sends share a statement at most.
        capacity: how many may wait; past it `submit` raises `UnavailableError`.
        prepare: awaited before each batch.
        on_settled: called in order, once for each send, when its outcome is known.
    """

    def __init__(
        self, database: Database, *, batch_size: int, capacity: int, prepare: Prepare, on_settled: OnSettled
    ) -> None:
        self._database = database
        self._prepare = prepare
        self._batch_size = batch_size
        self._capacity = capacity
        self._on_settled = on_settled
        self._waiting: deque[PendingSend] = deque()
        self._batch: list[PendingSend] = []
        self._is_repeated = False
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._connection: Connection | None = None

    def submit(self, pending: PendingSend) -> None:
        """Take a send; raises `UnavailableError` when too many wait already."""
        if len(self._waiting) >= self._capacity:
            raise UnavailableError
        self._waiting.append(pending)
        self._idle.clear()
        self._wake.set()

    async def run(self) -> None:
        """Store what is submitted, until cancelled; what is left then is refused as `unavailable`."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                count = 0
                while self._waiting:
                    count = self._next_count(count)
                    self._batch = [self._waiting.popleft() for _ in range(count)]
                    await self._store()
                self._idle.set()
        finally:
            self._drop_connection()
            for pending in (*self._batch, *self._waiting):
                self._on_settled(pending, Refused(UnavailableError()))

    async def flush(self) -> None:
        """Wait until nothing is waiting or under way."""
        await self._idle.wait()

    def _next_count(self, stored: int) -> int:
        """How many to store now, after a batch of `stored`: half of what is under way.

        Everything at once would leave the database idle while everybody is told, and the rest of the server while it
        is stored (docs/decisions/0006-group-commit.md has the figures).
        """
        half = (stored + len(self._waiting) + 1) // 2
        return min(len(self._waiting), max(half, LEAST_BATCH), self._batch_size)

    async def _store(self) -> None:
        """Store the batch, again and again while the database is away, until its senders' deadlines."""
        self._is_repeated = False
        delays = chain(RECONNECT_DELAYS_SECONDS, repeat(RECONNECT_DELAYS_SECONDS[-1]))
        while self._batch:
            try:
                outcomes = await self._attempt()
            except _ConnectionBroken:
                # Whether the batch was committed is not known. Sending it again is safe: rows are found by their ids.
                self._is_repeated = True
                self._drop_connection()
                await asyncio.sleep(next(delays))
                self._expire()
            else:
                settled, self._batch = self._batch, []
                # Soon: the database has its next batch before the senders of this one are told.
                asyncio.get_running_loop().call_soon(self._settle, settled, outcomes)

    def _settle(self, batch: list[PendingSend], outcomes: list[Outcome]) -> None:
        for pending, outcome in zip(batch, outcomes, strict=True):
            self._on_settled(pending, outcome)

    async def _attempt(self) -> list[Outcome]:
        try:
            return await self._execute(self._batch)
        except _ConnectionBroken:
            raise
        except Exception as error:
            if not isinstance(error, asyncpg.UniqueViolationError):
                logger.exception("A batch of %d messages failed; storing them one by one", len(self._batch))
        return [await self._attempt_singly(pending) for pending in self._batch]

    async def _attempt_singly(self, pending: PendingSend) -> Outcome:
        """Twice: a repeat that was committed elsewhere a moment ago is found the second time."""
        for _ in range(2):
            try:
                return (await self._execute([pending]))[0]
            except _ConnectionBroken:
                raise
            except asyncpg.UniqueViolationError:
                continue
            except Exception:
                logger.exception("A message could not be stored")
                break
        return Refused(InternalError())

    async def _execute(self, batch: list[PendingSend]) -> list[Outcome]:
        patience_seconds = batch[0].deadline - time.monotonic()
        try:
            async with asyncio.timeout(min(ATTEMPT_TIMEOUT_SECONDS, max(LEAST_ATTEMPT_SECONDS, patience_seconds))):
                await self._prepare(batch)
                if self._connection is None:
                    self._connection = await self._database.dedicated_connection(**LANE_SETTINGS)
                return await repository.store_batch(self._connection, batch, again=self._is_repeated)
        except Exception as error:
            if isinstance(error, UnavailableError) or is_connectivity_error(error):
                raise _ConnectionBroken from error
            raise

    def _expire(self) -> None:
        """Refuse what has waited longer than its sender does."""
        now = time.monotonic()
        late = [pending for pending in (*self._batch, *self._waiting) if pending.deadline <= now]
        self._batch = [pending for pending in self._batch if pending.deadline > now]
        self._waiting = deque(pending for pending in self._waiting if pending.deadline > now)
        for pending in late:
            self._on_settled(pending, Refused(UnavailableError()))

    def _drop_connection(self) -> None:
        if self._connection is not None:
            with suppress(Exception):
                self._connection.terminate()
            self._connection = None


class _ConnectionBroken(Exception):  # noqa: N818  # a turn of the loop above, never seen outside
    pass
