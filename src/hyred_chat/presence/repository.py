"""All SQL about presence."""

from collections.abc import Collection, Mapping
from datetime import datetime

from hyred_chat.db.pool import Connection


async def store_last_seen(connection: Connection, moments: Mapping[str, datetime]) -> None:
    """Record when users were last here; one statement."""
    await connection.execute(
        """
        UPDATE users SET last_seen_at = seen.moment
        FROM unnest($1::text[], $2::timestamptz[]) AS seen (user_id, moment)
        WHERE users.id = seen.user_id
        """,
        list(moments),
        list(moments.values()),
    )


async def list_last_seen_of_acquaintances(
    connection: Connection, user_id: str, other_ids: Collection[str]
) -> dict[str, datetime | None]:
    """When those of `other_ids` who share a room with `user_id` (or are them) were last here; one statement."""
    rows = await connection.fetch(
        """
        SELECT users.id, users.last_seen_at FROM users
        WHERE users.id = ANY($2::text[]) AND (users.id = $1 OR EXISTS (
            SELECT 1 FROM chat_members theirs
            JOIN chat_members mine ON mine.room_id = theirs.room_id AND mine.user_id = $1
            WHERE theirs.user_id = users.id
        ))
        """,
        user_id,
        list(other_ids),
    )
    return {row["id"]: row["last_seen_at"] for row in rows}
