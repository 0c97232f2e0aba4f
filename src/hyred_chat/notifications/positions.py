"""Notifications of conversations follow the positions of their members: what was read is withdrawn everywhere.

Positions that rise are gathered for a moment, so that however many people read at once cost a few statements. What is
lost when the process is killed meanwhile is found by the worker that looks for it every so often. A notification that
somebody else has locked is passed over and tried again later: it holds up nobody else's.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from itertools import islice

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.notifications import repository
from hyred_chat.notifications.conversations import chat_notification_id
from hyred_chat.notifications.signals import Teller
from hyred_chat.postponed import Postponed

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.1
BATCH_SIZE = 500
# Past this many the oldest are left to the worker.
MAX_WAITING = 100_000
RETRY_SECONDS = 0.5
LOCKED_RETRY_SECONDS = 1.0


class Positions:
    """The members whose positions rose."""

    def __init__(self, database: Database, teller: Teller) -> None:
        self._database = database
        self._teller = teller
        self._risen: dict[tuple[str, str], None] = {}
        self._locked: Postponed[tuple[str, str], None] = Postponed(self._follow_again, capacity=MAX_WAITING)
        self._wake = asyncio.Event()

    def on_risen(self, user_id: str, room_id: str) -> None:
        """Somebody has read, or received, more of a room; it is committed."""
        self._follow_again([(room_id, user_id)])

    async def run(self) -> None:
        """Follow, until cancelled."""
        try:
            while True:
                await self._wake.wait()
                await asyncio.sleep(GATHER_SECONDS)
                self._wake.clear()
                while self._risen:
                    batch = list(islice(self._risen, BATCH_SIZE))
                    for key in batch:
                        del self._risen[key]
                    try:
                        await self._follow(batch)
                    except Exception as error:
                        if not isinstance(error, UnavailableError):
                            logger.exception("Notifications could not follow what was read; trying again")
                        self._risen.update(dict.fromkeys(batch))
                        await asyncio.sleep(RETRY_SECONDS)
        finally:
            self._locked.cancel()

    def _follow_again(self, keys: Iterable[tuple[str, str]]) -> None:
        self._risen.update(dict.fromkeys(keys))
        while len(self._risen) > MAX_WAITING:
            del self._risen[next(iter(self._risen))]
        self._wake.set()

    async def _follow(self, keys: Sequence[tuple[str, str]]) -> None:
        ids = {chat_notification_id(*key): key for key in keys}
        async with self._database.connection() as connection:
            read, locked = await repository.follow_positions(connection, list(ids))
            if read:
                await self._teller.tell(connection, "withdrawn", read)
                await self._teller.tell(connection, "due", [])
        self._locked.add({ids[notification_id]: None for notification_id in locked}, seconds=LOCKED_RETRY_SECONDS)
