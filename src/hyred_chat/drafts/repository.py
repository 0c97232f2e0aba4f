"""All SQL of drafts: three columns of a membership. A message of the member's own ends them (`STORE_BATCH`)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hyred_chat.db.pool import Connection
from hyred_chat.drafts.schemas import Draft
from hyred_chat.moments import to_wire

# What was written earlier than what is there, or is the same, changes nothing. What is written now comes after whatever
# is there, so that no two drafts of a room have the same time, by which devices know the newer one.
_SAVE = """
    WITH mine AS MATERIALIZED (
        SELECT draft, draft_reply_to, draft_at,
               greatest(
                   date_trunc('milliseconds', clock_timestamp() - $5::float8 * interval '1 second'),
                   CASE WHEN $5 = 0 THEN draft_at + interval '1 millisecond' END
               ) AS written_at
        FROM chat_members WHERE room_id = $1 AND user_id = $2 FOR NO KEY UPDATE
    ), saved AS (
        UPDATE chat_members SET draft = $3, draft_reply_to = $4, draft_at = mine.written_at
        FROM mine WHERE chat_members.room_id = $1 AND chat_members.user_id = $2
            AND (mine.draft_at IS NULL OR mine.draft_at < mine.written_at)
            AND (mine.draft, mine.draft_reply_to) IS DISTINCT FROM ($3, $4)
        RETURNING chat_members.draft, chat_members.draft_reply_to, chat_members.draft_at
    )
    SELECT draft, draft_reply_to, draft_at, true AS is_saved FROM saved
    UNION ALL
    SELECT draft, draft_reply_to, coalesce(draft_at, written_at), false FROM mine WHERE NOT EXISTS (SELECT FROM saved)
"""

_LIST = """
    SELECT room_id, draft, draft_reply_to, draft_at FROM chat_members
    WHERE user_id = $1 AND draft IS NOT NULL AND ($2::text IS NULL OR (draft_at, room_id) < ($3::timestamptz, $2::text))
    ORDER BY draft_at DESC, room_id DESC LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft that there is now, and whether it is the one that was to be saved and is another than before."""

    draft: Draft
    is_new: bool


async def save(
    connection: Connection, room_id: str, user_id: str, *, content: str, reply_to: str | None, age_seconds: float
) -> Saved | None:
    """Keep a draft, or end it; None for who is no member. One statement."""
    text = content if content or reply_to is not None else None
    row = await connection.fetchrow(_SAVE, room_id, user_id, text, reply_to, age_seconds)
    return None if row is None else Saved(_draft_of(room_id, row), row["is_saved"])


async def list_drafts(
    connection: Connection, user_id: str, *, limit: int, after: tuple[datetime | None, str] | None
) -> list[tuple[datetime, Draft]]:
    """Somebody's drafts with their times, newest first, after the one of this time and room."""
    moment, room_id = after or (None, None)
    rows = await connection.fetch(_LIST, user_id, room_id, moment, limit)
    return [(row["draft_at"], _draft_of(row["room_id"], row)) for row in rows]


def _draft_of(room_id: str, row: Any) -> Draft:
    return Draft(
        chat_room_id=room_id,
        content=row["draft"] or "",
        reply_to=row["draft_reply_to"],
        updated_at=to_wire(row["draft_at"]),
    )
