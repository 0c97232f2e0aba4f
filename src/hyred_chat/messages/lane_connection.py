"""The connection of a lane: on which no statement outlives the attempt that it is a part of."""

import logging
import time

import asyncpg

from hyred_chat.db.connections import MAX_AGE_SECONDS
from hyred_chat.db.faults import breaks_connection
from hyred_chat.db.pool import Connection, Database
from hyred_chat.messages.store_statement import DEFINE_STORE_BATCH

logger = logging.getLogger(__name__)

# Longer than any healthy flush, shorter than the patience of a sender.
ATTEMPT_TIMEOUT_SECONDS = 5.0
# PostgreSQL gives up a statement before we do. Then it is known that nothing was stored, and nothing is stored after
# its sender was told so. An attempt has the longest of these that is well below its own end.
STATEMENT_TIMEOUTS_SECONDS = (4.0, 2.0, 1.0, 0.4)
STATEMENT_SHARE = 0.8
# Longer than another node needs to store its batch. Whoever holds a lock longer holds up one room.
LOCK_TIMEOUT_MILLISECONDS = 250
LANE_SETTINGS = {
    # The batch statement is planned once for whatever sizes come, and only ever from the indexes.
    "enable_mergejoin": "off",
    "lock_timeout": str(LOCK_TIMEOUT_MILLISECONDS),
    "statement_timeout": str(int(STATEMENT_TIMEOUTS_SECONDS[0] * 1000)),
}


class LaneConnection:
    """A connection that is made when it is needed, and anew when it is old or was dropped.

    Args:
        locks_first: whether rooms are to be locked before a batch is read, because others store in them, too.

    Attributes:
        locks_first: whether they can be on this connection.
    """

    def __init__(self, database: Database, *, locks_first: bool = False) -> None:
        self.locks_first = False
        self._shall_lock_first = locks_first
        self._database = database
        self._connection: Connection | None = None
        self._renew_at = 0.0
        self._statement_seconds = 0.0

    async def get(self, attempt_seconds: float) -> Connection:
        """The connection, for an attempt that lasts so long. Raises `UnavailableError`."""
        now = time.monotonic()
        if self._connection is not None and now >= self._renew_at:
            self.drop(None)
        if self._connection is None:
            self._connection = await self._database.dedicated_connection(**LANE_SETTINGS)
            if self._shall_lock_first:
                self.locks_first = await _define_store_batch(self._connection)
            self._renew_at = now + MAX_AGE_SECONDS
            self._statement_seconds = STATEMENT_TIMEOUTS_SECONDS[0]
        bound = attempt_seconds * STATEMENT_SHARE
        seconds = next((each for each in STATEMENT_TIMEOUTS_SECONDS if each <= bound), STATEMENT_TIMEOUTS_SECONDS[-1])
        if seconds != self._statement_seconds:
            await self._connection.execute(f"SET statement_timeout = {int(seconds * 1000)}")
            self._statement_seconds = seconds
        return self._connection

    def drop(self, error: BaseException | None) -> None:
        """Close the connection, unless it is still sound after this error."""
        if self._connection is not None and (error is None or breaks_connection(error)):
            self._database.discard(self._connection, error)
            self._connection = None


async def _define_store_batch(connection: Connection) -> bool:
    """Whether the user may make temporary functions. Without them a batch costs more, and is stored all the same."""
    try:
        await connection.execute(DEFINE_STORE_BATCH)
    except asyncpg.InsufficientPrivilegeError as error:
        logger.warning("Batches that wait for another node's cost more than they need: %s", error)
        return False
    return True
