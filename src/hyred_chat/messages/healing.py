"""Rooms of which the database may know more than this node: compared with it, and what is missing handed out late.

That happens when the connection broke while something was being committed, and nobody could tell whoever asked for it
what became of it. Such a room is looked at once the database answers, and again when whatever was under way must have
come to its end. And a message that does not follow the one before it is not handed out by itself, but with all that is
missing in front of it.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable

from hyred_chat.db.connecting import STATEMENT_TIMEOUT_SECONDS
from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from hyred_chat.messages import repository
from hyred_chat.messages.delivery import Delivery
from hyred_chat.messages.history import History
from hyred_chat.messages.records import MessageRecord, encode_message
from hyred_chat.pages import PAGE_BYTES
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.state import RoomState

logger = logging.getLogger(__name__)

CHUNK_MESSAGES = 500
RETRY_SECONDS = 0.5
# A statement whose connection is given up ends soon (db/connecting.py), at the latest by its timeout.
LATER_LOOKS_SECONDS = (2.0, float(STATEMENT_TIMEOUT_SECONDS))


class Healing:
    """Rooms that may have missed something. Bounded by the rooms in memory; a room is looked at once at a time.

    Args:
        refresh: has everything but messages read again, with what follows: members, looks, positions.
    """

    def __init__(
        self,
        database: Database,
        rooms: RoomCache,
        history: History,
        delivery: Delivery,
        *,
        refresh: Callable[[str], None],
    ) -> None:
        self._database = database
        self._rooms = rooms
        self._history = history
        self._delivery = delivery
        self._refresh = refresh
        self._suspected: OrderedDict[str, None] = OrderedDict()
        self._later: dict[str, asyncio.TimerHandle] = {}
        self._wake = asyncio.Event()

    def suspect(self, room_id: str) -> None:
        """It is not known what became of something in this room: compare it with the database, now and later."""
        if self._rooms.find(room_id) is not None:  # else whoever wants it next reads it from the database
            self._look(room_id, LATER_LOOKS_SECONDS)

    def catch_up(self, room_id: str) -> None:
        """Messages are known to be missing: they are handed out before any room that is merely suspected."""
        self._suspected[room_id] = None
        self._suspected.move_to_end(room_id, last=False)
        self._wake.set()

    async def run(self) -> None:
        """Heal rooms, until cancelled."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._suspected:
                    # Taken out first: a suspicion that comes while it is being looked at is a new one.
                    room_id, _ = self._suspected.popitem(last=False)
                    try:
                        await self._heal(room_id)
                    except Exception as error:
                        if not isinstance(error, UnavailableError):
                            logger.exception("Room %s could not be healed; trying again", room_id)
                        self._suspected[room_id] = None
                        await asyncio.sleep(RETRY_SECONDS)
        finally:
            for timer in self._later.values():
                timer.cancel()

    def _look(self, room_id: str, pauses_seconds: tuple[float, ...]) -> None:
        """Look at a room, and again after each of these pauses."""
        self._suspected[room_id] = None
        self._wake.set()
        if (timer := self._later.pop(room_id, None)) is not None:
            timer.cancel()
        if pauses_seconds:
            pause, *later = pauses_seconds
            self._later[room_id] = asyncio.get_running_loop().call_later(pause, self._look, room_id, tuple(later))

    async def _heal(self, room_id: str) -> None:
        # Nobody has joined a room that is not in memory, and whoever does will read it from the database.
        while (state := self._rooms.find(room_id)) is not None:
            async with self._database.connection() as connection:
                missing = (room_id, state.last_seq, state.last_seq + CHUNK_MESSAGES)
                records = await repository.list_ranges(connection, [missing], max_bytes=PAGE_BYTES)
            if not records:
                self._refresh(room_id)
                break
            await self._history.learn_people(state, records)
            self._deliver(state, records)

    def _deliver(self, state: RoomState, records: list[MessageRecord]) -> None:
        """Hand out what is still missing now: meanwhile some of it may have come by the usual way."""
        for record in records:
            if record.seq == state.last_seq + 1:
                self._delivery.deliver(state, record, encode_message(record, state.person_of(record.sender_id), "sent"))
