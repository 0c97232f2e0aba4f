"""All SQL that writes and lists blocks. What they do to rooms is in `rooms/apart.py`."""

from datetime import datetime
from typing import NamedTuple

from hyred_chat.db.people import PERSON_COLUMNS, PERSON_JOINS
from hyred_chat.db.pool import Connection

_LIST = f"""
    SELECT block.created_at, {PERSON_COLUMNS}
    FROM user_blocks block JOIN users person ON person.id = block.blocked_id {PERSON_JOINS}
    WHERE block.blocker_id = $1
      AND ($2::text IS NULL OR (block.created_at, block.blocked_id) < ($3::timestamptz, $2::text))
    ORDER BY block.created_at DESC, block.blocked_id DESC LIMIT $4
"""


class BlockedPerson(NamedTuple):
    """A row of the list of those whom somebody has blocked."""

    blocked_at: datetime
    user_id: str
    role: str
    name: str
    avatar: str | None


async def lock_role(connection: Connection, user_id: str) -> str | None:
    """The role that somebody has until the transaction ends; None when there is nobody."""
    role: str | None = await connection.fetchval("SELECT role FROM users WHERE id = $1 FOR SHARE", user_id)
    return role


async def count(connection: Connection, blocker_id: str) -> int:
    """How many people somebody has blocked."""
    number: int = await connection.fetchval("SELECT count(*) FROM user_blocks WHERE blocker_id = $1", blocker_id)
    return number


async def insert(connection: Connection, blocker_id: str, blocked_id: str) -> bool:
    """Write a block down; whether it is new."""
    result = await connection.execute(
        "INSERT INTO user_blocks (blocker_id, blocked_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        blocker_id,
        blocked_id,
    )
    return result == "INSERT 0 1"


async def delete(connection: Connection, blocker_id: str, blocked_id: str) -> bool:
    """Delete a block; whether there was one."""
    result = await connection.execute(
        "DELETE FROM user_blocks WHERE blocker_id = $1 AND blocked_id = $2", blocker_id, blocked_id
    )
    return result == "DELETE 1"


async def list_blockers(connection: Connection, blocked_id: str) -> list[str]:
    """Who has blocked somebody."""
    rows = await connection.fetch("SELECT blocker_id FROM user_blocks WHERE blocked_id = $1", blocked_id)
    return [row["blocker_id"] for row in rows]


async def list_blocked(
    connection: Connection, blocker_id: str, *, limit: int, after: tuple[datetime | None, str] | None
) -> list[BlockedPerson]:
    """Whom somebody has blocked, the newest block first.

    Args:
        after: when and whom the last block of the page before was of.
    """
    moment, user_id = after or (None, None)
    rows = await connection.fetch(_LIST, blocker_id, user_id, moment, limit)
    return [BlockedPerson(*row) for row in rows]
