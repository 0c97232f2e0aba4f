"""The connection of a lane: on which no statement outlives the attempt that it is a part of."""

import time

from hyred_chat.db.connections import MAX_AGE_SECONDS
from hyred_chat.db.faults import breaks_connection
from hyred_chat.db.pool import Connection, Database

# Longer than any healthy flush, shorter than the patience of a sender.
ATTEMPT_TIMEOUT_SECONDS = 5.0
# PostgreSQL gives up a statement before we do. Then it is known that nothing was stored, and nothing is stored after
# its sender was told so. An attempt has the longest of these that is well below its own end.
STATEMENT_TIMEOUTS_SECONDS = (4.0, 2.0, 1.0, 0.4)
STATEMENT_SHARE = 0.8
# Longer than another node needs to store its batch. Whoever holds a lock longer holds up one room.
LOCK_TIMEOUT_MILLISECONDS = 250
LANE_SETTINGS = {
    # The batch statement is planned once for whatever sizes come, and only ever from the indexes: a plan made while the
    # tables were small must not scan them when they have grown.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_mergejoin": "off",
    "lock_timeout": str(LOCK_TIMEOUT_MILLISECONDS),
    "statement_timeout": str(int(STATEMENT_TIMEOUTS_SECONDS[0] * 1000)),
}


class LaneConnection:
    """A connection that is made when it is needed, and anew when it is old or was dropped."""

    def __init__(self, database: Database) -> None:
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
