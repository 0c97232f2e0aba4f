"""All SQL about rooms and their members."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from hyred_chat.accounts.schemas import User
from hyred_chat.db import hourly_rates
from hyred_chat.db.acquaintances import SEE_ONE_ANOTHER
from hyred_chat.db.archive import IS_ARCHIVED, newest_written
from hyred_chat.db.hourly_rates import oldest_of_last
from hyred_chat.db.node_events import has_changed, note
from hyred_chat.db.people import LIST_PEOPLE, PERSON_COLUMNS, PERSON_JOINS
from hyred_chat.db.pool import Connection
from hyred_chat.db.unread import IS_UNCOUNTED, UNREAD_COUNT
from hyred_chat.files.attachments import GroupPicture, attachment_of
from hyred_chat.messages.additions import Additions
from hyred_chat.messages.records import MessageRecord
from hyred_chat.moments import millis_to_wire, to_wire
from hyred_chat.rooms.schemas import RoomFilter
from hyred_chat.rooms.state import MANAGING_ROLES, MAX_UNCOUNTED, Member, RoomState
from hyred_chat.rooms.system_events import people_of

# A row for each member, the room's own columns in every one: one statement for whatever number of rooms. What may be
# long is in the first row of each room.
_LOAD_STATES = f"""
    WITH room AS MATERIALIZED (
        SELECT room.*, last.id AS last_id, last.content AS last_content, last.type AS last_type,
               last.sender_id AS last_sender_id, last.created_at AS last_created_at, last.deleted_at AS last_deleted_at,
               CASE WHEN last.type = 'system' THEN last.metadata END AS last_metadata,
               last.attachments AS last_attachments, picture.id AS picture_id, picture.key AS picture_key,
               written.seq AS written_seq, written.created_at AS written_at,
               author.person_id AS author_id, author.person_name AS author_name, author.person_avatar AS author_avatar,
               author.person_role AS author_role,
               ARRAY(
                   SELECT seq FROM messages WHERE room_id = room.id AND ({IS_UNCOUNTED})
                       AND seq > (SELECT min(last_read_seq) FROM chat_members WHERE room_id = room.id)
                   ORDER BY seq DESC LIMIT {MAX_UNCOUNTED}
               ) AS uncounted,
               (
                   SELECT json_object_agg(seq, (extract(epoch FROM pinned_at) * 1000)::bigint) FROM messages
                   WHERE room_id = room.id AND pinned_at IS NOT NULL
               ) AS pins
        FROM chat_rooms room
        LEFT JOIN files picture ON picture.id = room.avatar_file_id AND picture.removed_at IS NULL
            AND room.avatar_url IS NULL
        LEFT JOIN messages last ON last.room_id = room.id AND last.seq = room.last_seq
        LEFT JOIN LATERAL (
            SELECT {PERSON_COLUMNS} FROM users person {PERSON_JOINS} WHERE person.id = last.sender_id
        ) author ON true
        LEFT JOIN LATERAL ({newest_written("room.id")}) written ON true
        WHERE room.id = ANY($1::text[])
    )
    SELECT room.id, room.type, room.status, room.title, room.avatar_url, room.picture_id, room.picture_key,
           room.created_at, room.last_message_at, room.last_seq, room.last_change, room.created_by, room.is_barred,
           room.last_id, room.last_content, room.last_type, room.last_sender_id, room.last_created_at,
           room.last_deleted_at, room.last_metadata,
           CASE WHEN row_number() OVER in_room = 1 THEN room.last_attachments END AS last_attachments,
           room.written_seq, room.written_at,
           room.author_id, room.author_name, room.author_avatar, room.author_role,
           CASE WHEN row_number() OVER in_room = 1 THEN room.uncounted END AS uncounted,
           CASE WHEN row_number() OVER in_room = 1 THEN room.pins END AS pins,
           member.last_read_seq, member.last_delivered_seq, member.shown_read_seq, member.shown_delivered_seq,
           member.has_written, member.is_hidden, member.role AS member_role, member.archived_seq,
           member.marked_unread_seq, member.muted_until,
           CASE WHEN room.is_barred THEN EXISTS (
               SELECT FROM user_blocks block JOIN chat_members other ON other.user_id = block.blocked_id
               WHERE block.blocker_id = member.user_id AND other.room_id = room.id
           ) ELSE false END AS has_blocked,
           {PERSON_COLUMNS}
    FROM room
    JOIN chat_members member ON member.room_id = room.id
    JOIN users person ON person.id = member.user_id
    {PERSON_JOINS}
    WINDOW in_room AS (PARTITION BY room.id ORDER BY member.joined_at, member.user_id)
    ORDER BY room.id, member.joined_at, member.user_id
