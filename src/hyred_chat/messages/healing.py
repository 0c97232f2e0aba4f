"""Messages that were committed and not handed out: found by comparing a room with the database, and handed out late.

That happens when the connection broke while a batch was being committed and nobody could tell its senders what became
of it. Such rooms are looked at again once the database answers; and a message that does not follow the one before it
is not handed out by itself, but with all that is missing in front of it.
"""

import asyncio
import logging

from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.messages import repository
from hyred_chat.messages.delivery import Delivery
from hyred_chat.messages.history import History
from hyred_chat.messages.records import MessageRecord, encode_message
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.state import RoomState

logger = logging.getLogger(__name__)

CHUNK_MESSAGES = 500
RETRY_SECONDS = 0.5


class Healing:
    """Rooms that may have missed something. Bounded by the rooms in memory; a room is looked at once at a time."""

    def __init__(self, database: Database, rooms: RoomCache, history: History, delivery: Delivery) -> None:
        self._database = database
        self._rooms = rooms
        self._history = history
        self._delivery = delivery
        self._suspected: dict[str, None] = {}
        self._wake = asyncio.Event()

    def suspect(self, room_id: str) -> None:
        """Have a room compared with the database."""
        self._suspected[room_id] = None
        self._wake.set()

    async def run(self) -> None:
        """Heal rooms, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._suspected:
                # The oldest, and taken out first: a suspicion that comes while it is being looked at is a new one.
                room_id = next(iter(self._suspected))
                del self._suspected[room_id]
                try:
                    await self._heal(room_id)
                except Exception as error:
                    if not isinstance(error, UnavailableError):
                        logger.exception("Room %s could not be healed; trying again", room_id)
                    self._suspected[room_id] = None
                    await asyncio.sleep(RETRY_SECONDS)

    async def _heal(self, room_id: str) -> None:
        # Nobody has joined a room that is not in memory, and whoever does will read it from the database.
        while (state := self._rooms.find(room_id)) is not None:
            async with self._database.connection() as connection:
                records = await repository.list_range(
                    connection, room_id, after=state.last_seq, until=state.last_seq + CHUNK_MESSAGES
                )
            if not records:
                break
            await self._history.learn_people(state, records)
            self._deliver(state, records)

    def _deliver(self, state: RoomState, records: list[MessageRecord]) -> None:
        """Hand out what is still missing now: meanwhile some of it may have come by the usual way."""
        for record in records:
            if record.seq == state.last_seq + 1:
                self._delivery.deliver(state, record, encode_message(record, state.person_of(record.sender_id), "sent"))
