"""What moderators look up: people and rooms. Each look of a person is in the audit log."""

from hyred_chat.accounts.people_search import PeopleSearch
from hyred_chat.accounts.schemas import User
from hyred_chat.administration import repository
from hyred_chat.administration.room_service import RoomProvisioning, cursor_after
from hyred_chat.administration.schemas import ProvisionedRoom, ProvisionedUser, RoomWithPeople
from hyred_chat.audit.schemas import Actor, Subject
from hyred_chat.audit.service import Audit
from hyred_chat.db.pool import Database
from hyred_chat.errors import BadRequestError, NotFoundError
from hyred_chat.http.envelope import cut_page, encode
from hyred_chat.pages import decode_cursor, take_page

# Of each room in a list, and of one room.
PEOPLE_LISTED = 5
PEOPLE_SHOWN = 200


class ModeratorDirectory:
    """People and rooms, for those who moderate."""

    def __init__(self, database: Database, people: PeopleSearch, rooms: RoomProvisioning, audit: Audit) -> None:
        self._database = database
        self._people = people
        self._rooms = rooms
        self._audit = audit

    async def get(self, actor: Actor, user_id: str) -> ProvisionedUser:
        """Somebody, disabled or not. Raises `NotFoundError`."""
        async with self._database.connection() as connection:
            known = await repository.find_user(connection, user_id)
        if known is None:
            raise NotFoundError("There is no such user.")
        await self._audit.note_look(actor, "user_viewed", Subject("user", user_id))
        return known.user

    async def list_page(
        self, actor: Actor, *, query: str, disabled: bool, limit: int, cursor: str | None
    ) -> tuple[list[ProvisionedUser], str | None]:
        """People whom a query finds, or who are disabled; and the cursor of the next page.

        Raises:
            BadRequestError: the query is too long, the cursor is not one of ours, or both are given.
            RateLimitedError: two searches of the moderator are under way.
        """
        words = query.strip()
        if words and (disabled or cursor is not None):
            raise BadRequestError("query: cannot be combined with disabled or cursor.")
        await self._audit.note_look(actor, "users_listed", disabled=disabled)
        if disabled:
            return await self._list_disabled(limit=limit, cursor=cursor)
        if cursor is not None:
            raise BadRequestError("cursor: is not one that this server gave.")
        return await self._find(actor, words, limit), None

    async def list_rooms(
        self, actor: Actor, *, limit: int, cursor: str | None, member_id: str | None
    ) -> tuple[list[RoomWithPeople], str | None]:
        """As `RoomProvisioning.list_page`, each with the first of its people."""
        rooms, next_cursor = await self._rooms.list_page(limit=limit, cursor=cursor, member_id=member_id)
        subject = None if member_id is None else Subject("user", member_id)
        await self._audit.note_look(actor, "rooms_listed", subject)
        described = await self._with_people(rooms, most=PEOPLE_LISTED)
        page = described[: len(take_page(encode(room) for room in described))]
        return page, next_cursor if len(page) == len(rooms) else cursor_after(page[-1])

    async def get_room(self, actor: Actor, room_id: str) -> RoomWithPeople:
        """A room with its people. Raises `NotFoundError`."""
        async with self._database.connection() as connection:
            room = await repository.find_room(connection, room_id)
        if room is None:
            raise NotFoundError("There is no such room.")
        await self._audit.note_look(actor, "room_viewed", Subject("room", room_id))
        [described] = await self._with_people([room], most=PEOPLE_SHOWN)
        return described

    async def _with_people(self, rooms: list[ProvisionedRoom], *, most: int) -> list[RoomWithPeople]:
        ids = list(dict.fromkeys(user_id for room in rooms for user_id in room.member_ids[:most]))
        async with self._database.connection() as connection:
            known = {user.id: user for user in await repository.list_users(connection, ids)}
        return [
            RoomWithPeople(
                **room.model_dump(),
                people=[
                    User(id=user.id, name=user.name, avatar=user.avatar, role=user.role)
                    for user_id in room.member_ids[:most]
                    if (user := known.get(user_id)) is not None
                ],
            )
            for room in rooms
        ]

    async def _list_disabled(self, *, limit: int, cursor: str | None) -> tuple[list[ProvisionedUser], str | None]:
        after = decode_cursor(cursor)
        async with self._database.connection() as connection:
            found = await repository.list_disabled(connection, limit=limit + 1, after=after)
        users = [user for _, user in found[:limit]]
        return cut_page(users, [(disabled_at, user.id) for disabled_at, user in found])

    async def _find(self, actor: Actor, words: str, limit: int) -> list[ProvisionedUser]:
        """First who has this very id or address, then whom the words find by name."""
        found = await self._people.search(f"{actor.kind} {actor.id}", words, limit)
        async with self._database.connection() as connection:
            exact = await repository.list_user_ids(connection, words) if words else []
            ids = list(dict.fromkeys((*exact, *(user.id for user in found))))[:limit]
            users = await repository.list_users(connection, ids)
        return users[: len(take_page(encode(user) for user in users))]
