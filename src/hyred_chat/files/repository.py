"""All SQL about files, but for what is done in the transaction of a message (`messages/files.py`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from hyred_chat.db.command_tags import count_of
from hyred_chat.db.files import MARK_REMOVED
from hyred_chat.db.pool import Connection

_COLUMNS = """
    id, owner_id, room_id, state, reason, name, declared_size, received, is_voice, kind, content_type, size, details,
    expires_at, removed_at, expires_at < clock_timestamp() AS is_expired, attempts
"""

# What somebody has begun to upload within a day, and how long until the oldest of it is a day old; what of theirs is
# neither sent nor removed.
_READ_USE = """
    SELECT coalesce(sum(declared_size) FILTER (WHERE is_recent), 0)::bigint AS day_bytes,
           extract(epoch FROM min(created_at) FILTER (WHERE is_recent) + interval '1 day' - clock_timestamp())::float8
               AS wait_seconds,
           count(*) FILTER (WHERE message_id IS NULL AND removed_at IS NULL) AS unsent_count
    FROM (
        SELECT *, created_at > clock_timestamp() - interval '1 day' AS is_recent FROM files
        WHERE owner_id = $1 AND created_at > clock_timestamp() - interval '2 days'
    ) recent
"""

_CREATE = """
    INSERT INTO files (id, owner_id, room_id, name, declared_size, is_voice, key, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + $8 * interval '1 second')
    RETURNING expires_at
"""

# What has come is written down if it follows what had come before, by whichever process. With it the file may become
# smaller than was said, and never larger: what counts for its owner was checked for the size that was announced.
_ADD_SEGMENTS = """
    WITH segment AS MATERIALIZED (
        SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::text[]) AS t (start, size, name)
    ), total AS MATERIALIZED (
        SELECT ($2::bigint + coalesce(sum(size), 0))::bigint AS received FROM segment
    ), advanced AS (
        UPDATE files SET received = total.received, declared_size = $6::bigint,
            state = CASE WHEN total.received = $6::bigint THEN 'processing' ELSE state END
        FROM total
        WHERE id = $1 AND files.received = $2::bigint AND state = 'uploading' AND removed_at IS NULL
            AND declared_size >= $6::bigint
        RETURNING id, state
    ), added AS (
        INSERT INTO file_segments (file_id, start, size, name)
        SELECT advanced.id, segment.start, segment.size, segment.name FROM advanced, segment
    )
    SELECT state FROM advanced
"""

_REMOVE = f"""
    UPDATE files SET {MARK_REMOVED}
    WHERE id = $1 AND owner_id = $2 AND message_id IS NULL AND removed_at IS NULL RETURNING id