"""

# What a filter of the list asks of a `room` and a `member` of it.
_FILTERS: dict[RoomFilter | None, str] = {
    None: "true",
    "all": f"NOT ({IS_ARCHIVED})",
    "unread": f"""
        NOT ({IS_ARCHIVED}) AND (
            member.marked_unread_seq = member.last_read_seq
            OR (room.last_seq > member.last_read_seq AND {UNREAD_COUNT} > 0)
        )
    """,
    "groups": f"room.type = 'group' AND NOT ({IS_ARCHIVED})",
    "archived": IS_ARCHIVED,
}

_LIST_ROOMS_OF = f"""
    SELECT room.id, room.last_message_at, room.last_seq, room.last_change, {has_changed("room.id", "$5")}
    FROM chat_members member
    JOIN chat_rooms room ON room.id = member.room_id
    WHERE member.user_id = $1 AND NOT (member.is_hidden AND room.last_seq = 0) AND {{condition}}
      AND ($2::text IS NULL OR
           (coalesce(room.last_message_at, '-infinity'), room.id) < (coalesce($3::timestamptz, '-infinity'), $2::text))
    ORDER BY coalesce(room.last_message_at, '-infinity') DESC, room.id DESC
    LIMIT $4
"""

# LATERAL … LIMIT 1 holds the planner to look-ups in the indexes, whatever it believes of the tables. No boolean[]: each
# connection would ask the catalog about it (db/pool.py).
LIST_UNKNOWN = """
    WITH known AS MATERIALIZED (
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
            AS t (id, last_seq, last_change, positions_total, is_told)
    )
    SELECT known.id, room.last_seq, room.last_change, position.total
    FROM known
    CROSS JOIN LATERAL (SELECT last_seq, last_change FROM chat_rooms WHERE id = known.id LIMIT 1) room
    CROSS JOIN LATERAL (
        SELECT sum(last_read_seq + last_delivered_seq)::bigint AS total FROM chat_members WHERE room_id = known.id
    ) position
    WHERE room.last_seq > known.last_seq OR room.last_change > known.last_change
        OR position.total > known.positions_total
    UNION ALL
    SELECT DISTINCT room.id, room.last_seq, room.last_change, 0
    FROM chat_members member
    CROSS JOIN LATERAL (
        SELECT id, last_seq, last_change FROM chat_rooms
        WHERE id = member.room_id
            AND greatest(last_message_at, last_changed_at) > clock_timestamp() - $7 * interval '1 second'
        LIMIT 1
    ) room
    WHERE member.user_id = ANY($6::text[])
      AND NOT EXISTS (SELECT FROM known WHERE known.id = member.room_id AND known.is_told = 1)
