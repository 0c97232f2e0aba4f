"""What workers do now and then: find what is still shown and should not be, and forget what is old."""

import asyncio
import logging

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.push import repository

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 60.0
# Of a round: statements that forget notices, or events.
MAX_STATEMENTS = 20


class Tidying:
    """A round every minute, in each process that has a worker."""

    def __init__(self, database: Database, *, keep_days: int) -> None:
        self._database = database
        self._keep_days = keep_days
        self._checked_until = ""

    async def run(self) -> None:
        """Tidy up, until cancelled."""
        while True:
            try:
                await self._tidy_up()
            except Exception as error:
                if not isinstance(error, UnavailableError):
                    logger.exception("Old notifications could not be tidied up; trying again")
            await asyncio.sleep(INTERVAL_SECONDS)

    async def _tidy_up(self) -> None:
        async with self._database.connection() as connection:
            self._checked_until = await repository.find_missed(connection, self._checked_until)
            # Notices last: somebody's lock on one of a notice's notifications ends this.
            for forget in (repository.delete_old_events, repository.delete_old_notice):
                for _ in range(MAX_STATEMENTS):
                    if not await forget(connection, self._keep_days):
                        break
