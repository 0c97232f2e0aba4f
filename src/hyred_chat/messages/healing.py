"""Rooms of which the database may know more than this node: compared with it, and what is missing handed out late.

That happens when the connection broke while something was being committed, and nobody could tell whoever asked for it
what became of it. Such a room is looked at once the database answers, and again when whatever was under way must have
come to its end. And a message that does not follow the one before it is not handed out by itself, but with all that is
missing in front of it.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hyred_chat.backlog import Backlog
from hyred_chat.db.connecting import STATEMENT_TIMEOUT_SECONDS
from hyred_chat.db.pool import Connection, Database
from hyred_chat.messages import change_repository, repository
from hyred_chat.messages.change_delivery import ChangeDelivery
from hyred_chat.messages.change_repository import Stretch
from hyred_chat.messages.delivery import Delivery
from hyred_chat.messages.history import History
from hyred_chat.messages.hold import ChangeHold, Hold
from hyred_chat.messages.records import MessageRecord, encode_message
from hyred_chat.pages import PAGE_BYTES
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.state import RoomState

logger = logging.getLogger(__name__)

# Rooms that are read in one statement, and messages of all of them together.
BATCH_ROOMS = 100
CHUNK_MESSAGES = 500
RETRY_SECONDS = 0.5
# Larger than any.
MAX_SEQ = 2**62
# A statement whose connection is given up ends soon (db/connecting.py), at the latest by its timeout.
LATER_LOOKS_SECONDS = (2.0, float(STATEMENT_TIMEOUT_SECONDS))


class Healing:
    """Rooms that may have missed something. Bounded by the rooms in memory; one statement for many, one at a time.

    Args:
        refresh: has everything but messages read again, with what follows: members, looks, positions.

    Attributes:
        hold: takes every message that is to be handed out.
        change_hold: takes every change that is.
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
        changes: ChangeDelivery,
        *,
        refresh: Callable[[str], None],
    ) -> None:
        self.looks = self.gaps = self.healed = 0
        self._database = database
        self._rooms = rooms
        self._history = history
        self.hold = Hold(rooms.find, delivery.deliver, self.catch_up)
        self.change_hold = ChangeHold(rooms.find, changes.deliver, self.catch_up)
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
        """Messages or changes are known to be missing: they are handed out before any room that is merely suspected."""
        self.gaps += 1
        self._suspected.add_first(room_id, None)

    async def reach(self, state: RoomState, seq: int, change: int = 0) -> None:
        """Somebody has the room up to these, from another node or from the database: hand out what is missing here.

        Returns when this node has come that far, or to the end. Raises `UnavailableError`.
        """
        before = -1, -1
        while before != (state.last_seq, state.last_change) and (state.last_seq < seq or state.last_change < change):
            before = state.last_seq, state.last_change
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
            changes = await _read_changes(connection, states)
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
            is_whole = place < cut and len(found) < share and await self._hand_out_changes(state, changes)
            if is_whole or (found and not self._rooms.is_pinned(state.id)):
                self._refresh(state.id)
            else:
                self._suspected.add(state.id, None)

    async def _hand_out_changes(self, state: RoomState, changes: "_Changes") -> bool:
        """Hand out the changes that are still missing, of messages that were all handed out; whether these are all."""
        found = changes.by_room.get(state.id, [])
        await self._history.learn_people(state, found)
        for record in found:
            self.change_hold.skip_to(record)
        if state.id == changes.cut_room_id:
            return False
        # The newest of all may have been overtaken by one that is not stored yet, and comes by itself.
        state.last_change = max(state.last_change, changes.last.get(state.id, 0))
        self.change_hold.release(state)
        return True

    def _hand_out(self, state: RoomState, records: list[MessageRecord]) -> bool:
        """Hand out what is still missing now: some of it may have come by the usual way. Whether the room advanced."""
        before = state.last_seq
        for stored in records:
            record = state.put_into_words(stored)
            self.hold.receive(record, encode_message(record, state.person_of(record.sender_id), "sent"))
        self.healed += state.last_seq - before
        return state.last_seq >= records[0].seq


def _bytes_of(record: MessageRecord) -> int:
    return len(record.content.encode()) + len((record.metadata or "").encode())


@dataclass(frozen=True, slots=True)
class _Changes:
    """What was read of changes that rooms are missing: of the first rooms all, of the one that is cut the first."""

    by_room: dict[str, list[MessageRecord]]
    last: dict[str, int]
    cut_room_id: str | None


async def _read_changes(connection: Connection, states: Sequence[RoomState]) -> _Changes:
    """The changes that rooms are missing, each as the present state of a message; three statements at most."""
    last = await change_repository.list_last_changes(connection, [state.id for state in states])
    stretches = [
        Stretch(state.id, state.last_change, last[state.id], MAX_SEQ)
        for state in states
        if state.last_change < last.get(state.id, 0)
    ]
    by_room: dict[str, list[MessageRecord]] = defaultdict(list)
    if not stretches:
        return _Changes(by_room, last, None)
    records = await change_repository.list_changed(connection, stretches, limit=CHUNK_MESSAGES)
    await change_repository.learn_reactors(connection, records)
    for record in records:
        by_room[record.room_id].append(record)
    if len(records) < CHUNK_MESSAGES:
        return _Changes(by_room, last, None)
    cut_room_id = records[-1].room_id
    ids = [stretch.room_id for stretch in stretches]
    for room_id in ids[ids.index(cut_room_id) + 1 :]:
        del last[room_id]  # nothing is known of those behind
    return _Changes(by_room, last, cut_room_id)
