"""What people do in groups: each thing once, with a message that says so, in one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from hyred_chat.accounts.changes import tell
from hyred_chat.accounts.schemas import User, former_member
from hyred_chat.administration.room_service import RoomChange, RoomListener
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import (
    AccessDeniedError,
    ConflictError,
    LimitReachedError,
    NotFoundError,
    RateLimitedError,
    RoomBlockedError,
    UnavailableError,
)
from hyred_chat.files.pictures import remove_picture, take_picture
from hyred_chat.groups import repository
from hyred_chat.groups.rules import (
    Group,
    Picture,
    check_is_group,
    check_may_manage,
    check_may_remove,
    check_may_set_role,
    find_successor,
)
from hyred_chat.groups.schemas import ChangeGroup, CreateGroup, is_address
from hyred_chat.ids import new_id
from hyred_chat.messages.records import MessageRecord
from hyred_chat.messages.system import store_system_message
from hyred_chat.rooms import apart
from hyred_chat.rooms.schemas import MemberRole
from hyred_chat.rooms.service import Rooms
from hyred_chat.rooms.state import RoomState
from hyred_chat.rooms.system_events import SystemEvent, people_of, put_into_words

Makers: TypeAlias = Literal["nobody", "companies", "everybody"]
# Called with a message of the system, and its sender's `User` as JSON, after its commit.
HandOut: TypeAlias = Callable[[MessageRecord, bytes], None]


@dataclass(frozen=True, slots=True)
class GroupBounds:
    """The bounds of groups that are settings."""

    makers: Makers
    max_members: int


@dataclass(slots=True)
class _Acting:
    """What a member does in a group, within its transaction.

    Attributes:
        records: the messages that say what was done, in their order.
        removed: who was put out.
    """

    connection: Connection
    group: Group
    actor_id: str
    records: list[MessageRecord] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    async def say(
        self, event: str, *user_ids: str, title: str | None = None, role: MemberRole | None = None
    ) -> MessageRecord:
        """Store a message that says what was done."""
        said = SystemEvent(event, self.actor_id, user_ids, title, role)
        record = await store_system_message(self.connection, self.group.id, said)
        self.records.append(record)
        return record

    async def take_picture(self, request: ChangeGroup) -> Picture:
        """The picture that the group is to have. Its file is used now, and the file of the one before is removed."""
        before = self.group.picture
        if "avatar" not in request.model_fields_set:
            return before
        wanted = _picture_of(request.avatar)
        if wanted == before:
            return before
        if wanted.file_id is not None:
            await take_picture(
                self.connection,
                wanted.file_id,
                room_id=self.group.id,
                owner_id=self.actor_id,
                replaced_id=before.file_id,
            )
        if before.file_id is not None:
            await remove_picture(self.connection, before.file_id)
        return wanted

    async def set_role(self, user_id: str, role: MemberRole) -> None:
        """Let a member have a role."""
        await repository.set_role(self.connection, self.group.id, user_id, role)
        await self.say("role_changed", user_id, role=role)


Act: TypeAlias = Callable[[_Acting], Awaitable[None]]


class Groups:
    """Groups, changed by their members.

    Attributes:
        on_change: called with what has really changed, after its commit.
        on_doubt: called with a room's id when it is not known whether a change of it was committed.
    """

    def __init__(self, database: Database, rooms: Rooms, bounds: GroupBounds, hand_out: HandOut) -> None:
        self.on_change: list[RoomListener] = []
        self.on_doubt: list[Callable[[str], None]] = []
        self._database = database
        self._rooms = rooms
        self._bounds = bounds
        self._hand_out = hand_out

    async def create(self, caller: User, request: CreateGroup) -> tuple[str, bool]:
        """Make a group, of which the caller is the owner: (room id, whether it was there before).

        Raises:
            AccessDeniedError: the caller may not make groups.
            ConflictError: the `clientRoomId` is of something else.
            LimitReachedError: it would have too many members.
            NotFoundError: a member is nobody, or disabled (`details.unknownMemberIds`).
            RateLimitedError: the caller has opened too many rooms within an hour.
            RoomBlockedError: the caller and a member are kept apart (`details.blockedMemberIds`).
        """
        if not _may_make(self._bounds.makers, caller):
            raise AccessDeniedError("You cannot make groups here.")
        member_ids = dict.fromkeys((caller.id, *request.member_ids))
        self._check_count(len(member_ids))
        client_id = request.client_room_id
        room_id = new_id() if client_id is None else repository.group_id(caller.id, client_id)
        try:
            async with self._database.transaction(f"room {room_id}") as connection:
                acting = await self._make(connection, room_id, caller, request, list(member_ids))
                names = {} if acting is None else await _names_in(acting)
        except UnavailableError:
            tell(self.on_doubt, room_id)
            raise
        if acting is not None:
            self._tell(acting, caller, names)
        return room_id, acting is None

    async def change(self, caller: User, room_id: str, request: ChangeGroup) -> RoomState:
        """Give a group another title or picture. What it has already changes nothing.

        Raises:
            AccessDeniedError: the caller is no owner or admin of this group.
            BadRequestError: the file is no picture.
            ConflictError: it was used before.
            FileNotReadyError: it has not been examined yet.
            FileRefusedError: it was refused.
            NotFoundError: there is no such file of the caller's in this room.
            RoomBlockedError: the host has blocked it.
        """

        async def act(acting: _Acting) -> None:
            group = acting.group
            check_may_manage(group, caller.id)
            title = request.title or group.title
            picture = await acting.take_picture(request)
            if (title, picture) != (group.title, group.picture):
                await repository.update_looks(acting.connection, group.id, title=title, picture=picture)
            if title != group.title:
                await acting.say("renamed", title=title)
            if picture != group.picture:
                await acting.say("avatar_changed")

        return await self._act_and_get(caller, room_id, act)

    async def put_member(self, caller: User, room_id: str, user_id: str, role: MemberRole | None) -> RoomState:
        """Let somebody in, or let a member have another role. What is so already changes nothing.

        Raises:
            AccessDeniedError: the caller is no owner or admin of this group, or may not give that role.
            LimitReachedError: it has too many members.
            NotFoundError: there is no such user, or they are disabled.
            RoomBlockedError: the host has blocked it, or the two are kept apart (`details.blockedMemberIds`).
        """

        async def act(acting: _Acting) -> None:
            check_may_manage(acting.group, caller.id)
            if user_id not in acting.group.roles:
                await self._add(acting, user_id, role or "member")
            elif role is not None and role != acting.group.roles[user_id]:
                await self._change_role(acting, user_id, role)

        return await self._act_and_get(caller, room_id, act)

    async def remove_member(self, caller: User, room_id: str, user_id: str) -> RoomState:
        """Put somebody out. Whoever is no member already is none.

        Raises:
            AccessDeniedError: the caller is no owner of this group, nor an admin and the other an ordinary member.
            RoomBlockedError: the host has blocked it.
        """

        async def act(acting: _Acting) -> None:
            check_may_manage(acting.group, caller.id)
            check_may_remove(acting.group, caller.id, user_id)
            if user_id in acting.group.roles:
                await acting.say("removed", user_id)
                await self._remove(acting, user_id)

        return await self._act_and_get(caller, room_id, act)

    async def leave(self, caller: User, room_id: str) -> None:
        """Leave a group. Whoever has left it has left it.

        Raises:
            AccessDeniedError: the caller is no member, and has not left it before.
        """

        async def act(acting: _Acting) -> None:
            await acting.say("left", caller.id)
            await self._remove(acting, caller.id)

        try:
            await self._act(caller, room_id, act)
        except AccessDeniedError:
            async with self._database.connection() as connection:
                if not await repository.has_left(connection, room_id, caller.id):
                    raise

    async def _make(
        self, connection: Connection, room_id: str, caller: User, request: CreateGroup, member_ids: list[str]
    ) -> _Acting | None:
        """Make a group; None when the same request has made it before."""
        seconds = await self._rooms.seconds_to_wait(connection, caller)
        if request.client_room_id is not None and await repository.find_maker(connection, room_id) == caller.id:
            return None
        if seconds is not None:
            raise RateLimitedError(max(1.0, seconds))
        active = await repository.list_active(connection, member_ids)
        unknown = [user_id for user_id in member_ids if user_id not in active]
        if unknown:
            raise NotFoundError("There is no such user.", details={"unknownMemberIds": unknown})
        await _check_not_apart(connection, caller.id, member_ids)
        is_new = await repository.insert_group(
            connection, room_id, title=request.title, picture=request.avatar, maker_id=caller.id
        )
        if not is_new and await repository.find_maker(connection, room_id) == caller.id:
            return None  # by the same request, a moment ago
        if not is_new:
            raise ConflictError("This clientRoomId was used before, for something else.")
        roles: dict[str, MemberRole] = dict.fromkeys(member_ids, "member")
        roles[caller.id] = "owner"
        group = Group(room_id, "group", "active", request.title, Picture(request.avatar), roles)
        acting = _Acting(connection, group, caller.id)
        record = await acting.say("created", *member_ids[1:], title=request.title)
        await repository.add_members(connection, room_id, roles, read_seq=record.seq)
        return acting

    async def _add(self, acting: _Acting, user_id: str, role: MemberRole) -> None:
        group = acting.group
        check_may_set_role(group, acting.actor_id, user_id, role)
        if user_id not in await repository.list_active(acting.connection, [user_id]):
            raise NotFoundError("There is no such user.")
        await _check_not_apart(acting.connection, acting.actor_id, [user_id])
        self._check_count(len(group.roles) + 1)
        record = await acting.say("added", user_id)
        if role != "member":
            record = await acting.say("role_changed", user_id, role=role)
        await repository.add_members(acting.connection, group.id, {user_id: role}, read_seq=record.seq)

    async def _change_role(self, acting: _Acting, user_id: str, role: MemberRole) -> None:
        group = acting.group
        check_may_set_role(group, acting.actor_id, user_id, role)
        successor = find_successor(group, user_id)
        is_alone = successor is None and list(group.roles.values()).count("owner") == 1
        if group.roles[user_id] == "owner" and (is_alone or successor in group.disabled):
            raise AccessDeniedError("You are the only member of this group: it needs an owner.")
        await acting.set_role(user_id, role)
        if successor is not None:
            await acting.set_role(successor, "owner")

    async def _remove(self, acting: _Acting, user_id: str) -> None:
        await repository.remove_member(acting.connection, acting.group.id, user_id)
        acting.removed.append(user_id)
        if (successor := find_successor(acting.group, user_id)) is not None:
            await acting.set_role(successor, "owner")

    async def _act_and_get(self, caller: User, room_id: str, act: Act) -> RoomState:
        await self._act(caller, room_id, act)
        return await self._rooms.get_for_member(room_id, caller.id)

    async def _act(self, caller: User, room_id: str, act: Act) -> None:
        """Have a member act in a group that nobody else changes meanwhile, and tell of it."""
        try:
            async with self._database.transaction(f"room {room_id}") as connection:
                group = check_is_group(await repository.lock_group(connection, room_id), caller.id)
                acting = _Acting(connection, group, caller.id)
                await act(acting)
                names = await _names_in(acting)
        except UnavailableError:
            # It may have been committed all the same, and then the next attempt finds nothing to change.
            tell(self.on_doubt, room_id)
            raise
        if acting.records:
            self._tell(acting, caller, names)

    def _tell(self, acting: _Acting, caller: User, names: dict[str, str]) -> None:
        """Whoever was put out is out before the message is handed out that says so."""
        tell(self.on_change, RoomChange(acting.group.id, tuple(acting.removed)))
        for record in acting.records:
            said = put_into_words(record, lambda user_id: names.get(user_id) or former_member(user_id).name)
            self._hand_out(said, caller.as_json())

    def _check_count(self, count: int) -> None:
        if count > self._bounds.max_members:
            limit = self._bounds.max_members
            raise LimitReachedError(f"A group may have {limit} members.", limit=limit)


async def _check_not_apart(connection: Connection, actor_id: str, user_ids: Sequence[str]) -> None:
    """Whoever is kept apart from somebody does not meet them in a group by bringing them there.

    Groups that have both go on: whether a block or a member came first is the order of their commits.
    """
    blocked = await apart.list_apart(connection, actor_id, user_ids)
    if blocked:
        details = {"blockedMemberIds": [user_id for user_id in user_ids if user_id in blocked]}
        raise RoomBlockedError("You cannot bring this person into a group.", details=details)


def _picture_of(avatar: str | None) -> Picture:
    return Picture(avatar) if avatar is None or is_address(avatar) else Picture(file_id=avatar)


def _may_make(makers: Makers, caller: User) -> bool:
    return makers == "everybody" or (makers == "companies" and caller.role in {"company", "admin"})


async def _names_in(acting: _Acting) -> dict[str, str]:
    """Of all who are named in what was said."""
    people: Sequence[str] = [user_id for record in acting.records for user_id in people_of(record)]
    return await repository.list_names(acting.connection, people) if people else {}
