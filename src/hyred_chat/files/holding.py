"""Files of reported messages: moderators can open them, and their bytes stay while a report is open.

A row of `held_files` holds a file. Whoever removes a file that is held withdraws it instead, by a trigger of the
database (`db/schema/files.py`): nobody gets it any more but moderators. `files/removal.py` removes it when no report
holds it any more. Whoever adds or takes away such rows has locked the files, in the order of their ids.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from hyred_chat.db.files import MARK_REMOVED
from hyred_chat.db.pool import Connection
from hyred_chat.files import repository
from hyred_chat.files.attachments import MODERATOR_LIFE_SECONDS, Variant, address_for_moderator

_LOCK: Final = "SELECT FROM files WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE"

# What was removed is not brought back. A picture of a group is in no message.
_HOLD: Final = """
    WITH file AS MATERIALIZED (
        SELECT id FROM files
        WHERE id = ANY($2::text[]) AND message_seq IS NOT NULL AND removed_at IS NULL ORDER BY id FOR SHARE
    )
    INSERT INTO held_files (report_id, file_id) SELECT $1, id FROM file ON CONFLICT DO NOTHING
"""

_LIST: Final = """
    SELECT held.file_id FROM held_files held
    JOIN reports report ON report.id = held.report_id AND report.state = 'open'
    JOIN files file ON file.id = held.file_id AND file.removed_at IS NULL
    WHERE held.report_id = $1 ORDER BY held.file_id
"""

# Of reports that were decided or deleted, by whichever version, and of those that are older than $1 seconds.
_IS_OVER: Final = """
    NOT EXISTS (
        SELECT FROM reports report WHERE report.id = held.report_id AND report.state = 'open'
            AND report.created_at > clock_timestamp() - $1 * interval '1 second'
    )
"""

_LIST_OVER: Final = f"SELECT DISTINCT file_id FROM held_files held WHERE {_IS_OVER} LIMIT $2"

_LET_GO: Final = f"DELETE FROM held_files held WHERE file_id = ANY($2::text[]) AND {_IS_OVER}"

# The trigger withdraws once more what another report holds.
_REMOVE_WITHDRAWN: Final = f"""
    UPDATE files SET {MARK_REMOVED} WHERE id = ANY($1::text[]) AND withdrawn_at IS NOT NULL AND removed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """Where one admin gets a file that a report holds, and until when (Unix seconds). Previews as far as there are."""

    url: str
    preview_url: str | None
    large_preview_url: str | None
    until: int


async def hold(connection: Connection, report_id: str, file_ids: Sequence[str]) -> None:
    """Have a report hold those of these files that are still there. One statement; none for no files.

    Whoever deletes their message at the same time waits until the transaction ends.
    """
    if file_ids:
        await connection.execute(_HOLD, report_id, list(file_ids))


async def list_held(connection: Connection, report_id: str) -> list[str]:
    """The files that moderators can open now, because this report is open and holds them. One statement."""
    return [row["file_id"] for row in await connection.fetch(_LIST, report_id)]


async def open_for(connection: Connection, report_id: str, file_id: str, admin_id: str) -> Opened | None:
    """Addresses of a file for an admin; None when the report is not open, or does not hold it. One statement."""
    file = await repository.find_for_moderator(connection, file_id, report_id, admin_id)
    if file is None:
        return None
    until, previews = int(time.time()) + MODERATOR_LIFE_SECONDS, file.details.get("previews") or ()

    def address(variant: Variant) -> str:
        return address_for_moderator(report_id, file_id, file.key, variant, admin_id, until=until)

    return Opened(
        url=address("content"),
        preview_url=address("preview") if "preview" in previews else None,
        large_preview_url=address("large") if "large" in previews else None,
        until=until,
    )


async def let_go(connection: Connection, *, keep_seconds: float, limit: int) -> bool:
    """Hold no longer what reports hold that are decided, gone, or older than this; whether there may be more.

    What was withdrawn meanwhile is removed. Four statements at most, in the caller's transaction.
    """
    rows: list[Any] = await connection.fetch(_LIST_OVER, keep_seconds, limit)
    if not rows:
        return False
    file_ids = [row["file_id"] for row in rows]
    await connection.fetch(_LOCK, file_ids)
    await connection.execute(_LET_GO, keep_seconds, file_ids)
    await connection.execute(_REMOVE_WITHDRAWN, file_ids)
    return len(rows) == limit
