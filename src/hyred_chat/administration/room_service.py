"""Provisioning rooms: a host says what a room is and who is in it, as often as it likes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from hyred_chat.accounts.changes import tell
from hyred_chat.accounts.pairs import pair_key
from hyred_chat.administration import repository
from hyred_chat.administration.repository import LockedRoom
from hyred_chat.administration.schemas import ProvisionedRoom, RoomBody
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import BadRequestError, ConflictError, UnavailableError
from hyred_chat.files.pictures import remove_picture
from hyred_chat.http.envelope import encode
from hyred_chat.ids import new_id
from hyred_chat.pages import take_page
from hyred_chat.rooms import apart

_CURSOR_PREFIX = "after:"
_PAIR = 2
Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RoomChange:
    """A room is new, or its members or its looks have changed.

    Attributes:
        removed_user_ids: their sockets have to leave it.
        pairs: people who are kept apart by this change, or are no more.
    """

    room_id: str
    removed_user_ids: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()


RoomListener: TypeAlias = Callable[[RoomChange], None]


class RoomProvisioning:
    """Rooms and their members, written by the host.

    Attributes:
        on_change: called with what has really changed, after its commit.
        on_doubt: called with a room's id when it is not known whether a change of it was committed.
    """

    def __init__(self, database: Database) -> None:
        self.on_change: list[RoomListener] = []
        self.on_doubt: list[Callable[[str], None]] = []
        self._database = database

    async def save(self, body: RoomBody) -> ProvisionedRoom:
        """Make a room, or make it so: the same request again changes nothing.

        A direct room is found by its pair, whatever id was asked for; others by their id, and without one they are
        new. What is left out stays as it is, but the members are those that are given and nobody else.

        Raises:
            BadRequestError: a member is nobody's id (`details.unknownMemberIds`), or a direct room is not for two.
            ConflictError: the id is that of another kind of room, or of another pair's.
        """
        saving = _Saving(body)
        try:
            async with self._database.transaction(saving.turn) as connection:
                room = await saving.run(connection)
        except UnavailableError:
            # It may have been committed all the same, and the host's next attempt will find nothing to change.
            for room_id in saving.locked_ids:
                tell(self.on_doubt, room_id)
            raise
        for change in saving.changes:
            tell(self.on_change, change)
        return room

    async def list_page(
        self, *, limit: int, cursor: str | None, member_id: str | None
    ) -> tuple[list[ProvisionedRoom], str | None]:
        """Rooms in the order of their ids, of one member or of all, and the cursor of the next page.

        Raises:
            BadRequestError: the cursor is not one of ours.
        """
        after_id = _read_cursor(cursor)
        async with self._database.connection() as connection:
            rooms = await repository.list_rooms(connection, after_id=after_id, limit=limit + 1, member_id=member_id)
        page = rooms[: len(take_page(encode(room) for room in rooms[:limit]))]
        return page, cursor_after(page[-1]) if len(rooms) > len(page) else None


class _Saving:
    """One request to save a room, within its transaction.

    Attributes:
        locked_ids: the rooms that may be changed by it.
        changes: what has changed.
        turn: what others that change the same room wait for; None: it is new.
    """

    def __init__(self, body: RoomBody) -> None:
        self.locked_ids: list[str] = []
        self.changes: list[RoomChange] = []
        self._body = body
        self._member_ids = list(dict.fromkeys(body.member_ids))
        self._key = _key_of_pair(self._member_ids) if body.type == "direct" else None
        name = self._key or body.id
        self.turn = None if name is None else f"room {name}"

    async def run(self, connection: Connection) -> ProvisionedRoom:
        """Save it."""
        await _check_members(connection, self._member_ids)
        pairs = await self._lock_pairs(connection)
        locked, is_new = await _lock_or_insert(connection, self._body, self._key)
        self.locked_ids.append(locked.id)
        has_new_looks = await _update_looks(connection, locked, self._body)
        added, removed = await _replace_members(connection, locked, self._member_ids)
        is_adopted = "status" not in self._body.model_fields_set and await repository.adopt_room(connection, locked.id)
        if is_new or has_new_looks or added or removed or is_adopted:
            self.changes.append(RoomChange(locked.id, removed))
        for pair in pairs:
            room_ids = await apart.settle(connection, *pair)
            self.changes += [RoomChange(room_id, pairs=(pair,)) for room_id in room_ids]
        await apart.release(connection, locked.id)
        return await repository.get_room(connection, locked.id)

    async def _lock_pairs(self, connection: Connection) -> list[Pair]:
        """Hold back others who make or close rooms of the two people that this one is for, or was for until now."""
        if self._body.type == "group":
            return []
        known_id = self._body.id
        former_ids = [] if known_id is None else await repository.list_member_ids(connection, known_id)
        pairs = sorted({(min(ids), max(ids)) for ids in (self._member_ids, former_ids) if len(ids) == _PAIR})
        for pair in pairs:
            await apart.lock_pair(connection, *pair)
        for pair in pairs:
            self.locked_ids += await apart.lock_rooms(connection, *pair, known_id)
        return pairs


def _key_of_pair(member_ids: list[str]) -> str:
    if len(member_ids) != _PAIR:
        raise BadRequestError("memberIds: a direct room has exactly two members.")
    return pair_key("direct", member_ids[0], member_ids[1])


async def _check_members(connection: Connection, member_ids: list[str]) -> None:
    unknown = await repository.list_unknown_users(connection, member_ids)
    if unknown:
        raise BadRequestError("memberIds: some of them are nobody's ids.", details={"unknownMemberIds": unknown})


async def _lock_or_insert(connection: Connection, body: RoomBody, key: str | None) -> tuple[LockedRoom, bool]:
    """The room, locked, and whether it is new."""
    room_id = body.id or new_id()
    locked, is_new = await _find_and_lock(connection, room_id, key), False
    if locked is None:
        is_new = await repository.insert_room(connection, room_id, room_type=body.type, direct_key=key)
        locked = await _find_and_lock(connection, room_id, key)
    if locked is None or locked.type != body.type:
        raise ConflictError("This id is another room's.")
    return locked, is_new


async def _find_and_lock(connection: Connection, room_id: str, key: str | None) -> LockedRoom | None:
    if key is not None:
        return await repository.lock_pair(connection, key)
    return await repository.lock_room(connection, room_id)


async def _update_looks(connection: Connection, locked: LockedRoom, body: RoomBody) -> bool:
    """Store what is given and differs; whether anything did."""
    given = body.model_fields_set
    status = body.status or locked.status
    title = body.title if "title" in given else locked.title
    # The picture that the host says takes the place of one that members have uploaded.
    picture, file_id = (body.avatar, None) if "avatar" in given else (locked.avatar, locked.avatar_file_id)
    if (status, title, picture, file_id) == (locked.status, locked.title, locked.avatar, locked.avatar_file_id):
        return False
    await repository.update_room(connection, locked.id, status=status, title=title, picture=picture, file_id=file_id)
    if locked.avatar_file_id is not None and file_id is None:
        await remove_picture(connection, locked.avatar_file_id)
    return True


async def _replace_members(
    connection: Connection, locked: LockedRoom, member_ids: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Let in and put out whom it takes; who that was."""
    wanted = dict.fromkeys(member_ids)
    present = dict.fromkeys(await repository.list_member_ids(connection, locked.id))
    added = tuple(user_id for user_id in wanted if user_id not in present)
    removed = tuple(user_id for user_id in present if user_id not in wanted)
    if added:
        await repository.add_members(connection, locked, added)
    if removed:
        await repository.remove_members(connection, locked.id, removed)
        if locked.type != "direct":
            await repository.release_pair(connection, locked.id)
    return added, removed


def cursor_after(room: ProvisionedRoom) -> str:
    """Where a list of rooms goes on after this one."""
    return f"{_CURSOR_PREFIX}{room.id}"


def _read_cursor(cursor: str | None) -> str:
    if cursor is None:
        return ""
    after_id = cursor.removeprefix(_CURSOR_PREFIX)
    if after_id == cursor or not after_id or not after_id.isprintable():
        raise BadRequestError("cursor: is not one that this server gave.")
    return after_id
