"""The rooms that this node holds in memory, bounded, each loaded once however many ask."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection
from itertools import islice

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
        self._stale: set[str] = set()
        self._loading: dict[str, asyncio.Task[None]] = {}

    def find(self, room_id: str) -> RoomState | None:
        """The room if it is in memory."""
        return self._states.get(room_id)

    async def get_many(self, room_ids: Collection[str]) -> dict[str, RoomState]:
        """The rooms that exist, by id; at most one statement, shared by all who ask for the same at once."""
        wanted = [room_id for room_id in room_ids if room_id not in self._states or self._is_outdated(room_id)]
        while wanted:
            await self._load(wanted)
            # A room that changed while it was being read is read again.
            wanted = [room_id for room_id in wanted if room_id in self._stale]
        found = {}
        for room_id in room_ids:
            if (state := self._states.get(room_id)) is not None:
                self._states.move_to_end(room_id)
                found[room_id] = state
        self._evict()
        return found

    def invalidate(self, room_id: str) -> None:
        """Have a room read again by whoever wants it next: it was changed from outside."""
        if room_id in self._states or room_id in self._loading:
            self._stale.add(room_id)

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

    async def _fetch(self, room_ids: list[str]) -> None:
        self._stale.difference_update(room_ids)
        try:
            async with self._database.connection() as connection:
                states = await repository.load_states(connection, room_ids)
        except BaseException:
            self._stale.update(room_id for room_id in room_ids if room_id in self._states)
            raise
        else:
            self._keep(room_ids, states)
        finally:
            for room_id in room_ids:
                del self._loading[room_id]

    def _is_outdated(self, room_id: str) -> bool:
        return room_id in self._stale or room_id in self._loading

    def _keep(self, room_ids: list[str], states: dict[str, RoomState]) -> None:
        for room_id in room_ids:
            fresh, known = states.get(room_id), self._states.get(room_id)
            if fresh is None:
                self._states.pop(room_id, None)
            elif known is None:
                self._states[room_id] = fresh
            elif room_id not in self._stale:  # else it is read once more, and this may be from before the change
                known.take_over(fresh)

    def _evict(self) -> None:
        excess = len(self._states) - self._capacity
        if excess <= 0:
            return
        for room_id in list(islice(self._states, excess)):
            if self._is_pinned(room_id):
                self._states.move_to_end(room_id)  # so that the next look is at others
            else:
                del self._states[room_id]
                self._stale.discard(room_id)
