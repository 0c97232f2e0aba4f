"""All SQL of exports: what somebody could see and wrote, without what was deleted. Times are as on the wire."""

from dataclasses import dataclass
from typing import Any

import orjson

from hyred_chat.db.people import PERSON_COLUMNS, PERSON_JOINS, PROFILE_COLUMNS
from hyred_chat.db.pool import Connection
from hyred_chat.moments import to_wire

Json = dict[str, Any]

# What is one statement each, as objects. A person has few of these.
_FILES = {
    "profile.json": f"""
        SELECT person.id, person.email, {PERSON_COLUMNS}, {PROFILE_COLUMNS}, person.created_at, person.last_seen_at
        FROM users person {PERSON_JOINS} WHERE person.id = $1
    """,
    "devices.json": """
        SELECT platform, app_version, locale, time_zone, seen_at FROM device_tokens WHERE user_id = $1 ORDER BY seen_at
    """,
    "notification-preferences.json": """
        SELECT types, quiet_from, quiet_until, time_zone, preview FROM notification_preferences WHERE user_id = $1
    """,
    "drafts.json": """
        SELECT room_id, draft AS content, draft_at AS updated_at FROM chat_members
        WHERE user_id = $1 AND draft IS NOT NULL ORDER BY draft_at
    """,
    "blocked-people.json": """
        SELECT blocked_id AS user_id, created_at FROM user_blocks WHERE blocker_id = $1 ORDER BY created_at
    """,
    "reports.json": """
        SELECT user_id, message_id, reason, note, created_at FROM reports WHERE reporter_id = $1 ORDER BY created_at
    """,
    "notices.json": """
        SELECT n.type, notice.title, notice.body, notice.data, n.listed_at, n.read_at
        FROM notifications n JOIN notices notice ON notice.id = n.notice_id
        WHERE n.user_id = $1 AND n.listed_at IS NOT NULL ORDER BY n.listed_at
    """,
}
_JSON_COLUMNS = {"working_hours", "types", "data", "metadata", "reactions", "versions"}
# What signs addresses, and what is made of a file.
_PRIVATE = {"key", "previews"}

_LIST_ATTACHED = """
    SELECT id, name, size FROM files
    WHERE message_id IS NOT NULL AND removed_at IS NULL AND withdrawn_at IS NULL AND id > $2 AND (
        owner_id = $1
        OR (message_seq IS NOT NULL AND room_id IN (SELECT room_id FROM chat_members WHERE user_id = $1))
    )
    ORDER BY id LIMIT $3
"""

_LIST_ROOMS = """
    SELECT room.id, room.type, room.title, room.last_seq, member.joined_at, member.last_read_seq,
           ARRAY(SELECT user_id FROM chat_members WHERE room_id = room.id ORDER BY joined_at, user_id) AS member_ids
    FROM chat_members member JOIN chat_rooms room ON room.id = member.room_id
    WHERE member.user_id = $1 AND room.id > $2 ORDER BY room.id LIMIT $3
"""

_MESSAGE = """
    room_id, seq, id, sender_id, content, type, metadata, created_at, edited_at, reply_to, mentions, reactions,
    attachments,
    CASE WHEN edited_at IS NOT NULL THEN (
        SELECT json_agg(json_build_object('content', version.content) ORDER BY version.change)
        FROM message_versions version WHERE version.room_id = messages.room_id AND version.seq = messages.seq
    ) END AS versions
"""

_LIST_MESSAGES = f"""
    SELECT {_MESSAGE} FROM messages
    WHERE room_id = $1 AND seq > $2 AND seq <= $3 AND deleted_at IS NULL ORDER BY seq LIMIT $4
"""

# A stretch of all messages in the order of rooms and seqs, of which only those of the person are returned, and the end.
_LOOK_EVERYWHERE = f"""
    WITH stretch AS MATERIALIZED (
        SELECT room_id, seq, sender_id, deleted_at FROM messages WHERE (room_id, seq) > ($2, $3)
        ORDER BY room_id, seq LIMIT $4
    )
    SELECT {_MESSAGE}, (sender_id = $1 AND deleted_at IS NULL) AS is_hit
    FROM (
        SELECT room_id, seq FROM stretch WHERE sender_id = $1 AND deleted_at IS NULL
        UNION
        (SELECT room_id, seq FROM stretch ORDER BY room_id DESC, seq DESC LIMIT 1)
    ) wanted JOIN messages USING (room_id, seq) ORDER BY room_id, seq
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The messages of somebody in a part of all messages, and where it ends; None behind the last one."""

    messages: list[Json]
    end: tuple[str, int] | None


async def list_files(connection: Connection, user_id: str) -> dict[str, list[Json]]:
    """What there is about somebody besides rooms and messages, by the names of files. A statement each."""
    return {name: [_object_of(row) for row in await connection.fetch(sql, user_id)] for name, sql in _FILES.items()}


async def list_rooms(connection: Connection, user_id: str, *, after: str, limit: int) -> list[Json]:
    """The rooms that somebody is in, in the order of their ids; one statement."""
    return [_object_of(row) for row in await connection.fetch(_LIST_ROOMS, user_id, after, limit)]


async def list_messages(connection: Connection, room_id: str, *, after: int, until: int, limit: int) -> list[Json]:
    """The messages of a room with `after` < seq <= `until`; one statement."""
    return [_object_of(row) for row in await connection.fetch(_LIST_MESSAGES, room_id, after, until, limit)]


async def look_everywhere(connection: Connection, user_id: str, after: tuple[str, int], *, rows: int) -> Stretch:
    """The messages that somebody wrote, in the next so many of all messages; one statement."""
    found = await connection.fetch(_LOOK_EVERYWHERE, user_id, *after, rows)
    messages = [_object_of(row) for row in found if row["is_hit"]]
    return Stretch(messages, (found[-1]["room_id"], found[-1]["seq"]) if found else None)


async def list_attached(connection: Connection, user_id: str, *, after: str, limit: int) -> list[Json]:
    """Files in messages of somebody's rooms, and all of their own that are used, by their ids; one statement."""
    return [_object_of(row) for row in await connection.fetch(_LIST_ATTACHED, user_id, after, limit)]


def _object_of(row: Any) -> Json:
    return {_camel(name): _value_of(name, value) for name, value in row.items() if name != "is_hit"}


def _camel(name: str) -> str:
    first, *others = name.removeprefix("person_").split("_")
    return first + "".join(each.capitalize() for each in others)


def _value_of(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "attachments":
        return [{key: each[key] for key in each.keys() - _PRIVATE} for each in orjson.loads(value)]
    if name in _JSON_COLUMNS:
        return orjson.loads(value)
    return to_wire(value) if name.endswith("_at") else value
