"""The rules of preferences: what is left out stays, null forgets, a muted room is muted for its member alone."""

from datetime import UTC, datetime
from itertools import islice

import orjson

from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import AccessDeniedError, BadRequestError
from hyred_chat.moments import to_wire
from hyred_chat.notifications.signals import Hint, Teller
from hyred_chat.pages import PAGE_BYTES, take_page
from hyred_chat.preferences import repository
from hyred_chat.preferences.repository import StoredPreferences
from hyred_chat.preferences.schemas import (
    KNOWN_TYPES,
    MAX_TYPES,
    MutedRoom,
    Preferences,
    PutPreferences,
    ShownChoice,
    ShownQuiet,
)
from hyred_chat.rooms.standing import Standing
from hyred_chat.rooms.state import NO_ACCESS

# Of the rooms that somebody has muted, those with the latest messages are shown: so many, and so much of a page.
MAX_MUTED_ROOMS = 2000
MUTED_ROOMS_BYTES = PAGE_BYTES // 2
# What somebody gets who chose nothing.
EVERYTHING = {"push": True, "inApp": True}


class PreferencesService:
    """What people have chosen."""

    def __init__(self, database: Database, teller: Teller, standing: Standing) -> None:
        self._database = database
        self._teller = teller
        self._standing = standing

    async def get(self, user_id: str) -> Preferences:
        """What somebody chose, or what everybody has who chose nothing."""
        async with self._database.connection() as connection:
            stored = await repository.get_preferences(connection, user_id)
            return _shown(stored, await _list_muted_rooms(connection, user_id))

    async def change(self, user_id: str, request: PutPreferences) -> Preferences:
        """Store what is given.

        Raises:
            BadRequestError: there would be too many types.
        """
        async with self._database.transaction(f"user {user_id}") as connection:
            stored = await repository.lock_preferences(connection, user_id)
            _apply(request, stored)
            await repository.save_preferences(connection, user_id, stored)
            await self._teller.tell(connection, "preferences", [Hint(user_id)])
            return _shown(stored, await _list_muted_rooms(connection, user_id))

    async def mute(self, user_id: str, room_id: str, until: datetime | None) -> MutedRoom:
        """Have a room make no push for one of its members until then; a moment that has passed ends it.

        Raises:
            AccessDeniedError: they are not a member.
        """
        muted_until = None if until is None or until <= datetime.now(UTC) else until
        async with self._database.connection(writes=f"room {room_id}") as connection:
            if not await repository.mute_room(connection, room_id, user_id, muted_until):
                raise AccessDeniedError(NO_ACCESS)
        await self._standing.tell(user_id, room_id)
        return MutedRoom(room_id=room_id, muted_until=None if muted_until is None else to_wire(muted_until))


async def _list_muted_rooms(connection: Connection, user_id: str) -> dict[str, str]:
    """As many as fit."""
    rooms = await repository.list_muted_rooms(connection, user_id, limit=MAX_MUTED_ROOMS)
    fitting = take_page((orjson.dumps(room) for room in rooms.items()), MUTED_ROOMS_BYTES)
    return dict(islice(rooms.items(), len(fitting)))


def _apply(request: PutPreferences, stored: StoredPreferences) -> None:
    given = request.model_fields_set
    for name, choice in (request.types or {}).items():
        given_here = {"push": choice.push, "inApp": choice.in_app}
        kept = stored.types.get(name, EVERYTHING)
        stored.types[name] = kept | {way: wanted for way, wanted in given_here.items() if wanted is not None}
    if len(stored.types) > MAX_TYPES:
        raise BadRequestError(f"types: there can be at most {MAX_TYPES}.")
    if "quiet_hours" in given:
        quiet = request.quiet_hours
        stored.quiet_from, stored.quiet_until = (None, None) if quiet is None else (quiet.begin, quiet.until)
    if "time_zone" in given:
        stored.time_zone = request.time_zone
    if request.preview is not None:
        stored.preview = request.preview


def _shown(stored: StoredPreferences, muted_rooms: dict[str, str]) -> Preferences:
    choices = dict.fromkeys(KNOWN_TYPES, EVERYTHING) | stored.types
    quiet = None
    if stored.quiet_from is not None and stored.quiet_until is not None:
        quiet = ShownQuiet(begin=stored.quiet_from, until=stored.quiet_until)
    return Preferences(
        types={name: ShownChoice(push=choice["push"], in_app=choice["inApp"]) for name, choice in choices.items()},
        quiet_hours=quiet,
        time_zone=stored.time_zone,
        preview=stored.preview,
        muted_rooms=muted_rooms,
    )
