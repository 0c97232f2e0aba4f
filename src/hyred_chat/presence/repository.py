"""All SQL about presence."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from hyred_chat.db.acquaintances import SEE_ONE_ANOTHER
from hyred_chat.db.pool import Connection


@dataclass(frozen=True, slots=True)
class Seen:
    """When somebody was here, as far as the database knows.

    Attributes:
        moment: the last time; None: never, or they are expected.
        is_expected: whether they are on their way from one process to another, and count as here.
    """

    moment: datetime | None
    is_expected: bool


async def store_last_seen(connection: Connection, moments: Mapping[str, datetime]) -> list[str]:
    """Record when users were last here, except those whose rows somebody else has locked: returned. One statement."""
    rows = await connection.fetch(
        """
        WITH free AS MATERIALIZED (
            SELECT id FROM users WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
        ), stored AS (
            UPDATE users SET last_seen_at = least(seen.moment, clock_timestamp())
            FROM free JOIN unnest($1::text[], $2::timestamptz[]) AS seen (user_id, moment) ON seen.user_id = free.id
            WHERE users.id = free.id
        )
        SELECT id FROM users WHERE id = ANY($1::text[]) AND id NOT IN (SELECT id FROM free)
        """,
        list(moments),
        list(moments.values()),
    )
    return [row["id"] for row in rows]


async def expect_back(connection: Connection, user_ids: Collection[str], seconds: float) -> None:
    """Record that users are on their way from one process to another: they are seen for so long from now on.

    Those whose rows somebody else has locked are passed over. One statement.
    """
    await connection.execute(
        """
        WITH free AS MATERIALIZED (
            SELECT id FROM users WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
        )
        UPDATE users SET last_seen_at = clock_timestamp() + make_interval(secs => $2) FROM free WHERE users.id = free.id
        """,
        list(user_ids),
        seconds,
    )


# A moment that lies ahead is one until which somebody is expected back; the database's clock is everybody's.
_LIST_LAST_SEEN = f"""
    SELECT asked.viewer_id, users.id, CASE WHEN users.last_seen_at <= now() THEN users.last_seen_at END AS last_seen_at,
        coalesce(users.last_seen_at > now(), false) AS is_expected
    FROM unnest($1::text[], $2::text[]) AS asked (viewer_id, user_id) JOIN users ON users.id = asked.user_id
    WHERE asked.viewer_id = users.id OR EXISTS (
        SELECT 1 FROM chat_members mine
        JOIN chat_members other ON other.room_id = mine.room_id AND other.user_id = users.id
        JOIN chat_rooms room ON room.id = mine.room_id
        WHERE mine.user_id = asked.viewer_id AND {SEE_ONE_ANOTHER}
    )
"""


async def list_last_seen(connection: Connection, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], Seen]:
    """Of pairs (viewer, user) those who may see it, with when the user was last here; one statement."""
    rows = await connection.fetch(_LIST_LAST_SEEN, [viewer for viewer, _ in pairs], [user for _, user in pairs])
    return {(row["viewer_id"], row["id"]): Seen(row["last_seen_at"], is_expected=row["is_expected"]) for row in rows}
