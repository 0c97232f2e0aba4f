"""Rooms of which the database may know more than this node: compared with it, and what is missing handed out late.

That happens when the connection broke while something was being committed, and nobody could tell whoever asked for it
what became of it. Such a room is looked at once the database answers, and again when whatever was under way must have
come to its end. And a message that does not follow the one before it is not handed out by itself, but with all that is
missing in front of it.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable

from hyred_chat.backlog import Backlog
from hyred_chat.db.connecting import STATEMENT_TIMEOUT_SECONDS
from hyred_chat.db.pool import Database
from hyred_chat.messages import repository
from hyred_chat.messages.delivery import Delivery
from hyred_chat.messages.history import History
from hyred_chat.messages.hold import Hold
from hyred_chat.messages.records import MessageRecord, encode_message
from hyred_chat.pages import PAGE_BYTES
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.state import RoomState

logger = logging.getLogger(__name__)

# Rooms that are read in one statement, and messages of all of them together.
BATCH_ROOMS = 100
CHUNK_MESSAGES = 500
RETRY_SECONDS = 0.5
# A statement whose connection is given up ends soon (db/connecting.py), at the latest by its timeout.
LATER_LOOKS_SECONDS = (2.0, float(STATEMENT_TIMEOUT_SECONDS))


class Healing:
    """Rooms that may have missed something. Bounded by the rooms in memory; one statement for many, one at a time.

    Args:
        refresh: has everything but messages read again, with what follows: members, looks, positions.

    Attributes:
        hold: takes every message that is to be handed out.
        looks: how often a room was compared with the database.
        gaps: how often messages were missing that did not come by themselves.
        healed: messages that were handed out late.
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
        self.looks = self.gaps = self.healed = 0
        self._database = database
        self._rooms = rooms
        self._history = history
        self.hold = Hold(rooms.find, delivery.deliver, self.catch_up)
        self._refresh = refresh
        self._suspected = Backlog[str, None](self._heal, complaint="Rooms could not be healed", batch_size=BATCH_ROOMS)
        self._later: dict[str, asyncio.TimerHandle] = {}

    @property
    def waiting_count(self) -> int:
        """How many rooms are to be looked at now."""
        return len(self._suspected)

    def suspect(self, room_id: str) -> None:
        """It is not known what became of something in this room: compare it with the database, now and later."""
        if self._rooms.find(room_id) is not None:  # else whoever wants it next reads it from the database
            self._look(room_id, LATER_LOOKS_SECONDS)

    def catch_up(self, room_id: str) -> None:
        """Messages are known to be missing: they are handed out before any room that is merely suspected."""
        self.gaps += 1
        self._suspected.add_first(room_id, None)

    async def reach(self, state: RoomState, seq: int) -> None:
        """Somebody has the room up to `seq`, from another node or from the database: hand out what is missing here.

        Returns when this node has come that far, or to the end. Raises `UnavailableError`.
        """
        before = -1
        while before < state.last_seq < seq:
            before = state.last_seq
            await self._heal([state.id])

    async def run(self) -> None:
        """Heal rooms, until cancelled."""
        try:
            await self._suspected.run()
        finally:
            for timer in self._later.values():
                timer.cancel()

    def _look(self, room_id: str, pauses_seconds: tuple[float, ...]) -> None:
        """Look at a room, and again after each of these pauses."""
        self._suspected.add(room_id, None)
        self._look_after(pauses_seconds, room_id)

    def _look_after(self, pauses_seconds: tuple[float, ...], room_id: str) -> None:
        """Look at a room after these pauses, and not when it was to be looked at before."""
        if (timer := self._later.pop(room_id, None)) is not None:
            timer.cancel()
        if pauses_seconds:
            pause, *later = pauses_seconds
            self._later[room_id] = asyncio.get_running_loop().call_later(pause, self._look, room_id, tuple(later))

    async def _heal(self, room_ids: Iterable[str]) -> None:
        """Hand out the first messages that each room is missing; look again at rooms that may miss more."""
        # Nobody has joined a room that is not in memory, and whoever does will read it from the database.
        states = [state for room_id in room_ids if (state := self._rooms.find(room_id)) is not None]
        if not states:
            return
        self.looks += len(states)
        share = max(1, CHUNK_MESSAGES // len(states))
        ranges = [(state.id, state.last_seq, state.last_seq + share) for state in states]
        async with self._database.connection() as connection:
            records = await repository.list_ranges(connection, ranges, max_bytes=PAGE_BYTES)
        missing: dict[str, list[MessageRecord]] = defaultdict(list)
        for record in records:
            missing[record.room_id].append(record)
        # What is read ends where it gets too long: perhaps within this room, and nothing is known of those behind it.
        is_whole = sum(map(_bytes_of, records)) < PAGE_BYTES
        cut = len(states) if is_whole else [state.id for state in states].index(records[-1].room_id)
        for place, state in enumerate(states):
            if found := missing[state.id]:
                await self._history.learn_people(state, found)
                if not self._hand_out(state, found):
                    logger.error("Message %d of room %s cannot be handed out", found[0].seq, state.id)
                    self._look_after((RETRY_SECONDS,), state.id)
                    continue
            # Where nobody has joined, the newest messages stand for all: with what follows, the others are skipped.
            if (place < cut and len(found) < share) or (found and not self._rooms.is_pinned(state.id)):
                self._refresh(state.id)
            else:
                self._suspected.add(state.id, None)

    def _hand_out(self, state: RoomState, records: list[MessageRecord]) -> bool:
        """Hand out what is still missing now: some of it may have come by the usual way. Whether the room advanced."""
        before = state.last_seq
        for record in records:
            self.hold.receive(record, encode_message(record, state.person_of(record.sender_id), "sent"))
        self.healed += state.last_seq - before
        return state.last_seq >= records[0].seq


def _bytes_of(record: MessageRecord) -> int:
    return len(record.content.encode()) + len((record.metadata or "").encode())
