"""What provisioning does to the sockets of this node: who was put out is out at once, who stays sees the change."""

import operator
from collections.abc import Callable, Collection, Mapping

from hyred_chat.accounts.changes import UserChange
from hyred_chat.administration.room_service import RoomChange
from hyred_chat.backlog import Backlog
from hyred_chat.db.people import ERASED_NAME
from hyred_chat.realtime.connections import connection_of
from hyred_chat.realtime.hub import Hub
from hyred_chat.rooms.announcements import Announcements
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.membership import Membership
from hyred_chat.rooms.state import RoomState

# Rooms that are read in one statement.
BATCH_ROOMS = 100


class LiveChanges:
    """Listens to provisioning. The rooms to be read again are bounded by the rooms in memory.

    Args:
        on_pair_change: called with two people who are kept apart now, or are no more.
    """

    def __init__(
        self,
        cache: RoomCache,
        hub: Hub,
        membership: Membership,
        announcements: Announcements,
        *,
        on_pair_change: Callable[[str, str], None],
    ) -> None:
        self._cache = cache
        self._hub = hub
        self._membership = membership
        self._announcements = announcements
        self._on_pair_change = on_pair_change
        # In the order in which they changed, each once; False where it is not known whether they have.
        self._changed = Backlog[str, bool](
            self._read_again,
            complaint="Changed rooms could not be read",
            batch_size=BATCH_ROOMS,
            merge=operator.or_,
        )

    def on_room_change(self, change: RoomChange) -> None:
        """Put out who is no member any more, and have the room read again."""
        for user_id in change.removed_user_ids:
            self._cache.remove_member(change.room_id, user_id)
            for socket in list(self._hub.sockets_of(user_id)):
                if change.room_id in socket.rooms:
                    self._membership.put_out(connection_of(socket), change.room_id)
        self._refresh(change.room_id)
        for pair in change.pairs:
            self._on_pair_change(*pair)

    def on_user_change(self, change: UserChange) -> None:
        """Have the rooms of somebody who changed read again, so that they show under their new name."""
        if change.user.name == ERASED_NAME:  # it is rare, and has to hold everywhere
            self._cache.forget_former_member(change.user.id)
        for room_id in self._cache.list_rooms_of(change.user.id):
            self.refresh(room_id)

    def refresh(self, room_id: str) -> None:
        """Have a room read again that may have changed."""
        self._refresh(room_id, is_changed=False)

    def put_out_strangers(self, state: RoomState) -> None:
        """Put out whoever joined in the moment of their removal, or was removed by another process."""
        for socket in list(self._hub.sockets_in(state.id)):
            if connection_of(socket).user.id not in state.members:
                self._membership.put_out(connection_of(socket), state.id)

    async def review_pairs(self, room_ids: Collection[str]) -> None:
        """Read rooms again whose two people were kept apart, or are no more, and have the two told; one statement.

        Of a room in memory they are told what has changed (`RoomCache.on_change`), and of any other everything.
        """
        unknown = {room_id for room_id in room_ids if self._cache.find(room_id) is None}
        for room_id in room_ids:
            self._cache.invalidate(room_id)
        for room_id, state in (await self._cache.get_many(room_ids)).items():
            if room_id not in unknown:
                continue
            self._announcements.announce(state)
            if (pair := state.pair) is not None:
                self._on_pair_change(*pair)

    async def run(self) -> None:
        """Read changed rooms again and announce them, until cancelled."""
        await self._changed.run()

    async def _read_again(self, batch: Mapping[str, bool]) -> None:
        """Announce rooms that have changed, and those that were not in memory; one statement."""
        known = {room_id for room_id in batch if self._cache.find(room_id) is not None}
        for room_id, state in (await self._cache.get_many(batch)).items():
            self.put_out_strangers(state)
            if batch[room_id] or room_id not in known:
                self._announcements.announce(state)

    def _refresh(self, room_id: str, *, is_changed: bool = True) -> None:
        self._cache.invalidate(room_id)
        self._changed.add(room_id, is_changed)
