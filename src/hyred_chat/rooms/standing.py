"""What members have made of a room for themselves alone: archived, marked as unread, muted.

Nobody else sees it. The person's other sockets do, here at once and elsewhere by an event of the room.
"""

from collections.abc import Callable
from typing import TypeAlias

from hyred_chat.db.pool import Database
from hyred_chat.errors import AccessDeniedError
from hyred_chat.rooms import repository
from hyred_chat.rooms.announcements import Announcements
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.state import NO_ACCESS, RoomState

Listener: TypeAlias = Callable[[], None]


class Standing:
    """Rooms as their members have put them.

    Attributes:
        on_change: called after a change was committed.
    """

    def __init__(self, database: Database, cache: RoomCache, announcements: Announcements) -> None:
        self.on_change: list[Listener] = []
        self._database = database
        self._cache = cache
        self._announcements = announcements

    async def archive(self, user_id: str, room_id: str, *, archived: bool, seq: int | None = None) -> RoomState:
        """Archive a room until something comes that its member has not muted, or bring it back.

        Args:
            seq: the newest message that the member knew of. What came after it brings the room back. None: all did.

        Raises:
            AccessDeniedError: they are not a member.
        """
        async with self._database.connection(writes=f"room {room_id}") as connection:
            is_member = await repository.archive(connection, room_id, user_id, archived=archived, seq=seq)
        if not is_member:
            raise AccessDeniedError(NO_ACCESS)
        return await self.tell(user_id, room_id)

    async def mark_unread(self, user_id: str, room_id: str, *, unread: bool) -> RoomState:
        """Mark a room as unread until its member reads or writes there, or take the mark away.

        Raises:
            AccessDeniedError: they are not a member.
        """
        async with self._database.connection(writes=f"room {room_id}") as connection:
            is_member = await repository.mark_unread(connection, room_id, user_id, unread=unread)
        if not is_member:
            raise AccessDeniedError(NO_ACCESS)
        return await self.tell(user_id, room_id)

    async def tell(self, user_id: str, room_id: str) -> RoomState:
        """Have the member's sockets see what was committed: what has changed of a room in memory is told by reading it.

        At most one statement.

        Raises:
            AccessDeniedError: they are no member any more.
        """
        was_known = self._cache.find(room_id) is not None
        self._cache.invalidate(room_id)
        for listener in self.on_change:
            listener()
        state = (await self._cache.get_many([room_id])).get(room_id)
        if state is None or user_id not in state.members:
            raise AccessDeniedError(NO_ACCESS)
        if not was_known:
            self._announcements.announce_to(state, user_id)
        return state
