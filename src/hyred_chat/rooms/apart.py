"""Two people who are kept apart: in no room of two can either of them write to the other, or bring them into a group.

They are while one of them has blocked the other, or the host has blocked any room of two of theirs. Their rooms say so
by `is_barred`, so that storing a message looks at nothing but its room; and what others see of a member's positions
stands still while it does.
"""

from collections.abc import Collection

from hyred_chat.accounts.pairs import pair_key
from hyred_chat.db.node_events import note
from hyred_chat.db.pool import Connection

# A room of two is no group, and has these two members and nobody else.
_ROOMS_OF_TWO = """
    SELECT one.room_id FROM chat_members one
    JOIN chat_members two ON two.room_id = one.room_id AND two.user_id = $2
    JOIN chat_rooms room ON room.id = one.room_id AND room.type <> 'group'
    WHERE one.user_id = $1 AND NOT EXISTS (
        SELECT 1 FROM chat_members third WHERE third.room_id = one.room_id AND third.user_id NOT IN ($1, $2)
    )
"""

# Rooms are locked in the order of their ids, as everywhere.
_LOCK_ROOMS = f"""
    SELECT id FROM chat_rooms WHERE id = $3 OR id IN ({_ROOMS_OF_TWO}) ORDER BY id FOR NO KEY UPDATE
"""

_HAS_ONE_BLOCKED = "EXISTS (SELECT 1 FROM user_blocks WHERE (blocker_id, blocked_id) IN (($1, $2), ($2, $1)))"

_ARE_APART = f"""
    SELECT EXISTS (SELECT 1 FROM chat_rooms WHERE status = 'blocked' AND id IN ({_ROOMS_OF_TWO})) OR {_HAS_ONE_BLOCKED}
"""

# Rooms of two that are barred say so of both of their people.
_LIST_APART = """
    SELECT blocked_id AS id FROM user_blocks WHERE blocker_id = $1 AND blocked_id = ANY($2::text[])
    UNION SELECT blocker_id FROM user_blocks WHERE blocked_id = $1 AND blocker_id = ANY($2::text[])
    UNION
    SELECT other.user_id FROM chat_members mine
    JOIN chat_rooms room ON room.id = mine.room_id AND room.is_barred
    JOIN chat_members other ON other.room_id = mine.room_id AND other.user_id = ANY($2::text[])
    WHERE mine.user_id = $1 AND other.user_id <> $1
"""

_FIND_ROOM_OF_TWO = f"""
    SELECT id, last_seq FROM chat_rooms WHERE last_seq > 0 AND id IN ({_ROOMS_OF_TWO})
    ORDER BY last_message_at DESC LIMIT 1
"""

_SETTLE = f"""
    WITH verdict AS (
        SELECT id, bool_or(status = 'blocked') OVER () OR {_HAS_ONE_BLOCKED} AS is_apart
        FROM chat_rooms WHERE id IN ({_ROOMS_OF_TWO})
    ), changed AS (
        UPDATE chat_rooms SET is_barred = verdict.is_apart FROM verdict
        WHERE chat_rooms.id = verdict.id AND chat_rooms.is_barred <> verdict.is_apart
        RETURNING chat_rooms.id, chat_rooms.is_barred
    ), shown AS (
        UPDATE chat_members member
        SET shown_read_seq = CASE WHEN changed.is_barred THEN member.last_read_seq END,
            shown_delivered_seq = CASE WHEN changed.is_barred THEN member.last_delivered_seq END
        FROM changed WHERE member.room_id = changed.id
    ), noted AS (
        {note("pair", "changed")}
    )
    SELECT id FROM changed
"""

_NOTE_ROOMS = f"""
    WITH room AS ({_ROOMS_OF_TWO})
    {note("pair", "room", "room_id")}
"""

# A room that is not of two any more.
_RELEASE = f"""
    WITH changed AS (
        UPDATE chat_rooms SET is_barred = false
        WHERE id = $1 AND is_barred AND (type = 'group' OR (SELECT count(*) FROM chat_members WHERE room_id = $1) <> 2)
        RETURNING id
    ), shown AS (
        UPDATE chat_members member SET shown_read_seq = NULL, shown_delivered_seq = NULL
        FROM changed WHERE member.room_id = changed.id
    ), noted AS (
        {note("room", "changed")}
    )
    SELECT id FROM changed
"""


async def lock_pair(connection: Connection, first_id: str, second_id: str) -> None:
    """Until the transaction ends, nobody else makes a room of these two, or changes whether they are apart."""
    await connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", pair_key("pair", first_id, second_id)
    )


async def lock_rooms(connection: Connection, first_id: str, second_id: str, room_id: str | None) -> list[str]:
    """Lock the rooms of two of a pair, and another one, as sending locks them; their ids."""
    return [row["id"] for row in await connection.fetch(_LOCK_ROOMS, first_id, second_id, room_id)]


async def are_apart(connection: Connection, first_id: str, second_id: str) -> bool:
    """Whether these two are kept apart."""
    apart: bool = await connection.fetchval(_ARE_APART, first_id, second_id)
    return apart


async def list_apart(connection: Connection, user_id: str, other_ids: Collection[str]) -> set[str]:
    """Those of these people from whom somebody is kept apart."""
    return {row["id"] for row in await connection.fetch(_LIST_APART, user_id, list(other_ids))}


async def find_room_of_two(connection: Connection, first_id: str, second_id: str) -> tuple[str, int] | None:
    """The room of two of these people with the newest message: its id and that message's seq."""
    row = await connection.fetchrow(_FIND_ROOM_OF_TWO, first_id, second_id)
    return None if row is None else (row["id"], row["last_seq"])


async def settle(connection: Connection, first_id: str, second_id: str) -> list[str]:
    """Have all rooms of two of these people say whether they are apart; the ids of those that said otherwise."""
    return [row["id"] for row in await connection.fetch(_SETTLE, first_id, second_id)]


async def note_rooms(connection: Connection, first_id: str, second_id: str) -> None:
    """Have all processes read the rooms of two of these people again: who has blocked whom is another one now."""
    await connection.execute(_NOTE_ROOMS, first_id, second_id)


async def release(connection: Connection, room_id: str) -> None:
    """Have a room that is not of two people say nothing of them."""
    await connection.execute(_RELEASE, room_id)
