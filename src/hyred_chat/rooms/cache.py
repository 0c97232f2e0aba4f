"""The rooms that this node holds in memory, bounded, each loaded once however many ask."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection

from hyred_chat.db.pool import Database
from hyred_chat.rooms import repository
from hyred_chat.rooms.state import RoomState

DEFAULT_CAPACITY = 50_000


class RoomCache:
    """`RoomState`s by id. A room whose sockets are here is never evicted: its state says what they were sent.

    Args:
        database: where rooms are loaded from.
        is_pinned: whether a room must stay.
        capacity: how many rooms to hold before the least recently used ones go.
    """

    def __init__(
        self, database: Database, *, is_pinned: Callable[[str], bool], capacity: int = DEFAULT_CAPACITY
    ) -> None:
        self._database = database
        self._is_pinned = is_pinned
        self._capacity = capacity
        self._states: OrderedDict[str, RoomState] = OrderedDict()
        self._loading: dict[str, asyncio.Task[dict[str, RoomState]]] = {}

    def find(self, room_id: str) -> RoomState | None:
        """The room if it is in memory."""
        return self._states.get(room_id)

    async def get_many(self, room_ids: Collection[str]) -> dict[str, RoomState]:
        """The rooms that exist, by id; at most one statement, shared by all who ask for the same at once."""
        missing = [room_id for room_id in room_ids if room_id not in self._states]
        if missing:
            await self._load(missing)
        found = {}
        for room_id in room_ids:
            if (state := self._states.get(room_id)) is not None:
                self._states.move_to_end(room_id)
                found[room_id] = state
        self._evict()
        return found

    async def refresh(self, room_id: str) -> RoomState | None:
        """Read a room again after it was changed from outside; what was delivered stays as it is known here."""
        async with self._database.connection() as connection:
            fresh = (await repository.load_states(connection, [room_id])).get(room_id)
        known = self._states.get(room_id)
        if fresh is None:
            self._states.pop(room_id, None)
        elif known is not None:
            known.take_over(fresh)
            return known
        return fresh

    def list_rooms_of(self, user_id: str) -> list[str]:
        """The ids of the rooms in memory that somebody is in."""
        return [room_id for room_id, state in self._states.items() if user_id in state.members]

    async def _load(self, room_ids: list[str]) -> None:
        fresh = [room_id for room_id in room_ids if room_id not in self._loading]
        waiting = {self._loading[room_id] for room_id in room_ids if room_id in self._loading}
        if fresh:
            # A task of its own, so that one waiter's cancellation does not take the others along.
            task = asyncio.create_task(self._fetch(fresh))
            waiting.add(task)
            self._loading.update(dict.fromkeys(fresh, task))
        for task in waiting:
            await asyncio.shield(task)

    async def _fetch(self, room_ids: list[str]) -> dict[str, RoomState]:
        try:
            async with self._database.connection() as connection:
                states = await repository.load_states(connection, room_ids)
            self._states.update(states)
            return states
        finally:
            for room_id in room_ids:
                del self._loading[room_id]

    def _evict(self) -> None:
        for room_id in list(self._states)[: max(0, len(self._states) - self._capacity)]:
            if not self._is_pinned(room_id):
                del self._states[room_id]
