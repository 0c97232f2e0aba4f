"""The rooms that this node holds in memory, bounded, each loaded once however many ask."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice

from hyred_chat.db.pool import Connection, Database
from hyred_chat.rooms import repository
from hyred_chat.rooms.state import Rise, RoomState

# About what all rooms in memory take; 50,000 rooms of two, or 200 groups of a thousand.
MAX_BYTES = 128_000_000
# Rooms that are looked at for eviction each time, besides one for each that was asked for.
EVICTION_LOOKS = 16


class RoomCache:
    """`RoomState`s by id. A room whose sockets are here is never evicted: its state says what they were sent.

    A room is true to the database while one of its members is here: what other nodes change is told, or found by the
    sweep (`rooms/sweep.py`). Any other room is read again whenever somebody wants it.

    Args:
        database: where rooms are loaded from.
        is_pinned: whether a room must stay, because its sockets are here.
        is_watched: whether one of these people is here.
        max_bytes: how much to hold (`RoomState.weight_bytes`) before the least recently used ones go.

    Attributes:
        horizon: the oldest transaction whose changes of rooms may be unknown here.
        on_ahead: called when the database turns out to know of positions further than this node's: members have read
            or received something that nobody here has been told of.
        on_behind: called with the id of a pinned room and the newest seq in the database, when that is further: its
            sockets have not been sent all there is.
        on_changes_behind: likewise with the number of the newest change.
        on_read: called with every room that was read from the database.
        on_change: called with a room that has been read again and looks different now, or whose messages were further
            in the database: nobody had joined it, and they are skipped.
        on_own_change: called with a room that has been read again, and the id of a member for whom alone it looks
            different now.
        on_pair_change: called with the two people of a room in which they may see of one another, now, what they could
            not see before, or no more what they could.
    """

    def __init__(
        self,
        database: Database,
        *,
        is_pinned: Callable[[str], bool],
        is_watched: Callable[[Iterable[str]], bool],
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._database = database
        self.is_pinned = is_pinned
        self._is_watched = is_watched
        self._max_bytes = max_bytes
        self._weights: dict[str, int] = {}
        self._bytes = 0
        self._states: OrderedDict[str, RoomState] = OrderedDict()
        self._by_member: dict[str, set[str]] = {}
        self._stale: set[str] = set()
        self._loading: dict[str, asyncio.Task[None]] = {}
        # How many readings of a room are under way: the shared one, and those over connections of their own.
        self._readings: Counter[str] = Counter()
        self.horizon = 0
        self.on_ahead: Callable[[RoomState, Sequence[Rise]], None] | None = None
        self.on_behind: Callable[[str, int], None] | None = None
        self.on_changes_behind: Callable[[str, int], None] | None = None
        self.on_read: list[Callable[[RoomState], None]] = []
        self.on_change: list[Callable[[RoomState], None]] = []
        self.on_own_change: list[Callable[[RoomState, str], None]] = []
        self.on_pair_change: Callable[[str, str], None] | None = None

    @property
    def room_count(self) -> int:
        """How many rooms are in memory."""
        return len(self._states)

    @property
    def byte_count(self) -> int:
        """What they take, about."""
        return self._bytes

    def find(self, room_id: str) -> RoomState | None:
        """The room if it is in memory."""
        return self._states.get(room_id)

    async def get_many(self, room_ids: Collection[str]) -> dict[str, RoomState]:
        """The rooms that exist, by id; at most one statement, shared by all who ask for the same at once."""
        wanted = [room_id for room_id in room_ids if self._is_outdated(room_id) or not self._is_warm(room_id)]
        while wanted:
            await self._load(wanted)
            # A room that changed while it was being read is read again.
            wanted = [room_id for room_id in wanted if room_id in self._stale]
        return self._use(room_ids)

    async def load_over(self, connection: Connection, room_ids: Collection[str]) -> None:
        """Have rooms in memory, read over the caller's own connection: others' readings are not waited for."""
        # As `_is_outdated`, without a call for each message.
        wanted = [
            room_id
            for room_id in room_ids
            if room_id not in self._states or room_id in self._stale or room_id in self._loading
        ]
        if wanted:
            # A room that nobody watches will do as it is: there is nobody to hand anything out to.
            await self._read(connection, wanted)
        self._use(room_ids)

    async def read_over(self, connection: Connection, room_ids: list[str]) -> dict[str, RoomState]:
        """Rooms as the database has them now, read over the caller's own connection, for the cache to learn from.

        What is returned is not what is in memory: a room there stays at the message that its sockets were sent.
        """
        return await self._read(connection, room_ids)

    def is_behind(self, room_id: str, seq: int, change: int) -> bool:
        """Whether a room in memory does not have the message `seq` yet, or the change of this number."""
        state = self._states.get(room_id)
        return state is not None and (state.last_seq < seq or state.last_change < change)

    def distrust(self, user_id: str) -> None:
        """Somebody comes here: the rooms of which nobody was here are read again by whoever wants them next."""
        for room_id in self._by_member.get(user_id, ()):
            if not self._is_warm(room_id):
                self._stale.add(room_id)

    def invalidate(self, room_id: str) -> None:
        """Have a room read again by whoever wants it next: it was changed from outside."""
        if room_id in self._states or room_id in self._readings:
            self._stale.add(room_id)

    def invalidate_all(self) -> None:
        """Have every room read again: anything may have changed."""
        self._stale.update(self._states, self._readings)

    def list_rooms_of(self, user_id: str) -> list[str]:
        """The ids of the rooms in memory that somebody is in, in no order."""
        return list(self._by_member.get(user_id, ()))

    def is_barred(self, room_id: str) -> bool:
        """Whether a room's two people are kept apart, as far as is known here."""
        state = self._states.get(room_id)
        return state is not None and state.is_barred

    def members_of(self, room_id: str) -> Collection[str]:
        """The ids of a room's members; nobody when it is not in memory."""
        state = self._states.get(room_id)
        return () if state is None else state.members.keys()

    def remove_member(self, room_id: str, user_id: str) -> None:
        """Somebody was put out of a room: here they are out at once, before it is read again."""
        state = self._states.get(room_id)
        if state is not None and user_id in state.members:
            state.remove_member(user_id)
            self._unlist(room_id, [user_id])

    def forget_former_member(self, user_id: str) -> None:
        """Have somebody read again who wrote in rooms that they have left since. Looks at all rooms in memory."""
        for state in self._states.values():
            state.former_members.pop(user_id, None)

    def _use(self, room_ids: Collection[str]) -> dict[str, RoomState]:
        found = {}
        for room_id in room_ids:
            if (state := self._states.get(room_id)) is not None:
                self._states.move_to_end(room_id)
                weight_bytes = state.weight_bytes  # its newest message and its people may be others by now
                self._bytes += weight_bytes - self._weights.get(room_id, 0)
                self._weights[room_id] = weight_bytes
                found[room_id] = state
        if self._bytes > self._max_bytes:
            self._evict(looks=EVICTION_LOOKS + len(found))
        return found

    async def _load(self, room_ids: list[str]) -> None:
        fresh = [room_id for room_id in room_ids if room_id not in self._loading]
        waiting = {self._loading[room_id] for room_id in room_ids if room_id in self._loading}
        if fresh:
            # A task of its own, so that one waiter's cancellation does not take the others along.
            task = asyncio.create_task(self._fetch(fresh))
            task.add_done_callback(_take_exception)
            waiting.add(task)
            self._loading.update(dict.fromkeys(fresh, task))
        for task in waiting:
            await asyncio.shield(task)

    async def _fetch(self, room_ids: list[str]) -> None:
        try:
            async with self._database.connection() as connection:
                await self._read(connection, room_ids)
        finally:
            for room_id in room_ids:
                del self._loading[room_id]

    async def _read(self, connection: Connection, room_ids: list[str]) -> dict[str, RoomState]:
        # What another reading may have read before the change is still to be read again.
        self._stale.difference_update(room_id for room_id in room_ids if not self._readings[room_id])
        self._readings.update(room_ids)
        try:
            states = await repository.load_states(connection, room_ids)
        except BaseException:
            self._stale.update(room_id for room_id in room_ids if room_id in self._states)
            raise
        else:
            self._keep(room_ids, states)
            return states
        finally:
            for room_id in room_ids:
                self._readings[room_id] -= 1
                if not self._readings[room_id]:
                    del self._readings[room_id]

    def _is_warm(self, room_id: str) -> bool:
        """Whether a room is in memory, and one of its members here."""
        state = self._states.get(room_id)
        return state is not None and self._is_watched(state.members)

    def _is_outdated(self, room_id: str) -> bool:
        return room_id in self._stale or room_id in self._loading

    def _keep(self, room_ids: list[str], states: dict[str, RoomState]) -> None:
        for room_id in room_ids:
            fresh, known = states.get(room_id), self._states.get(room_id)
            if fresh is None:
                self._drop(room_id)
            elif known is None:
                self._states[room_id] = fresh
                self._list(room_id, fresh.members)
                self._tell_of(fresh)
            elif room_id not in self._stale:  # else it is read once more, and this may be from before the change
                self._unlist(room_id, known.members.keys() - fresh.members.keys())
                self._learn(known, fresh)
                self._list(room_id, known.members)
                self._tell_of(known)

    def _learn(self, known: RoomState, fresh: RoomState) -> None:
        """Bring a room in memory up to what was read, and tell of it."""
        showed_presence, looked, own = known.shows_presence, known.looks(), known.own_looks()
        rises = known.take_over(fresh)
        if rises and self.on_ahead is not None:
            self.on_ahead(known, rises)
        is_behind = fresh.last_seq > known.last_seq or fresh.last_change > known.last_change
        is_pinned = self.is_pinned(known.id)
        if is_behind and not is_pinned:
            known.skip_to(fresh)
        elif is_behind:
            self._tell_behind(fresh)
        if known.looks() != looked or (is_behind and not is_pinned):
            for listener in self.on_change:
                listener(known)
        fresh_own = known.own_looks()
        for user_id in (own.keys() | fresh_own.keys()) & known.members.keys():
            if own.get(user_id) != fresh_own.get(user_id):
                for own_listener in self.on_own_change:
                    own_listener(known, user_id)
        pair = known.pair
        if known.shows_presence != showed_presence and pair is not None and self.on_pair_change is not None:
            self.on_pair_change(*pair)

    def _tell_behind(self, fresh: RoomState) -> None:
        if self.on_behind is not None:
            self.on_behind(fresh.id, fresh.last_seq)
        if self.on_changes_behind is not None:
            self.on_changes_behind(fresh.id, fresh.last_change)

    def _tell_of(self, state: RoomState) -> None:
        for listener in self.on_read:
            listener(state)

    def _evict(self, *, looks: int) -> None:
        for room_id in list(islice(self._states, looks)):
            if self._bytes <= self._max_bytes:
                return
            if self.is_pinned(room_id):
                self._states.move_to_end(room_id)  # so that the next look is at others
            else:
                self._drop(room_id)
                self._stale.discard(room_id)

    def _drop(self, room_id: str) -> None:
        if (state := self._states.pop(room_id, None)) is not None:
            self._unlist(room_id, state.members)
            self._bytes -= self._weights.pop(room_id, 0)

    def _list(self, room_id: str, user_ids: Iterable[str]) -> None:
        for user_id in user_ids:
            self._by_member.setdefault(user_id, set()).add(room_id)

    def _unlist(self, room_id: str, user_ids: Iterable[str]) -> None:
        for user_id in user_ids:
            rooms = self._by_member[user_id]
            rooms.discard(room_id)
            if not rooms:
                del self._by_member[user_id]


def _take_exception(task: asyncio.Task[None]) -> None:
    """Whoever waited was told, unless all of them have gone."""
    if not task.cancelled():
        task.exception()
