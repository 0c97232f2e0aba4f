"""All SQL about the audit log. A trigger refuses every change of what is written there."""

from datetime import datetime
from typing import Any

import orjson

from hyred_chat.audit.schemas import Action, Actor, Subject
from hyred_chat.db.pool import Connection
from hyred_chat.ids import new_id

_LIST = """
    SELECT id, created_at, actor_kind, actor_id, action, subject_kind, subject_id, details FROM audit_entries
    WHERE $1::text IS NULL OR (created_at, id) < ($2::timestamptz, $1::text)
    ORDER BY created_at DESC, id DESC LIMIT $3
"""


async def insert(
    connection: Connection, actor: Actor, action: Action, *, subject: Subject | None, details: dict[str, Any]
) -> None:
    """Write an entry."""
    kind, subject_id = subject or (None, None)
    await connection.execute(
        """
        INSERT INTO audit_entries (id, actor_kind, actor_id, action, subject_kind, subject_id, details)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        new_id(),
        *actor,
        action,
        kind,
        subject_id,
        orjson.dumps(details).decode(),
    )


async def list_entries(connection: Connection, *, limit: int, after: tuple[datetime | None, str] | None) -> list[Any]:
    """Entries, newest first, after the one of this time and id."""
    moment, entry_id = after or (None, None)
    return list(await connection.fetch(_LIST, entry_id, moment, limit))
