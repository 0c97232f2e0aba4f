"""Settlements on their way to the database: gathered while one statement is under way, written by the next."""

import asyncio
import logging

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.push import repository
from hyred_chat.push.repository import Settlement

logger = logging.getLogger(__name__)

BATCH_SIZE = 200
RETRY_SECONDS = 0.5


class Settling:
    """What is to be written. Bounded by what the worker has claimed; what is lost comes back when its lease ends."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[Settlement] = []
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def add(self, settlement: Settlement) -> None:
        """Write this down soon."""
        self._waiting.append(settlement)
        self._idle.clear()
        self._wake.set()

    async def flush(self) -> None:
        """Wait until all is written."""
        await self._idle.wait()

    async def run(self) -> None:
        """Write, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch = self._waiting[:BATCH_SIZE]
                try:
                    async with self._database.connection() as connection:
                        await repository.settle(connection, batch)
                except UnavailableError:
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                except Exception:
                    logger.exception("%d notifications could not be settled; they come back", len(batch))
                del self._waiting[: len(batch)]
            self._idle.set()
