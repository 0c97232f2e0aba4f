"""Notifications of conversations follow the positions of their members: what was read is withdrawn everywhere.

Positions that rise are gathered for a moment, so that however many people read at once cost a few statements. What is
lost when the process is killed meanwhile is found by the worker that looks for it every so often. A notification that
somebody else has locked is passed over and tried again later: it holds up nobody else's.
"""

from collections.abc import Iterable

from hyred_chat.backlog import Backlog
from hyred_chat.db.pool import Database
from hyred_chat.notifications import repository
from hyred_chat.notifications.conversations import chat_notification_id
from hyred_chat.notifications.signals import Teller
from hyred_chat.postponed import Postponed

GATHER_SECONDS = 0.1
BATCH_SIZE = 500
# Past this many the oldest are left to the worker.
MAX_WAITING = 100_000
LOCKED_RETRY_SECONDS = 1.0


class Positions:
    """The members whose positions rose."""

    def __init__(self, database: Database, teller: Teller) -> None:
        self._database = database
        self._teller = teller
        self._risen = Backlog[tuple[str, str], None](
            self._follow,
            complaint="Notifications could not follow what was read",
            batch_size=BATCH_SIZE,
            gather_seconds=GATHER_SECONDS,
            limit=MAX_WAITING,
        )
        self._locked: Postponed[tuple[str, str], None] = Postponed(self._follow_again, capacity=MAX_WAITING)

    def on_risen(self, user_id: str, room_id: str) -> None:
        """Somebody has read, or received, more of a room; it is committed."""
        self._risen.add((room_id, user_id), None)

    async def run(self) -> None:
        """Follow, until cancelled."""
        try:
            await self._risen.run()
        finally:
            self._locked.cancel()

    def _follow_again(self, keys: Iterable[tuple[str, str]]) -> None:
        for key in keys:
            self._risen.add(key, None)

    async def _follow(self, keys: Iterable[tuple[str, str]]) -> None:
        ids = {chat_notification_id(*key): key for key in keys}
        async with self._database.connection() as connection:
            read, locked = await repository.follow_positions(connection, list(ids))
            if read:
                await self._teller.tell(connection, "withdrawn", read)
                await self._teller.tell(connection, "due", [])
        self._locked.add({ids[notification_id]: None for notification_id in locked}, seconds=LOCKED_RETRY_SECONDS)
