"""What other nodes tell of rooms, in the order in which it came, also of rooms that have to be read first."""

import logging
from collections.abc import Callable, Collection
from typing import TypeAlias

from hyred_chat.backlog import Backlog
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.state import RoomState

logger = logging.getLogger(__name__)

# Rooms that are read in one statement.
BATCH_ROOMS = 100
# What may wait for rooms to be read, of all rooms together.
MAX_WAITING = 20_000


# Something to do with a room in memory. It may have been read after what it is about, and know it already.
Act: TypeAlias = Callable[[RoomState], None]


class Inbox:
    """Acts on rooms in memory at once, and on others after they were read.

    Args:
        on_overflow: called when too much waits and is forgotten: it has to be found in the database.
    """

    def __init__(self, rooms: RoomCache, *, on_overflow: Callable[[], None]) -> None:
        self._rooms = rooms
        self._on_overflow = on_overflow
        self._waiting: dict[str, list[Act]] = {}
        self._count = 0
        self._unread = Backlog[str, None](
            self._read, complaint="Rooms that another node told of could not be read", batch_size=BATCH_ROOMS
        )

    def put(self, room_id: str, act: Act) -> None:
        """Act on a room, after everything that came before for it."""
        if (waiting := self._waiting.get(room_id)) is not None:
            waiting.append(act)
        elif (state := self._rooms.find(room_id)) is not None:
            act(state)
            return
        else:
            self._waiting[room_id] = [act]
            self._unread.add(room_id, None)
        self._count += 1
        if self._count > MAX_WAITING:
            self._waiting.clear()
            self._unread.clear()
            self._count = 0
            self._on_overflow()

    async def run(self) -> None:
        """Read rooms, until cancelled."""
        await self._unread.run()

    async def _read(self, room_ids: Collection[str]) -> None:
        states = await self._rooms.get_many(room_ids)
        for room_id in room_ids:
            self._act(states.get(room_id), self._waiting.pop(room_id, []))

    def _act(self, state: RoomState | None, acts: list[Act]) -> None:
        self._count -= len(acts)
        if state is None:  # it was deleted meanwhile
            return
        for act in acts:
            try:
                act(state)
            except Exception:
                logger.exception("What another node told of room %s could not be done", state.id)
