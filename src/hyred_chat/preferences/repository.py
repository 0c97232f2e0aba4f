"""All SQL about preferences."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from hyred_chat.db.archive import IS_ARCHIVED
from hyred_chat.db.node_events import note
from hyred_chat.db.pool import Connection
from hyred_chat.moments import to_wire

Choices = dict[str, dict[str, bool]]

_FIND = "SELECT types, quiet_from, quiet_until, time_zone, preview FROM notification_preferences WHERE user_id = $1"

# A row that is not there cannot be locked: whoever changes somebody's preferences first makes one that chooses nothing.
_ADD = "INSERT INTO notification_preferences (user_id, types) VALUES ($1, '{}') ON CONFLICT DO NOTHING"

_UPDATE = """
    UPDATE notification_preferences
    SET types = $2, quiet_from = $3, quiet_until = $4, time_zone = $5, preview = $6 WHERE user_id = $1
"""


# A room that is archived stays so as it is, and one that is not does not become so.
_MUTE_ROOM = f"""
    WITH changed AS (
        UPDATE chat_members member
        SET muted_until = $3, archived_seq = CASE WHEN {IS_ARCHIVED} THEN room.last_seq END
        FROM chat_rooms room WHERE room.id = $1 AND member.room_id = $1 AND member.user_id = $2
        RETURNING member.room_id
    ), noted AS (
        {note("room", "changed", "room_id")}
    )
    SELECT room_id FROM changed
"""


@dataclass(slots=True)
class StoredPreferences:
    """A row. `types` is `{type: {"push": …, "inApp": …}}`; quiet hours are both or neither."""

    types: Choices
    quiet_from: str | None
    quiet_until: str | None
    time_zone: str | None
    preview: bool


async def get_preferences(connection: Connection, user_id: str) -> StoredPreferences:
    """What somebody chose; whoever chose nothing has what everybody has at first."""
    return _preferences_of(await connection.fetchrow(_FIND, user_id))


async def lock_preferences(connection: Connection, user_id: str) -> StoredPreferences:
    """What somebody chose, theirs alone to change until the transaction ends; two statements."""
    await connection.execute(_ADD, user_id)
    return _preferences_of(await connection.fetchrow(f"{_FIND} FOR UPDATE", user_id))


async def save_preferences(connection: Connection, user_id: str, chosen: StoredPreferences) -> None:
    """Store what somebody chose, after `lock_preferences`."""
    types = orjson.dumps(chosen.types).decode()
    await connection.execute(
        _UPDATE, user_id, types, chosen.quiet_from, chosen.quiet_until, chosen.time_zone, chosen.preview
    )


async def list_muted_rooms(connection: Connection, user_id: str, *, limit: int) -> dict[str, str]:
    """The rooms that are muted now, and until when: those with the latest messages first. One statement."""
    rows = await connection.fetch(
        """
        SELECT member.room_id, member.muted_until
        FROM chat_members member JOIN chat_rooms room ON room.id = member.room_id
        WHERE member.user_id = $1 AND member.muted_until > now()
        ORDER BY room.last_message_at DESC NULLS LAST, room.id LIMIT $2
        """,
        user_id,
        limit,
    )
    return {row["room_id"]: to_wire(row["muted_until"]) for row in rows}


async def mute_room(connection: Connection, room_id: str, user_id: str, until: datetime | None) -> bool:
    """Mute a room for one of its members; whether they are one."""
    return bool(await connection.fetch(_MUTE_ROOM, room_id, user_id, until))


def _preferences_of(row: Any) -> StoredPreferences:
    if row is None:
        return StoredPreferences({}, None, None, None, preview=True)
    return StoredPreferences(**{**row, "types": orjson.loads(row["types"])})
