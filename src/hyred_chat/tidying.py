"""Rows that nobody needs any more: deleted every minute, some in each statement, by every process."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import NoReturn, Protocol

from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import UnavailableError

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 60.0
# Processes that were started together do not tidy up together.
JITTER = 0.2
# Of a round.
MAX_STATEMENTS = 20
ROWS_AT_ONCE = 1_000


class DeleteOld(Protocol):
    """A statement that deletes up to `limit` rows that are older than `keep_seconds`, and passes over locked ones."""

    def __call__(self, connection: Connection, /, *, keep_seconds: float, limit: int) -> Awaitable[bool]:
        """Execute it; whether there may be more."""


async def tidy_up(database: Database, delete_old: DeleteOld, *, keep_seconds: float) -> None:
    """One round. Raises `UnavailableError`."""
    async with database.connection() as connection:
        for _ in range(MAX_STATEMENTS):
            if not await delete_old(connection, keep_seconds=keep_seconds, limit=ROWS_AT_ONCE):
                break


async def tidy_up_forever(database: Database, delete_old: DeleteOld, *, keep_seconds: float, complaint: str) -> None:
    """A round every minute, until cancelled.

    Args:
        complaint: what is logged when a round fails for another reason than that the database is away.
    """

    async def work() -> None:
        await tidy_up(database, delete_old, keep_seconds=keep_seconds)

    await repeat(work, interval_seconds=INTERVAL_SECONDS, complaint=complaint)


async def repeat(work: Callable[[], Awaitable[None]], *, interval_seconds: float, complaint: str) -> NoReturn:
    """Have something done again and again, each time after a pause of up to `interval_seconds`, until cancelled.

    Args:
        complaint: as above.
    """
    while True:
        await asyncio.sleep(interval_seconds * random.uniform(1 - JITTER, 1))  # noqa: S311  # no secret
        try:
            await work()
        except Exception as error:
            if not isinstance(error, UnavailableError):
                logger.exception(complaint)
