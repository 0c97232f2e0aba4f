"""All SQL of groups. Everybody who changes one holds the lock of its room."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import orjson

from hyred_chat.db.node_events import note
from hyred_chat.db.people import LIST_PEOPLE
from hyred_chat.db.pool import Connection
from hyred_chat.files.pictures import find_picture
from hyred_chat.groups.rules import Group, Picture
from hyred_chat.notifications.conversations import UNCOVER, take_leave
from hyred_chat.rooms.schemas import MemberRole

_LOCK = "SELECT id, type, status, title, avatar_url, avatar_file_id FROM chat_rooms WHERE id = $1 FOR NO KEY UPDATE"

# What an older version, or the host by SQL, has written besides is an ordinary member's.
_LIST_ROLES = """
    SELECT member.user_id, CASE WHEN member.role IN ('owner', 'admin') THEN member.role ELSE 'member' END AS role,
           person.disabled_at IS NOT NULL AS is_disabled
    FROM chat_members member JOIN users person ON person.id = member.user_id
    WHERE member.room_id = $1 ORDER BY member.joined_at, member.user_id
"""

# They are in the order in which they are given, the maker first.
_ADD_MEMBERS = f"""
    WITH uncovered AS (UPDATE chat_rooms SET {UNCOVER} WHERE id = $1)
    INSERT INTO chat_members (room_id, user_id, role, joined_at, last_read_seq, last_delivered_seq)
    SELECT $1, user_id, role, clock_timestamp() + place * interval '1 microsecond', $4, $4
    FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS added (user_id, role, place)
"""

_SET_ROLE = f"""
    WITH changed AS (
        UPDATE chat_members SET role = $3 WHERE room_id = $1 AND user_id = $2 RETURNING room_id
    )
    {note("room", "changed", "room_id")}
"""

_UPDATE_LOOKS = f"""
    WITH changed AS (
        UPDATE chat_rooms SET title = $2, avatar_url = $3, avatar_file_id = $4 WHERE id = $1 RETURNING id
    )
    {note("room", "changed")}
"""

_HAS_LEFT = """
    SELECT EXISTS (
        SELECT 1 FROM messages
        WHERE room_id = $1 AND type = 'system' AND sender_id = $2 AND metadata ->> 'event' = 'left'
    )
"""


def group_id(maker_id: str, client_room_id: str) -> str:
    """The id of the group that somebody's client calls so: 32 hexadecimal digits, always the same ones."""
    return hashlib.sha256(orjson.dumps(["group", maker_id, client_room_id])).hexdigest()[:32]


async def lock_group(connection: Connection, room_id: str) -> Group | None:
    """A room and its members, locked as sending locks it. Two statements, and one more where its picture is a file."""
    row = await connection.fetchrow(_LOCK, room_id)
    if row is None:
        return None
    members = await connection.fetch(_LIST_ROLES, room_id)
    roles = {member["user_id"]: member["role"] for member in members}
    disabled = frozenset(member["user_id"] for member in members if member["is_disabled"])
    picture = Picture(row["avatar_url"], await find_picture(connection, row["avatar_file_id"]))
    return Group(row["id"], row["type"], row["status"], row["title"], picture, roles, disabled)


async def find_maker(connection: Connection, room_id: str) -> str | None:
    """Who has made a group; None: there is none, or it is the host's."""
    maker_id: str | None = await connection.fetchval(
        "SELECT created_by FROM chat_rooms WHERE id = $1 AND type = 'group'", room_id
    )
    return maker_id


async def insert_group(connection: Connection, room_id: str, *, title: str, picture: str | None, maker_id: str) -> bool:
    """Make a group without members, unless its id is taken. An insert that loses a race waits for the winner."""
    result = await connection.execute(
        "INSERT INTO chat_rooms (id, type, title, avatar_url, created_by) VALUES ($1, 'group', $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        room_id,
        title,
        picture,
        maker_id,
    )
    return result == "INSERT 0 1"


async def list_active(connection: Connection, user_ids: Collection[str]) -> set[str]:
    """Those of these people who are there and not disabled. They stay until the transaction ends."""
    rows = await connection.fetch(
        "SELECT id FROM users WHERE id = ANY($1::text[]) AND disabled_at IS NULL ORDER BY id FOR KEY SHARE",
        list(user_ids),
    )
    return {row["id"] for row in rows}


async def list_names(connection: Connection, user_ids: Collection[str]) -> dict[str, str]:
    """What these people are called."""
    rows: list[Any] = await connection.fetch(LIST_PEOPLE, list(user_ids))
    return {row["person_id"]: row["person_name"] for row in rows}


async def add_members(connection: Connection, room_id: str, roles: Mapping[str, MemberRole], *, read_seq: int) -> None:
    """Let people in. What was written up to `read_seq` can be read, and is not unread."""
    await connection.execute(_ADD_MEMBERS, room_id, list(roles), list(roles.values()), read_seq)


async def remove_member(connection: Connection, room_id: str, user_id: str) -> None:
    """Put somebody out, with their read position, and what they were told of the room."""
    await connection.execute("DELETE FROM chat_members WHERE room_id = $1 AND user_id = $2", room_id, user_id)
    await take_leave(connection, room_id, [user_id])


async def set_role(connection: Connection, room_id: str, user_id: str, role: MemberRole) -> None:
    """Let a member have a role."""
    await connection.execute(_SET_ROLE, room_id, user_id, role)


async def update_looks(connection: Connection, room_id: str, *, title: str | None, picture: Picture) -> None:
    """Change how a group looks."""
    await connection.execute(_UPDATE_LOOKS, room_id, title, picture.address, picture.file_id)


async def has_left(connection: Connection, room_id: str, user_id: str) -> bool:
    """Whether somebody has left this group by themselves."""
    left: bool = await connection.fetchval(_HAS_LEFT, room_id, user_id)
    return left
