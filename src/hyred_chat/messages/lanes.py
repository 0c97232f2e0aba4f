"""Group commit: sends that come at the same time share one statement and one flush to disk.

A room's messages always pass through the same lane, and a lane stores one batch at a time, so they are stored and
handed out in the order they came. While the database has one batch, the senders of the one before it are told, and
write again: the busier the server, the larger the batches and the cheaper each message.

A room that somebody else has locked holds up its lane once, for the lane's lock timeout. From then on its sends wait
aside, and it is tried every so often whether the room is free, without waiting for it.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import chain, repeat
from typing import TypeAlias

import asyncpg

from hyred_chat.db.faults import is_connectivity_error
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import InternalError, UnavailableError
from hyred_chat.log_fields import as_id
from hyred_chat.messages import batch_repository
from hyred_chat.messages.aside import RETRY_SECONDS, Aside
from hyred_chat.messages.batch_repository import Pending
from hyred_chat.messages.changes import PendingChange
from hyred_chat.messages.gathering import Gathering, Neighbours
from hyred_chat.messages.lane_connection import ATTEMPT_TIMEOUT_SECONDS, LaneConnection
from hyred_chat.messages.measures import SendMeasures
from hyred_chat.messages.sends import Outcome, PendingSend, Refused

logger = logging.getLogger(__name__)

# What a statement costs by itself is little beside storing this many; fewer are never held back.
LEAST_BATCH = 8
RECONNECT_DELAYS_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0)
# An attempt ends when the patience of its first sender does, but is given a moment at least, or nothing would ever be
# stored for those behind them.
LEAST_ATTEMPT_SECONDS = 0.5

Prepare: TypeAlias = Callable[[Connection, Sequence[Pending]], Awaitable[None]]
OnSettled: TypeAlias = Callable[[Pending, Outcome], None]
# One for each send of a batch; None: its room is locked.
Outcomes: TypeAlias = Sequence[Outcome | None]
Store: TypeAlias = Callable[..., Awaitable[Outcomes]]


class Lane:
    """One connection and one bounded queue.

    Args:
        database: gives the lane its own connection.
        batch_size: how many sends share a statement at most.
        capacity: how many may wait; past it `submit` raises `UnavailableError`.
        prepare: awaited before each batch, with the lane's connection.
        on_settled: called in order, once for each send, when its outcome is known.
        measures: where batches are counted.
        neighbours: other nodes that may store in the same rooms; None: there are none.
    """

    def __init__(
        self,
        database: Database,
        *,
        batch_size: int,
        capacity: int,
        prepare: Prepare,
        on_settled: OnSettled,
        measures: SendMeasures,
        neighbours: Neighbours | None = None,
    ) -> None:
        self._measures = measures
        self._connection = LaneConnection(database, locks_first=neighbours is not None)
        self._gathering = None if neighbours is None else Gathering(neighbours, batch_size=batch_size)
        # How many have to wait until the lane is woken.
        self._wanted = 1
        self._prepare = prepare
        self._batch_size = batch_size
        self._capacity = capacity
        self._on_settled = on_settled
        self._waiting: deque[Pending] = deque()
        self._aside = Aside(capacity)
        self._retry: asyncio.TimerHandle | None = None
        self._batch: list[Pending] = []
        # What was taken with it, and is stored behind it.
        self._behind: list[Pending] = []
        self._is_repeated = False
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def waiting_count(self) -> int:
        """How many sends wait for a batch."""
        return len(self._waiting)

    @property
    def aside_count(self) -> int:
        """How many sends wait for a room that somebody else has locked."""
        return len(self._aside)

    def submit(self, pending: Pending) -> None:
        """Take a send; raises `UnavailableError` when too many wait already."""
        count = len(self._waiting) + 1
        if count > self._capacity:
            raise UnavailableError
        self._waiting.append(pending)
        if count == self._wanted:  # with more, `run` is awake, or about to be
            self._idle.clear()
            self._wake.set()

    async def run(self) -> None:
        """Store what is submitted, until cancelled; what is left then is refused as `unavailable`."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                count = 0
                while self._waiting or self._aside.is_due():
                    if self._aside.is_due():
                        await self._store_aside()
                    if self._waiting:
                        count = await self._gather() or self._next_count(count)
                        self._batch = self._take(count)
                        await self._store()
                        if self._behind:
                            self._batch, self._behind = self._without_locked(self._behind), []
                            await self._store()
                if self._aside:
                    self._wake_later()
                else:
                    self._idle.set()
        finally:
            self._connection.drop(None)
            if self._retry is not None:
                self._retry.cancel()
            self._refuse([*self._batch, *self._behind, *self._aside.clear(), *self._waiting])

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

    async def _gather(self) -> int:
        """While other nodes store as well: wait for a moment until nearly all write again. How many to store, or 0."""
        gathering = self._gathering
        if gathering is None:
            return 0
        is_shared = gathering.is_shared
        if is_shared:
            wanted, seconds = gathering.wanted(len(self._waiting), now=time.monotonic())
            if seconds:
                await self._wait_for(wanted, seconds)
        gathering.begin()
        return min(len(self._waiting), self._batch_size) if is_shared else 0

    async def _wait_for(self, count: int, seconds: float) -> None:
        """Wait until so many wait, or that long."""
        timer = asyncio.get_running_loop().call_later(seconds, self._wake.set)
        self._wake.clear()
        self._wanted = count
        try:
            await self._wake.wait()
        finally:
            self._wanted = 1
            timer.cancel()

    def _take(self, count: int) -> list[Pending]:
        """The first of those that wait. Changes are stored behind all sends, and so behind what they may be about."""
        batch = [self._waiting.popleft() for _ in range(count)]
        self._behind = [pending for pending in batch if type(pending) is PendingChange]
        if self._behind:
            batch = [pending for pending in batch if type(pending) is PendingSend]
        return self._without_locked(batch)

    def _without_locked(self, batch: list[Pending]) -> list[Pending]:
        """What is left of a batch without those whose rooms are locked: they wait aside."""
        if not self._aside:
            return batch
        behind = [pending for pending in batch if self._aside.holds(pending.room_id)]
        self._refuse(self._aside.extend(behind))
        return [pending for pending in batch if not self._aside.holds(pending.room_id)]

    async def _store_aside(self) -> None:
        """Store what waits aside, as far as its rooms are free now."""
        self._refuse(self._aside.expire())
        self._batch = self._aside.take(self._batch_size)
        started = time.monotonic()
        await self._store(is_careful=True)
        self._aside.rest(time.monotonic() - started)

    async def _store(self, *, is_careful: bool = False) -> None:
        """Store the batch, again and again while the database is away, until its senders' deadlines.

        Args:
            is_careful: somebody else may have locked some of its rooms. Put their sends aside instead of waiting.
        """
        self._is_repeated = is_careful
        delays = chain(RECONNECT_DELAYS_SECONDS, repeat(RECONNECT_DELAYS_SECONDS[-1]))
        while self._batch:
            started_at = time.monotonic()
            try:
                outcomes = await (self._attempt_carefully if is_careful else self._attempt)(self._batch)
            except _ConnectionBroken as broken:
                # Whether the batch was committed is not known. Sending it again is safe: rows are found by their ids.
                self._measures.broken_batches += 1
                self._is_repeated = True
                self._connection.drop(broken.__cause__)
                await asyncio.sleep(next(delays))
                self._expire()
            except _RoomLocked:
                self._measures.locked_batches += 1
                is_careful = self._is_repeated = True
            else:
                committed_at = time.monotonic()
                settled, self._batch = self._batch, []
                if is_careful:
                    settled, outcomes = self._put_locked_aside(settled, outcomes)
                if not settled:
                    return
                self._measures.batch_stored(len(settled), committed_at - started_at)
                if self._gathering is not None and isinstance(settled[0], PendingSend):
                    seconds = committed_at - started_at
                    self._gathering.end(len(settled), len(self._waiting), now=committed_at, seconds=seconds)
                # Soon: the database has its next batch before the senders of this one are told.
                asyncio.get_running_loop().call_soon(self._settle, settled, outcomes, committed_at)

    def _settle(self, batch: list[Pending], outcomes: Outcomes, committed_at: float) -> None:
        for pending, outcome in zip(batch, outcomes, strict=True):
            if outcome is not None:
                self._on_settled(pending, outcome)
        self._measures.batch_acknowledged(batch[0].deadline)
        # All of it waits in outboxes now, which are emptied before this is called (socketio/outboxes.py).
        asyncio.get_running_loop().call_soon(self._measures.batch_written, committed_at)

    async def _attempt(self, batch: list[Pending]) -> Outcomes:
        return await self._attempt_by(self._store_whole, batch)

    async def _store_whole(self, connection: Connection, batch: list[Pending], *, again: bool) -> Outcomes:
        locks_first = self._connection.locks_first
        return await batch_repository.store_batch(connection, batch, again=again, locks_first=locks_first)

    async def _attempt_carefully(self, batch: list[Pending]) -> Outcomes:
        """None for each send whose room is locked. What locks show only when they are met is found room by room."""
        try:
            return await self._attempt_by(batch_repository.store_unlocked, batch)
        except _RoomLocked:
            by_room: dict[str, list[Pending]] = {}
            for pending in batch:
                by_room.setdefault(pending.room_id, []).append(pending)
            if len(by_room) == 1:
                return [None] * len(batch)
        outcomes = {room_id: iter(await self._attempt_carefully(sends)) for room_id, sends in by_room.items()}
        return [next(outcomes[pending.room_id]) for pending in batch]

    async def _attempt_by(self, store: Store, batch: list[Pending]) -> Outcomes:
        """Store a batch; one that fails is stored one by one, so that a bad message takes no others along."""
        try:
            return await self._try_twice(store, batch)
        except (_ConnectionBroken, _RoomLocked):
            raise
        except Exception as error:
            if not batch_repository.is_overtaken(error):
                logger.exception("A batch of %d messages failed; storing them one by one", len(batch))
        return [await self._attempt_singly(store, pending) for pending in batch]

    async def _attempt_singly(self, store: Store, pending: Pending) -> Outcome | None:
        try:
            return (await self._try_twice(store, [pending]))[0]
        except (_ConnectionBroken, _RoomLocked):
            raise
        except Exception:
            ids = {"room_id": as_id(pending.room_id), "user_id": as_id(pending.sender_id), "message_id": pending.id}
            logger.exception("A message could not be stored", extra=ids)
            return Refused(InternalError())

    async def _try_twice(self, store: Store, batch: list[Pending]) -> Outcomes:
        """What was committed elsewhere while the first statement ran is seen by the second one."""
        try:
            return await self._execute(store, batch)
        except Exception as error:
            if not batch_repository.is_overtaken(error):
                raise
        return await self._execute(store, batch)

    async def _execute(self, store: Store, batch: list[Pending]) -> Outcomes:
        patience_seconds = batch[0].deadline - time.monotonic()
        timeout_seconds = min(ATTEMPT_TIMEOUT_SECONDS, max(LEAST_ATTEMPT_SECONDS, patience_seconds))
        try:
            async with asyncio.timeout(timeout_seconds):
                connection = await self._connection.get(timeout_seconds)
                await self._prepare(connection, batch)
                return await store(connection, batch, again=self._is_repeated)
        except Exception as error:
            if isinstance(error, UnavailableError) or is_connectivity_error(error):
                raise _ConnectionBroken from error
            if isinstance(error, asyncpg.LockNotAvailableError):
                raise _RoomLocked from error
            raise

    def _put_locked_aside(self, batch: list[Pending], outcomes: Outcomes) -> tuple[list[Pending], Outcomes]:
        """What is left of both."""
        pairs = list(zip(batch, outcomes, strict=True))
        self._aside.put_back([pending for pending, outcome in pairs if outcome is None])
        self._aside.rest(0)
        settled = [(pending, outcome) for pending, outcome in pairs if outcome is not None]
        return [pending for pending, _ in settled], [outcome for _, outcome in settled]

    def _expire(self) -> None:
        """Refuse what has waited longer than its sender does."""
        now = time.monotonic()
        late = [each for each in (*self._batch, *self._behind, *self._waiting) if each.deadline <= now]
        self._batch = [pending for pending in self._batch if pending.deadline > now]
        self._behind = [pending for pending in self._behind if pending.deadline > now]
        self._waiting = deque(pending for pending in self._waiting if pending.deadline > now)
        self._refuse([*self._aside.expire(), *late])

    def _refuse(self, sends: Iterable[Pending]) -> None:
        for pending in sends:
            self._on_settled(pending, Refused(UnavailableError()))

    def _wake_later(self) -> None:
        def wake() -> None:
            self._retry = None
            self._wake.set()

        if self._retry is None:
            self._retry = asyncio.get_running_loop().call_later(RETRY_SECONDS, wake)


class _ConnectionBroken(Exception):  # noqa: N818  # a turn of the loop above, never seen outside
    pass


class _RoomLocked(Exception):  # noqa: N818  # likewise
    pass
