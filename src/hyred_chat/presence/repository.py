"""All SQL about presence."""

from collections.abc import Collection, Mapping
from datetime import datetime

from hyred_chat.db.acquaintances import SEE_ONE_ANOTHER
from hyred_chat.db.pool import Connection


async def store_last_seen(connection: Connection, moments: Mapping[str, datetime]) -> list[str]:
    """Record when users were last here, except those whose rows somebody else has locked: returned. One statement."""
    rows = await connection.fetch(
        """
        WITH free AS MATERIALIZED (
            SELECT id FROM users WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
        ), stored AS (
            UPDATE users SET last_seen_at = seen.moment
            FROM free JOIN unnest($1::text[], $2::timestamptz[]) AS seen (user_id, moment) ON seen.user_id = free.id
            WHERE users.id = free.id
        )
        SELECT id FROM users WHERE id = ANY($1::text[]) AND id NOT IN (SELECT id FROM free)
        """,
        list(moments),
        list(moments.values()),
    )
    return [row["id"] for row in rows]


_LIST_LAST_SEEN = f"""
    SELECT asked.viewer_id, users.id, users.last_seen_at
    FROM unnest($1::text[], $2::text[]) AS asked (viewer_id, user_id) JOIN users ON users.id = asked.user_id
    WHERE asked.viewer_id = users.id OR EXISTS (
        SELECT 1 FROM chat_members mine
        JOIN chat_members other ON other.room_id = mine.room_id AND other.user_id = users.id
        JOIN chat_rooms room ON room.id = mine.room_id
        WHERE mine.user_id = asked.viewer_id AND {SEE_ONE_ANOTHER}
    )
"""


async def list_last_seen(
    connection: Connection, pairs: Collection[tuple[str, str]]
) -> dict[tuple[str, str], datetime | None]:
    """Of pairs (viewer, user) those who may see it, with when the user was last here; one statement."""
    rows = await connection.fetch(_LIST_LAST_SEEN, [viewer for viewer, _ in pairs], [user for _, user in pairs])
    return {(row["viewer_id"], row["id"]): row["last_seen_at"] for row in rows}
