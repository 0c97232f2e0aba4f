"""Settlements on their way to the database: gathered while one statement is under way, written by the next.

Somebody else's lock, on a room or on a notification, is waited for once, and not for long. From then on, until all that
is locked has been written, nothing is waited for: what is locked is passed over, and comes back in a moment.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping

from hyred_chat.db.faults import causes_of, is_contention
from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.notifications.signals import Hint, Teller
from hyred_chat.postponed import Postponed
from hyred_chat.push import repository
from hyred_chat.push.outcomes import broken
from hyred_chat.push.repository import Settlement

logger = logging.getLogger(__name__)

BATCH_SIZE = 200
# Past this many nobody should claim more: leases would end before what became of them is written down.
MAX_WAITING = 1000
RETRY_SECONDS = 0.5
# For longer than a message takes to be stored, which locks its room; for less than others should wait.
LOCK_TIMEOUT_MILLISECONDS = 250
LOCKED_RETRY_SECONDS = 0.25


class Settling:
    """What is to be written. Bounded: while too much waits the worker claims no more. What is lost comes back."""

    def __init__(self, database: Database, teller: Teller) -> None:
        self._database = database
        self._teller = teller
        self._waiting: list[Settlement] = []
        # By their ids. One that is dropped from here comes back when its lease ends.
        self._locked: Postponed[str, Settlement] = Postponed(self._try_again, capacity=MAX_WAITING)
        self._waits_for_locks = True
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._has_room = asyncio.Event()
        self._has_room.set()

    @property
    def waiting_count(self) -> int:
        """How many are to be written."""
        return len(self._waiting) + len(self._locked)

    def add(self, settlement: Settlement) -> None:
        """Write this down soon."""
        self._waiting.append(settlement)
        self._idle.clear()
        if len(self._waiting) >= MAX_WAITING:
            self._has_room.clear()
        self._wake.set()

    async def wait_for_room(self) -> None:
        """Wait until few enough are waiting that more may be claimed."""
        await self._has_room.wait()

    async def flush(self) -> None:
        """Wait until all is written."""
        await self._idle.wait()

    async def run(self) -> None:
        """Write, until cancelled."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._write_waiting()
                if not self._locked:
                    self._idle.set()
        finally:
            self._locked.cancel()

    async def _write_waiting(self) -> None:
        size = BATCH_SIZE
        while self._waiting:
            batch = self._waiting[:size]
            try:
                await self._write(batch)
            except UnavailableError as error:
                if self._waits_for_locks and any(map(is_contention, causes_of(error))):
                    self._waits_for_locks = False
                else:
                    await asyncio.sleep(RETRY_SECONDS)
                continue
            except Exception:
                # One by one, so that one that cannot be written takes no others along.
                if len(batch) > 1:
                    size = 1
                    continue
                logger.exception("Notification %s could not be settled; it fails", batch[0].id)
                await self._give_up(batch[0])
            del self._waiting[: len(batch)]
            if len(self._waiting) < MAX_WAITING:
                self._has_room.set()

    def _try_again(self, locked: Mapping[str, Settlement]) -> None:
        self._waiting += locked.values()
        self._wake.set()

    async def _give_up(self, settlement: Settlement) -> None:
        """Have one that cannot be written down fail, which can be. Left as it is, it would be sent again and again."""
        last = broken(
            settlement.id,
            settlement.lease,
            room_id=settlement.room_id,
            looked_seq=settlement.looked_seq,
            shown_on=settlement.shown_on,
        )
        try:
            await self._write([last])
        except Exception:
            logger.exception("Notification %s could not fail either; it comes back", settlement.id)

    async def _write(self, batch: list[Settlement]) -> None:
        """Write down, except what is locked, and have notices that are listed from now on appear in the chat."""
        async with self._database.transaction() as connection:
            locked: Collection[str] = ()
            await connection.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MILLISECONDS}")
            if self._waits_for_locks:
                await repository.settle(connection, batch)
            else:
                locked = await repository.settle_unlocked(connection, batch)
            written = [settlement for settlement in batch if settlement.id not in locked]
            if shown := [Hint(settlement.user_id, settlement.id) for settlement in written if _is_shown(settlement)]:
                await self._teller.tell(connection, "shown", shown)
            if gone := [Hint(each.user_id, each.id, each.looked_seq) for each in written if each.is_gone]:
                await self._teller.tell(connection, "withdrawn", gone)
            if any(settlement.wait_seconds == 0 for settlement in written):
                await self._teller.tell(connection, "due", [])
        self._locked.add({each.id: each for each in batch if each.id in locked}, seconds=LOCKED_RETRY_SECONDS)
        self._waits_for_locks = not self._locked


def _is_shown(settlement: Settlement) -> bool:
    """A conversation's live event came with its message."""
    return settlement.is_new and settlement.room_id is None