"""

# An examination that came to no end was cut off with its process: another one begins anew.
_CLAIM = f"""
    UPDATE files SET claimed_until = clock_timestamp() + $1 * interval '1 second', attempts = attempts + 1
    WHERE id = (
        SELECT id FROM files WHERE state = 'processing' AND removed_at IS NULL
            AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
        ORDER BY coalesce(array_position($2::text[], owner_id), 0), created_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING {_COLUMNS}
"""

_FINISH = """
    WITH finished AS (
        UPDATE files SET state = $3, reason = $4, name = coalesce($5, name), kind = $6, content_type = $7, size = $8,
            details = $9::json, claimed_until = NULL
        WHERE id = $1 AND state = 'processing' AND attempts = $2 AND removed_at IS NULL RETURNING id
    ), forgotten AS (
        DELETE FROM file_segments USING finished WHERE file_segments.file_id = finished.id
    )
    SELECT id FROM finished
"""

# By the message that it was sent with, or as the picture that its group has now.
_FIND_FOR_READER = """
    SELECT file.id, file.name, file.kind, file.content_type, file.size, file.details, file.key
    FROM files file
    JOIN chat_members member ON member.room_id = file.room_id AND member.user_id = $2
    JOIN users person ON person.id = member.user_id AND person.disabled_at IS NULL
    WHERE file.id = $1 AND file.state = 'ready' AND file.removed_at IS NULL AND file.withdrawn_at IS NULL AND (
        EXISTS (
            SELECT FROM messages message
            WHERE message.room_id = file.room_id AND message.seq = file.message_seq AND message.deleted_at IS NULL
        ) OR EXISTS (
            SELECT FROM chat_rooms room
            WHERE room.id = file.room_id AND room.avatar_file_id = file.id AND room.avatar_url IS NULL
        )
    )
"""

_FIND_FOR_MODERATOR = """
    SELECT file.id, file.name, file.kind, file.content_type, file.size, file.details, file.key
    FROM held_files held
    JOIN reports report ON report.id = held.report_id AND report.state = 'open'
    JOIN files file ON file.id = held.file_id AND file.state = 'ready' AND file.removed_at IS NULL
    JOIN users person ON person.id = $3 AND person.role = 'admin' AND person.disabled_at IS NULL
    WHERE held.report_id = $2 AND held.file_id = $1
"""

_LIST_SENT = """
    SELECT id, message_seq FROM files
    WHERE room_id = $1 AND message_seq IS NOT NULL AND removed_at IS NULL AND withdrawn_at IS NULL
        AND ($2::text IS NULL OR kind = $2)
        AND ($3::bigint IS NULL OR (message_seq, id) < ($3, $4::text))
    ORDER BY message_seq DESC, id DESC LIMIT $5
"""

_EXPIRE = f"""
    WITH old AS MATERIALIZED (
        SELECT id FROM files WHERE expires_at < clock_timestamp() AND removed_at IS NULL AND message_id IS NULL
        ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
    )
    UPDATE files SET {MARK_REMOVED}, expires_at = NULL FROM old WHERE files.id = old.id
"""

# Of messages that a version deleted which knows no files.
_REMOVE_LEFT_BEHIND = f"""
    UPDATE files SET {MARK_REMOVED}
    FROM deleted_messages deleted
    WHERE deleted.deleted_at > clock_timestamp() - interval '1 hour' AND files.message_id = deleted.message_id
        AND files.removed_at IS NULL AND files.withdrawn_at IS NULL
"""

_LIST_REMOVED = """
    SELECT id FROM files WHERE removed_at IS NOT NULL AND NOT is_erased ORDER BY removed_at LIMIT $1
"""

_KNOWN = "id, state, removed_at IS NOT NULL AS is_removed, details"
_LIST_KNOWN = f"SELECT {_KNOWN} FROM files WHERE id = ANY($1::text[])"
_LIST_READY = f"""
    SELECT {_KNOWN} FROM files WHERE state = 'ready' AND removed_at IS NULL AND id > $1 ORDER BY id LIMIT $2
"""

# They count for the total of a day.
_FORGET = """
    DELETE FROM files WHERE id IN (
        SELECT id FROM files
        WHERE removed_at < clock_timestamp() - interval '1 day' AND is_erased ORDER BY removed_at LIMIT $1
    )
"""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of `files`. Sizes are in bytes; `details` is what the examination found besides."""

    id: str
    owner_id: str
    room_id: str
    state: str
    reason: str | None
    name: str
    declared_size: int
    received: int
    is_voice: bool
    kind: str | None
    content_type: str | None
    size: int | None
    details: dict[str, Any]
    expires_at: datetime | None
    removed_at: datetime | None
    is_expired: bool
    attempts: int


@dataclass(frozen=True, slots=True)
class Use:
    """How much of what is bounded somebody has used. `wait_seconds`: until the day's total begins to fall."""

    day_bytes: int
    wait_seconds: float | None
    unsent_count: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a file that has come: `name` is that of its object in the store."""

    start: int
    size: int
    name: str


@dataclass(frozen=True, slots=True)
class ReadableFile:
    """A file that somebody may have now."""

    id: str
    name: str
    kind: str
    content_type: str
    size: int
    details: dict[str, Any]
    key: bytes


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What says which objects of a file are needed: `previews` are their names, besides the content."""

    id: str
    state: str
    is_removed: bool
    previews: frozenset[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """How an examination came out. `name`: None leaves it. `state` is `ready` or `refused`."""

    state: str
    reason: str | None = None
    name: str | None = None
    kind: str | None = None
    content_type: str | None = None
    size: int | None = None
    details: dict[str, Any] | None = None


async def read_use(connection: Connection, owner_id: str) -> Use:
    """What somebody has used. Others of theirs wait for the transaction that this is in. Two statements."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('files:' || $1, 0))", owner_id)
    row: Any = await connection.fetchrow(_READ_USE, owner_id)
    return Use(row["day_bytes"], row["wait_seconds"], row["unsent_count"])


async def create(
    connection: Connection,
    file_id: str,
    *,
    owner_id: str,
    room_id: str,
    name: str,
    size: int,
    is_voice: bool,
    key: bytes,
    life_seconds: float,
) -> datetime:
    """Write down a file that is to come; when it expires."""
    expires_at: datetime = await connection.fetchval(
        _CREATE, file_id, owner_id, room_id, name, size, is_voice, key, life_seconds
    )
    return expires_at


async def find(connection: Connection, file_id: str, owner_id: str) -> FileRow | None:
    """Somebody's file."""
    row = await connection.fetchrow(f"SELECT {_COLUMNS} FROM files WHERE id = $1 AND owner_id = $2", file_id, owner_id)
    return None if row is None else _file_of(row)


async def add_segments(
    connection: Connection, file_id: str, *, received: int, segments: Sequence[Segment], size: int
) -> str | None:
    """Write down what has come after the first `received` bytes; the state by then, or None when others were faster.

    Args:
        size: of the whole file: what was announced, or less.
    """
    state: str | None = await connection.fetchval(
        _ADD_SEGMENTS,
        file_id,
        received,
        [each.start for each in segments],
        [each.size for each in segments],
        [each.name for each in segments],
        size,
    )
    return state


async def remove(connection: Connection, file_id: str, owner_id: str) -> bool:
    """Take back a file that was not sent; whether there was one."""
    removed: str | None = await connection.fetchval(_REMOVE, file_id, owner_id)
    return removed is not None


async def claim(connection: Connection, *, seconds: float, lately: Sequence[str] = ()) -> FileRow | None:
    """The oldest file that waits to be examined. Nobody else examines it for so long.

    Args:
        lately: the owners of files that were examined lately, the last one at the end: the files of others come first,
            and then theirs in this order.
    """
    row = await connection.fetchrow(_CLAIM, seconds, list(lately))
    return None if row is None else _file_of(row)


async def list_segments(connection: Connection, file_id: str) -> list[Segment]:
    """What a file consists of, in its order."""
    rows = await connection.fetch(
        "SELECT start, size, name FROM file_segments WHERE file_id = $1 ORDER BY start", file_id
    )
    return [Segment(*row) for row in rows]


async def finish(connection: Connection, file: FileRow, findings: Findings) -> bool:
    """Write down how an examination came out; False when it is not this process's any more, or the file is gone."""
    finished: str | None = await connection.fetchval(
        _FINISH,
        file.id,
        file.attempts,
        findings.state,
        findings.reason,
        findings.name,
        findings.kind,
        findings.content_type,
        findings.size,
        None if findings.details is None else orjson.dumps(findings.details).decode(),
    )
    return finished is not None


async def give_back(connection: Connection, file: FileRow, *, seconds: float) -> None:
    """Have a file examined later, as if it had not been claimed."""
    await connection.execute(
        """
        UPDATE files SET attempts = attempts - 1, claimed_until = clock_timestamp() + $3 * interval '1 second'
        WHERE id = $1 AND attempts = $2 AND state = 'processing'
        """,
        file.id,
        file.attempts,
        seconds,
    )


async def is_removed(connection: Connection, file_id: str) -> bool:
    """Whether nobody may have a file any more, or it is not known at all."""
    removed: bool = await connection.fetchval(
        "SELECT NOT EXISTS (SELECT FROM files WHERE id = $1 AND removed_at IS NULL)", file_id
    )
    return removed


async def find_for_reader(connection: Connection, file_id: str, user_id: str) -> ReadableFile | None:
    """A file of a message that is there, or the picture of a group, in a room of `user_id`'s now; one statement."""
    return _readable_of(await connection.fetchrow(_FIND_FOR_READER, file_id, user_id))


async def find_for_moderator(
    connection: Connection, file_id: str, report_id: str, admin_id: str
) -> ReadableFile | None:
    """A file that an open report holds, for somebody who is an admin now; one statement."""
    return _readable_of(await connection.fetchrow(_FIND_FOR_MODERATOR, file_id, report_id, admin_id))


async def list_sent(
    connection: Connection, room_id: str, *, kind: str | None, after: tuple[int, str] | None, limit: int
) -> list[tuple[int, str]]:
    """Files of a room as (seq of the message, file id), the newest first, after this one."""
    seq, file_id = after or (None, None)
    rows = await connection.fetch(_LIST_SENT, room_id, kind, seq, file_id, limit)
    return [(row["message_seq"], row["id"]) for row in rows]


async def expire(connection: Connection, *, limit: int) -> bool:
    """Remove files that were not sent in time; whether there may be more."""
    return count_of(await connection.execute(_EXPIRE, limit)) == limit


async def remove_left_behind(connection: Connection) -> None:
    """Remove files of messages that were deleted without them."""
    await connection.execute(_REMOVE_LEFT_BEHIND)


async def list_removed(connection: Connection, *, limit: int) -> list[str]:
    """Files whose bytes are to be deleted."""
    return [row["id"] for row in await connection.fetch(_LIST_REMOVED, limit)]


async def list_known(connection: Connection, file_ids: Sequence[str]) -> dict[str, KnownFile]:
    """Those of these files that there are, by id; one statement."""
    return {row["id"]: _known_of(row) for row in await connection.fetch(_LIST_KNOWN, list(file_ids))}


async def list_ready(connection: Connection, *, after: str, limit: int) -> list[KnownFile]:
    """Files that are ready, in the order of their ids, after this one; one statement."""
    return [_known_of(row) for row in await connection.fetch(_LIST_READY, after, limit)]


async def note_erased(connection: Connection, file_ids: Sequence[str]) -> None:
    """Their bytes are deleted."""
    await connection.execute("UPDATE files SET is_erased = true WHERE id = ANY($1::text[])", list(file_ids))


async def forget(connection: Connection, *, limit: int) -> bool:
    """Delete rows of what was removed a day ago; whether there may be more."""
    return count_of(await connection.execute(_FORGET, limit)) == limit


def _readable_of(row: Any) -> ReadableFile | None:
    if row is None:
        return None
    details = orjson.loads(row["details"] or "{}")
    return ReadableFile(row["id"], row["name"], row["kind"], row["content_type"], row["size"], details, row["key"])


def _known_of(row: Any) -> KnownFile:
    details = orjson.loads(row["details"] or "{}")
    return KnownFile(row["id"], row["state"], row["is_removed"], frozenset(details.get("previews") or ()))


def _file_of(row: Any) -> FileRow:
    fields = dict(row) | {"details": orjson.loads(row["details"] or "{}"), "is_expired": bool(row["is_expired"])}
    return FileRow(**fields)
