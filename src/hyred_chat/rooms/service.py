"""The rules of rooms: who may enter, how a pair finds its one room, how a member's rooms are listed."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import orjson

from hyred_chat.accounts.pairs import pair_key
from hyred_chat.accounts.schemas import User
from hyred_chat.accounts.service import Accounts
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import (
    AccessDeniedError,
    BadRequestError,
    NotFoundError,
    RateLimitedError,
    RoomBlockedError,
    SelfChatError,
)
from hyred_chat.ids import new_id
from hyred_chat.pages import PAGE_BYTES, decode_cursor, encode_cursor, take_page
from hyred_chat.rooms import apart, repository
from hyred_chat.rooms.cache import RoomCache
from hyred_chat.rooms.schemas import CreateRoom, RoomFilter
from hyred_chat.rooms.state import NO_ACCESS, RoomState

# With the longest ids, as much as a page holds.
MAX_UNREAD_ROOMS = 2000


@dataclass(frozen=True, slots=True)
class RoomPage:
    """Rooms as JSON, and the cursor of the page after, or None."""

    rooms: list[orjson.Fragment]
    next_cursor: str | None


class Rooms:
    """Rooms, through this node's cache.

    Args:
        new_rooms_per_hour: how many rooms people who are no admins may open with others who are none. 0: no limit.

    Attributes:
        on_open: called after somebody has opened a room, or has had one listed again, and it was committed.
    """

    def __init__(
        self, database: Database, accounts: Accounts, cache: RoomCache, *, new_rooms_per_hour: int = 0
    ) -> None:
        self.on_open: list[Callable[[], None]] = []
        self._database = database
        self._accounts = accounts
        self._cache = cache
        self._new_rooms_per_hour = new_rooms_per_hour

    async def get_for_member(self, room_id: str, user_id: str) -> RoomState:
        """The room; raises `AccessDeniedError` when there is none or `user_id` is not in it.

        At most one statement, and one more before a room in memory is refused: another node may have let them in.
        """
        is_known = self._cache.find(room_id) is not None
        state = (await self._cache.get_many([room_id])).get(room_id)
        if is_known and state is not None and user_id not in state.members:
            self._cache.invalidate(room_id)
            state = (await self._cache.get_many([room_id])).get(room_id)
        if state is None or user_id not in state.members:
            raise AccessDeniedError(NO_ACCESS)
        return state

    def find(self, room_id: str) -> RoomState | None:
        """The room if it is in memory."""
        return self._cache.find(room_id)

    def is_current(self, state: RoomState) -> bool:
        """Whether messages are still handed out by it: a room that fell out of memory hears of none."""
        return self._cache.find(state.id) is state

    async def read_for_member(
        self, connection: Connection, room_ids: Collection[str], user_id: str
    ) -> dict[str, RoomState]:
        """Those of `room_ids` that `user_id` is in, as the database has them now, past the cache. One statement."""
        states = await repository.load_states(connection, room_ids)
        return {room_id: state for room_id, state in states.items() if user_id in state.members}

    async def list_for_member(
        self,
        user_id: str,
        *,
        limit: int,
        cursor: str | None,
        only: RoomFilter | None = None,
        max_bytes: int = PAGE_BYTES,
    ) -> RoomPage:
        """A page of `user_id`'s rooms, or of some of them, latest activity first, empty ones last.

        At most two statements, and one more for rooms that others have changed of late.
        """
        after = decode_cursor(cursor)
        async with self._database.connection() as connection:
            horizon = self._cache.horizon
            found = await repository.list_rooms_of(
                connection, user_id, limit=limit + 1, after=after, only=only, horizon=horizon
            )
            page = found[:limit]
            old = [
                room.id
                for room in page
                if room.has_changed or self._cache.is_behind(room.id, room.last_seq, room.last_change)
            ]
            states = await self._cache.read_over(connection, old) if old else {}
        states |= await self._cache.get_many([room.id for room in page if room.id not in states])
        listed = [
            (room, state) for room in page if (state := states.get(room.id)) is not None and user_id in state.members
        ]
        rooms = take_page((state.encode_for(user_id) for _, state in listed), max_bytes)
        last = None
        if len(rooms) < len(listed):
            last = listed[len(rooms) - 1][0]
        elif len(found) > limit:
            last = page[-1]
        next_cursor = None if last is None else encode_cursor((last.last_message_at, last.id))
        return RoomPage([orjson.Fragment(room) for room in rooms], next_cursor)

    async def create_pair(self, caller: User, request: CreateRoom) -> tuple[str, bool]:
        """The one room of this type for the caller and another: (room id, whether it was there before).

        A room that is there is found whatever happened since. The rest is asked of new ones only.

        Raises:
            SelfChatError: the other is the caller.
            NotFoundError: no such user, or they are disabled.
            BadRequestError: a support room, and neither of the two is an admin.
            RateLimitedError: the caller has opened too many within an hour.
            RoomBlockedError: the two are kept apart.
        """
        if request.participant_id == caller.id:
            raise SelfChatError("You cannot start a conversation with yourself.")
        other = await self._accounts.find_active(request.participant_id)
        room_type, pair = request.type or "direct", (caller.id, request.participant_id)
        key = pair_key(room_type, *pair)
        async with self._database.transaction(f"room {key}") as connection:
            room_id, is_new, is_hidden = await self._find_or_open(connection, caller, other, room_type, key)
        if is_hidden:
            self._cache.invalidate(room_id)
        if is_new or is_hidden:
            for listener in self.on_open:
                listener()
        return room_id, not is_new

    async def _find_or_open(
        self, connection: Connection, caller: User, other: User | None, room_type: str, key: str
    ) -> tuple[str, bool, bool]:
        """A pair's room, whether it is new, and whether it was hidden from the caller until now."""
        if (found := await repository.find_pair(connection, key, caller.id)) is None:
            if (room_id := await self._open(connection, caller, other, room_type, key)) is not None:
                return room_id, True, False
            # Somebody else made it in between; their commit is what let our insert return.
            found = await repository.find_pair(connection, key, caller.id)
        if found is None:
            raise NotFoundError("The conversation was removed just now.")
        room_id, is_hidden = found
        if is_hidden:  # the caller asks for it, too
            await repository.show_room(connection, room_id, caller.id)
        return room_id, False, is_hidden

    async def _open(
        self, connection: Connection, caller: User, other: User | None, room_type: str, key: str
    ) -> str | None:
        """Make a pair's room; None when somebody else has made it meanwhile."""
        if other is None:
            raise NotFoundError("There is no such user.")
        is_with_admin = "admin" in {caller.role, other.role}
        if room_type == "support" and not is_with_admin:
            raise BadRequestError("type: a support conversation is one with an admin.")
        if not is_with_admin and (seconds := await self.seconds_to_wait(connection, caller)) is not None:
            if await repository.find_pair(connection, key, caller.id) is not None:
                return None  # a request of the caller's own made it while this one waited for it
            raise RateLimitedError(max(1.0, seconds))
        await apart.lock_pair(connection, caller.id, other.id)
        if await apart.are_apart(connection, caller.id, other.id):
            raise RoomBlockedError("You cannot start a conversation with this person.")
        return await repository.create_pair(connection, new_id(), room_type, key, (caller.id, other.id))

    async def seconds_to_wait(self, connection: Connection, user: User) -> float | None:
        """How long until somebody may open another room; None: they may. Others of theirs wait for this transaction."""
        if not self._new_rooms_per_hour or user.role == "admin":
            return None
        return await repository.seconds_to_wait(connection, user.id, self._new_rooms_per_hour)

    async def unread_counts(self, user_id: str) -> tuple[int, dict[str, int]]:
        """Unread messages in all, and by room for the `MAX_UNREAD_ROOMS` latest that have any. One statement."""
        async with self._database.connection() as connection:
            return await repository.unread_counts(connection, user_id, limit=MAX_UNREAD_ROOMS)

    async def list_acquaintances(self, user_ids: Collection[str]) -> list[tuple[str, str]]:
        """Pairs (user, other) for everybody who may see that `user_ids` are here. One statement."""
        async with self._database.connection() as connection:
            return await repository.list_acquaintances(connection, user_ids)
