"""Notifications of conversations follow the positions of their members: what was read is withdrawn everywhere.

Positions that rise are gathered for a moment, so that however many people read at once cost a few statements. What is
lost when the process is killed meanwhile is found by the worker that looks for it every so often.
"""

import asyncio
import logging
from itertools import islice

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.notifications import repository
from hyred_chat.notifications.conversations import chat_notification_id
from hyred_chat.notifications.signals import Teller

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.1
BATCH_SIZE = 500
# Past this many the oldest are left to the worker.
MAX_WAITING = 100_000
RETRY_SECONDS = 0.5


class Positions:
    """The members whose positions rose."""

    def __init__(self, database: Database, teller: Teller) -> None:
        self._database = database
        self._teller = teller
        self._risen: dict[tuple[str, str], None] = {}
        self._wake = asyncio.Event()

    def on_risen(self, user_id: str, room_id: str) -> None:
        """Somebody has read, or received, more of a room; it is committed."""
        self._risen[room_id, user_id] = None
        if len(self._risen) > MAX_WAITING:
            del self._risen[next(iter(self._risen))]
        self._wake.set()

    async def run(self) -> None:
        """Follow, until cancelled."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._wake.clear()
            while self._risen:
                batch = list(islice(self._risen, BATCH_SIZE))
                for key in batch:
                    del self._risen[key]
                try:
                    await self._follow([chat_notification_id(*key) for key in batch])
                except Exception as error:
                    if not isinstance(error, UnavailableError):
                        logger.exception("Notifications could not follow what was read; trying again")
                    self._risen.update(dict.fromkeys(batch))
                    await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, ids: list[str]) -> None:
        async with self._database.connection() as connection:
            read = await repository.follow_positions(connection, ids)
            if read:
                await self._teller.tell(connection, "withdrawn", read)
                await self._teller.tell(connection, "due", [])
