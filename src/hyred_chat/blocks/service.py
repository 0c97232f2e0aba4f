"""The rules of blocks: two people of whom one has blocked the other are kept apart, and only that one knows who."""

from collections.abc import Callable, Collection

from hyred_chat.blocks import repository
from hyred_chat.blocks.schemas import BlockedUser
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import AccessDeniedError, BadRequestError, LimitReachedError, NotFoundError
from hyred_chat.http.envelope import cut_page
from hyred_chat.moments import to_wire
from hyred_chat.pages import decode_cursor
from hyred_chat.rooms import apart
from hyred_chat.rooms.cache import RoomCache

# Of one person. Far above what anybody has done by hand.
MAX_BLOCKS = 5_000

_NOBODY = "There is no such user."


class Blocks:
    """Who has blocked whom.

    Attributes:
        on_change: called after blocks were made or ended, and it was committed.
    """

    def __init__(self, database: Database, cache: RoomCache) -> None:
        self.on_change: list[Callable[[], None]] = []
        self._database = database
        self._cache = cache

    async def save(self, blocker_id: str, blocked_id: str, *, blocked: bool) -> None:
        """Block somebody, or end it; what is so already stays so. One transaction.

        Raises:
            BadRequestError: the two are one.
            NotFoundError: there is no such person.
            AccessDeniedError: it is an admin, whom nobody can block.
            LimitReachedError: the caller has blocked `MAX_BLOCKS` people.
        """
        if blocker_id == blocked_id:
            raise BadRequestError("You cannot block yourself.")
        async with self._database.transaction(f"user {blocker_id}") as connection:
            # The person before the pair, as `end_all` has it.
            role = await repository.lock_role(connection, blocked_id)
            if role is None:
                raise NotFoundError(_NOBODY)
            if blocked and role == "admin":
                raise AccessDeniedError("Somebody who runs this service cannot be blocked.")
            room_ids = await _keep_apart(connection, blocker_id, blocked_id, blocked=blocked)
        self.follow(room_ids)

    async def end_all_of(self, connection: Connection, blocked_id: str) -> list[str] | None:
        """Nobody has blocked this person any more. The caller has locked the person.

        Returns:
            What the caller gives to `follow` after its commit.
        """
        blocker_ids = await repository.list_blockers(connection, blocked_id)
        room_ids: list[str] = []
        for blocker_id in blocker_ids:
            room_ids += await _keep_apart(connection, blocker_id, blocked_id, blocked=False) or []
        return room_ids if blocker_ids else None

    async def list_page(
        self, blocker_id: str, *, limit: int, cursor: str | None
    ) -> tuple[list[BlockedUser], str | None]:
        """Whom somebody has blocked, newest first, and the cursor of the next page."""
        after = decode_cursor(cursor)
        async with self._database.connection() as connection:
            found = await repository.list_blocked(connection, blocker_id, limit=limit + 1, after=after)
        people = [
            BlockedUser(
                id=row.user_id,
                name=row.name,
                avatar=row.avatar,
                role=row.role,  # type: ignore[arg-type]  # the column's constraint is the check
                blocked_at=to_wire(row.blocked_at),
            )
            for row in found[:limit]
        ]
        return cut_page(people, [(row.blocked_at, row.user_id) for row in found])

    def follow(self, room_ids: Collection[str] | None) -> None:
        """Have all processes see what was committed of these rooms. None: nothing has changed."""
        if room_ids is None:
            return
        for room_id in room_ids:
            self._cache.invalidate(room_id)
        for listener in self.on_change:
            listener()


async def _keep_apart(connection: Connection, blocker_id: str, blocked_id: str, *, blocked: bool) -> list[str] | None:
    """Make or end a block; the rooms of the two, or None when nothing has changed."""
    await apart.lock_pair(connection, blocker_id, blocked_id)
    room_ids = await apart.lock_rooms(connection, blocker_id, blocked_id, None)
    if not blocked:
        has_changed = await repository.delete(connection, blocker_id, blocked_id)
    else:
        has_changed = await repository.insert(connection, blocker_id, blocked_id)
        if has_changed and await repository.count(connection, blocker_id) > MAX_BLOCKS:
            raise LimitReachedError("You have blocked too many people.", limit=MAX_BLOCKS)
    if not has_changed:
        return None
    await apart.settle(connection, blocker_id, blocked_id)
    await apart.note_rooms(connection, blocker_id, blocked_id)
    return room_ids
