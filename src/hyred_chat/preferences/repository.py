"""All SQL about preferences."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from hyred_chat.db.pool import Connection
from hyred_chat.moments import to_wire

Choices = dict[str, dict[str, bool]]

_FIND = "SELECT types, quiet_from, quiet_until, time_zone, preview FROM notification_preferences WHERE user_id = $1"

_UPSERT = """
    INSERT INTO notification_preferences (user_id, types, quiet_from, quiet_until, time_zone, preview)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (user_id) DO UPDATE SET types = excluded.types, quiet_from = excluded.quiet_from,
        quiet_until = excluded.quiet_until, time_zone = excluded.time_zone, preview = excluded.preview
"""


@dataclass(slots=True)
class StoredPreferences:
    """A row. `types` is `{type: {"push": …, "inApp": …}}`; quiet hours are both or neither."""

    types: Choices
    quiet_from: str | None
    quiet_until: str | None
    time_zone: str | None
    preview: bool


async def get_preferences(connection: Connection, user_id: str, *, lock: bool = False) -> StoredPreferences:
    """What somebody chose; whoever chose nothing has what everybody has at first."""
    row = await connection.fetchrow(f"{_FIND} FOR UPDATE" if lock else _FIND, user_id)
    if row is None:
        return StoredPreferences({}, None, None, None, preview=True)
    return StoredPreferences(**{**row, "types": orjson.loads(row["types"])})


async def save_preferences(connection: Connection, user_id: str, chosen: StoredPreferences) -> None:
    """Store what somebody chose."""
    types = orjson.dumps(chosen.types).decode()
    await connection.execute(
        _UPSERT, user_id, types, chosen.quiet_from, chosen.quiet_until, chosen.time_zone, chosen.preview
    )


async def list_muted_rooms(connection: Connection, user_id: str) -> dict[str, str]:
    """The rooms that are muted now, and until when."""
    rows = await connection.fetch(
        "SELECT room_id, muted_until FROM chat_members WHERE user_id = $1 AND muted_until > now() ORDER BY room_id",
        user_id,
    )
    return {row["room_id"]: to_wire(row["muted_until"]) for row in rows}


async def mute_room(connection: Connection, room_id: str, user_id: str, until: datetime | None) -> bool:
    """Mute a room for one of its members; whether they are one."""
    result = await connection.execute(
        "UPDATE chat_members SET muted_until = $3 WHERE room_id = $1 AND user_id = $2", room_id, user_id, until
    )
    return result == "UPDATE 1"