"""

# The insert that loses a race waits for the winner to commit and then returns nothing; the caller reads the winner.
_CREATE_PAIR = """
    WITH room AS (
        INSERT INTO chat_rooms (id, type, direct_key, created_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT (direct_key) DO NOTHING RETURNING id
    ), joined AS (
        INSERT INTO chat_members (room_id, user_id, is_hidden)
        SELECT room.id, member.user_id, member.is_hidden
        FROM room, (VALUES ($4, false), ($5, true)) AS member (user_id, is_hidden)
    )
    SELECT id FROM room
"""

_FIND_PAIR = """
    SELECT room.id, member.is_hidden FROM chat_rooms room
    LEFT JOIN chat_members member ON member.room_id = room.id AND member.user_id = $2
    WHERE room.direct_key = $1
"""

_OLDEST_OPENED = oldest_of_last("chat_rooms", "created_by")

_LIST_ACQUAINTANCES = f"""
    SELECT DISTINCT mine.user_id, other.user_id AS other_id
    FROM chat_members mine
    JOIN chat_members other ON other.room_id = mine.room_id AND other.user_id <> mine.user_id
    JOIN chat_rooms room ON room.id = mine.room_id
    WHERE mine.user_id = ANY($1::text[]) AND {SEE_ONE_ANOTHER}
"""


# What a member makes of a room for themselves: $3 says whether it is to be.
_PUT_ASIDE = """
    WITH changed AS (
        UPDATE chat_members member SET {column} = CASE WHEN $3 THEN {seq} END
        FROM chat_rooms room WHERE room.id = $1 AND member.room_id = $1 AND member.user_id = $2
        RETURNING member.room_id
    ), noted AS (
        {noted}
    )
    SELECT room_id FROM changed
"""
_PUT_ASIDE_NOTED = note("room", "changed", "room_id")
_ARCHIVE = _PUT_ASIDE.format(column="archived_seq", seq="least(room.last_seq, $4::bigint)", noted=_PUT_ASIDE_NOTED)
_MARK_UNREAD = _PUT_ASIDE.format(column="marked_unread_seq", seq="member.last_read_seq", noted=_PUT_ASIDE_NOTED)


class KnownRoom(NamedTuple):
    """What a node knows of a room.

    Attributes:
        positions_total: `RoomState.positions_total`.
        is_told: whether the members who are here have been told of it since it was read.
    """

    id: str
    last_seq: int
    last_change: int
    positions_total: int
    is_told: bool


class FoundRoom(NamedTuple):
    """What the database knows of it."""

    id: str
    last_seq: int
    last_change: int
    positions_total: int


async def load_states(connection: Connection, room_ids: Collection[str]) -> dict[str, RoomState]:
    """The rooms of `room_ids` that exist, by id.

    One statement, and one more when the newest message of one names somebody who is no member.
    """
    states: dict[str, RoomState] = {}
    for row in await connection.fetch(_LOAD_STATES, list(room_ids)):
        state = states.get(row["id"])
        if state is None:
            state = states[row["id"]] = _state_of(row)
        state.members[row["person_id"]] = _member_of(row)
    for state in states.values():
        if state.last_message is not None and state.last_message.sender_id in state.members:
            state.former_members.clear()  # the author is none
    await _learn_named(connection, states.values())
    return states


async def _learn_named(connection: Connection, states: Iterable[RoomState]) -> None:
    """Have whoever a newest message of the system names in its room, also people who have left."""
    strangers = [
        (state, user_id)
        for state in states
        if state.last_message is not None and state.last_message.type == "system"
        for user_id in people_of(state.last_message) - state.members.keys() - state.former_members.keys()
    ]
    if strangers:
        rows = await connection.fetch(LIST_PEOPLE, list({user_id for _, user_id in strangers}))
        people = {row["person_id"]: _person_of(row).as_json() for row in rows}
        for state, user_id in strangers:
            if user_id in people:
                state.former_members[user_id] = people[user_id]


def _state_of(row: Any) -> RoomState:
    last = None
    if row["last_id"] is not None:
        last = MessageRecord(
            room_id=row["id"],
            seq=row["last_seq"],
            id=row["last_id"],
            client_message_id=None,
            content=row["last_content"],
            type=row["last_type"],
            sender_id=row["last_sender_id"],
            metadata=row["last_metadata"],
            created_at=to_wire(row["last_created_at"]),
            additions=_additions_of_last(row),
        )
    state = RoomState(
        id=row["id"],
        type=row["type"],
        status=row["status"],
        title=row["title"],
        avatar=row["avatar_url"],
        created_at=to_wire(row["created_at"]),
        last_message_at=None if row["last_message_at"] is None else to_wire(row["last_message_at"]),
        last_seq=row["last_seq"],
        last_message=last,
        members={},
        is_opened_by_member=row["created_by"] is not None,
        is_barred=row["is_barred"],
        picture=None if row["picture_id"] is None else GroupPicture(row["picture_id"], row["picture_key"]),
        last_change=row["last_change"],
        written_seq=row["written_seq"] or 0,
        written_at=None if row["written_at"] is None else to_wire(row["written_at"]),
        uncounted=row["uncounted"][::-1],
        pins={int(seq): millis_to_wire(millis) for seq, millis in orjson.loads(row["pins"] or "{}").items()},
    )
    if row["author_id"] is not None:
        author = User(
            id=row["author_id"], name=row["author_name"], avatar=row["author_avatar"], role=row["author_role"]
        )
        state.former_members[author.id] = author.as_json()
    return state


def _additions_of_last(row: Any) -> Additions | None:
    """What lists show of it."""
    deleted_at = row["last_deleted_at"]
    if deleted_at is not None:
        return Additions(deleted_at=to_wire(deleted_at))
    attached = row["last_attachments"]
    return None if attached is None else Additions(attachments=[attachment_of(each) for each in orjson.loads(attached)])


def _person_of(row: Any) -> User:
    return User(id=row["person_id"], name=row["person_name"], avatar=row["person_avatar"], role=row["person_role"])


def _member_of(row: Any) -> Member:
    person = _person_of(row)
    return Member(
        user_id=person.id,
        name=person.name,
        person=person.as_json(),
        last_read_seq=row["last_read_seq"],
        last_delivered_seq=row["last_delivered_seq"],
        shown=None if row["shown_read_seq"] is None else (row["shown_read_seq"], row["shown_delivered_seq"]),
        has_written=row["has_written"],
        is_hidden=row["is_hidden"],
        has_blocked=row["has_blocked"],
        role=row["member_role"] if row["member_role"] in MANAGING_ROLES else "member",
        archived_seq=row["archived_seq"],
        marked_unread_seq=row["marked_unread_seq"],
        muted_until=None if row["muted_until"] is None else to_wire(row["muted_until"]),
    )


class ListedRoom(NamedTuple):
    """A room in somebody's list.

    Attributes:
        has_changed: whether that may be unknown to a process with this horizon.
    """

    id: str
    last_message_at: datetime | None
    last_seq: int
    last_change: int
    has_changed: bool


async def list_rooms_of(
    connection: Connection,
    user_id: str,
    *,
    limit: int,
    after: tuple[datetime | None, str] | None,
    only: RoomFilter | None = None,
    horizon: int,
) -> list[ListedRoom]:
    """The user's rooms, latest activity first, empty ones last; one statement.

    Args:
        only: which of them; None: all.
        after: the last_message_at and the id of the last one of the page before.
        horizon: `RoomCache.horizon`.
    """
    moment, room_id = (None, None) if after is None else after
    statement = _LIST_ROOMS_OF.format(condition=_FILTERS[only])
    rows = await connection.fetch(statement, user_id, room_id, moment, limit, horizon)
    return [ListedRoom(*row) for row in rows]


async def list_unknown(
    connection: Connection, known: Iterable[KnownRoom], user_ids: Collection[str], *, seconds: float
) -> list[FoundRoom]:
    """What the database knows of rooms that a node does not; one statement.

    These are rooms of `known` with more messages, changes or positions, and rooms of `user_ids` that have had a message
    or a change within the last so many seconds and whose members here may not have been told of it.
    """
    columns = [list(column) for column in zip(*known, strict=True)] or [[], [], [], [], []]
    return [FoundRoom(*row) for row in await connection.fetch(LIST_UNKNOWN, *columns, list(user_ids), seconds)]


_LIST_LARGE_ROOMS = """
    SELECT member.user_id, member.room_id FROM chat_members member
    WHERE member.user_id = ANY($1::text[])
      AND EXISTS (SELECT FROM chat_members other WHERE other.room_id = member.room_id OFFSET $2 - 1)
"""


async def list_large_rooms(
    connection: Connection, user_ids: Collection[str], *, least_members: int
) -> list[tuple[str, str]]:
    """Pairs (user, room) for the rooms of these users that have so many members; one statement."""
    rows = await connection.fetch(_LIST_LARGE_ROOMS, list(user_ids), least_members)
    return [(row["user_id"], row["room_id"]) for row in rows]


async def create_pair(
    connection: Connection, room_id: str, room_type: str, key: str, user_ids: tuple[str, str]
) -> str | None:
    """Make the one room of a pair (`key` is of `accounts.pairs`), or return None when there is one already.

    The first of the two opens it; the other one does not see it listed before there is a message.
    """
    created: str | None = await connection.fetchval(_CREATE_PAIR, room_id, room_type, key, *user_ids)
    return created


async def find_pair(connection: Connection, key: str, user_id: str) -> tuple[str, bool] | None:
    """A pair's room: its id, and whether it is hidden from `user_id`."""
    row = await connection.fetchrow(_FIND_PAIR, key, user_id)
    return None if row is None else (row["id"], bool(row["is_hidden"]))


async def show_room(connection: Connection, room_id: str, user_id: str) -> None:
    """Have a room listed for one of its members though it is empty."""
    await connection.execute(
        f"""
        WITH shown AS (
            UPDATE chat_members SET is_hidden = false WHERE room_id = $1 AND user_id = $2 RETURNING room_id
        )
        {note("room", "shown", "room_id")}
        """,
        room_id,
        user_id,
    )


async def archive(connection: Connection, room_id: str, user_id: str, *, archived: bool, seq: int | None) -> bool:
    """Archive a room for one of its members as it was with the message `seq`, or is, or bring it back.

    Returns whether they are a member.
    """
    return bool(await connection.fetch(_ARCHIVE, room_id, user_id, archived, seq))


async def mark_unread(connection: Connection, room_id: str, user_id: str, *, unread: bool) -> bool:
    """Mark a room as unread for a member, for as long as they read no further, or not; whether they are one."""
    return bool(await connection.fetch(_MARK_UNREAD, room_id, user_id, unread))


async def seconds_to_wait(connection: Connection, user_id: str, rooms_per_hour: int) -> float | None:
    """How long until somebody may open another room; None: they may. Others of theirs wait for this transaction."""
    return await hourly_rates.seconds_to_wait(connection, _OLDEST_OPENED, user_id, rooms_per_hour, what="new room")


async def unread_counts(connection: Connection, user_id: str, *, limit: int) -> tuple[int, dict[str, int]]:
    """Messages after the user's read positions: in all, and by room for the latest that have any; one statement."""
    rows = await connection.fetch(
        f"""
        SELECT room_id, unread, (sum(unread) OVER ())::bigint AS total FROM (
            SELECT member.room_id, room.last_message_at, {UNREAD_COUNT} AS unread
            FROM chat_members member JOIN chat_rooms room ON room.id = member.room_id
            WHERE member.user_id = $1 AND room.last_seq > member.last_read_seq
        ) counted
        WHERE unread > 0
        ORDER BY last_message_at DESC, room_id DESC LIMIT $2
        """,
        user_id,
        limit,
    )
    return (rows[0]["total"] if rows else 0), {row["room_id"]: row["unread"] for row in rows}


async def list_acquaintances(connection: Connection, user_ids: Collection[str]) -> list[tuple[str, str]]:
    """Pairs (user, other) for each of `user_ids` and everybody who may see that they are here; one statement."""
    rows = await connection.fetch(_LIST_ACQUAINTANCES, list(user_ids))
    return [(row["user_id"], row["other_id"]) for row in rows]
