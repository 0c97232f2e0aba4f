"""All SQL of provisioning: people with their profiles, rooms with their members."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from hyred_chat.accounts.schemas import WorkingHours, profile_fields
from hyred_chat.administration.schemas import ProvisionedRoom, ProvisionedUser
from hyred_chat.db.emails import EMAIL_KEY, email_key
from hyred_chat.db.node_events import note
from hyred_chat.db.people import PERSON_COLUMNS, PERSON_JOINS, PROFILE_COLUMNS
from hyred_chat.db.pool import Connection
from hyred_chat.moments import to_wire
from hyred_chat.notifications.conversations import UNCOVER, take_leave
from hyred_chat.rooms.owners import settle_owners

_PEOPLE = f"""
    SELECT {PERSON_COLUMNS}, {PROFILE_COLUMNS}, person.email AS person_email,
           person.disabled_at IS NOT NULL AS person_is_disabled,
           coalesce(profile.name, company.name) AS given_name, person.disabled_at,
           EXISTS (SELECT FROM erasures WHERE user_id = person.id) AS person_is_erased
    FROM users person {PERSON_JOINS}
"""

_FIND_USER = f"{_PEOPLE} WHERE person.id = $1"

_LIST_USERS = f"{_PEOPLE} WHERE person.id = ANY($1::text[]) ORDER BY array_position($1::text[], person.id)"

_LIST_DISABLED = f"""
    {_PEOPLE} WHERE person.disabled_at IS NOT NULL
        AND ($1::text IS NULL OR (person.disabled_at, person.id) < ($2::timestamptz, $1::text))
    ORDER BY person.disabled_at DESC, person.id DESC LIMIT $3
"""

# By their id first.
_LIST_USER_IDS = f"""
    SELECT id FROM users WHERE id = $1 OR {EMAIL_KEY} = $2 ORDER BY id <> $1, email <> $1, id LIMIT 10
"""

_UPSERT_USER = """
    INSERT INTO users (id, email, role, disabled_at) VALUES ($1, $2, $3, CASE WHEN $4 THEN now() END)
    ON CONFLICT (id) DO UPDATE SET email = excluded.email, role = excluded.role,
        disabled_at = CASE WHEN $4 THEN coalesce(users.disabled_at, now()) END
"""

_ROOM_COLUMNS = """
    room.id, room.type, room.status, room.title, room.avatar_url, room.last_seq, room.created_at, room.last_message_at,
    ARRAY(SELECT user_id FROM chat_members WHERE room_id = room.id ORDER BY joined_at, user_id) AS member_ids
"""

_LIST_ROOMS = f"SELECT {_ROOM_COLUMNS} FROM chat_rooms room WHERE room.id > $1 ORDER BY room.id LIMIT $2"

_LIST_ROOMS_OF_MEMBER = f"""
    SELECT {_ROOM_COLUMNS} FROM chat_members member JOIN chat_rooms room ON room.id = member.room_id
    WHERE member.user_id = $3 AND room.id > $1 ORDER BY room.id LIMIT $2
"""

# Whether an owner of a group was among them.
_REMOVE_MEMBERS = """
    WITH removed AS (
        DELETE FROM chat_members WHERE room_id = $1 AND user_id = ANY($2) RETURNING role
    )
    SELECT coalesce(bool_or(role = 'owner'), false) FROM removed
"""

# By partial indexes.
_COUNT_WAITING = """
    SELECT (SELECT count(*) FROM (
        SELECT FROM notifications WHERE due_at < now() - interval '1 minute' LIMIT $1
    ) AS overdue) AS notifications,
    (SELECT count(*) FROM (SELECT FROM erasures WHERE finished_at IS NULL LIMIT $1) AS unfinished) AS erasures
"""

_LOCKED_ROOM = "SELECT id, type, status, title, avatar_url AS avatar, avatar_file_id, last_seq FROM chat_rooms"


@dataclass(frozen=True, slots=True)
class KnownUser:
    """A user as they are stored. `given_name` is the profile's; without one, the shown name is made from the e-mail."""

    user: ProvisionedUser
    given_name: str | None


@dataclass(frozen=True, slots=True)
class LockedRoom:
    """A room's row, held until the transaction ends."""

    id: str
    type: str
    status: str
    title: str | None
    avatar: str | None
    avatar_file_id: str | None
    last_seq: int


async def find_user(connection: Connection, user_id: str) -> KnownUser | None:
    """Somebody, disabled or not."""
    row = await connection.fetchrow(_FIND_USER, user_id)
    return None if row is None else KnownUser(_to_user(row), row["given_name"])


async def list_user_ids(connection: Connection, words: str) -> list[str]:
    """Who has this id or this e-mail address, whatever its case; disabled or not."""
    return [row["id"] for row in await connection.fetch(_LIST_USER_IDS, words, email_key(words))]


async def list_users(connection: Connection, user_ids: list[str]) -> list[ProvisionedUser]:
    """People in the order of these ids, disabled or not."""
    return [_to_user(row) for row in await connection.fetch(_LIST_USERS, user_ids)]


async def list_disabled(
    connection: Connection, *, limit: int, after: tuple[datetime | None, str] | None
) -> list[tuple[datetime, ProvisionedUser]]:
    """Disabled people with the time at which they were, newest first, after the one of this time and id."""
    moment, user_id = after or (None, None)
    rows = await connection.fetch(_LIST_DISABLED, user_id, moment, limit)
    return [(row["disabled_at"], _to_user(row)) for row in rows]


async def set_disabled(connection: Connection, user_id: str, *, disabled: bool) -> None:
    """Disable somebody now, or let them back."""
    await connection.execute(
        "UPDATE users SET disabled_at = CASE WHEN $2 THEN now() END WHERE id = $1", user_id, disabled
    )


async def lock_user(connection: Connection, user_id: str) -> None:
    """Keep others from making or changing somebody until the transaction ends. Sending and reading go on.

    The row alone cannot be locked before it exists, and then ON CONFLICT does not help: two inserts of one person that
    see no conflict yet meet at the unique index of addresses, and one of them would be told that the address is taken.
    """
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('user:' || $1, 0))", user_id)
    await connection.execute("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)


async def is_erased(connection: Connection, user_id: str) -> bool:
    """Whether somebody was erased on request, or is being."""
    erased: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM erasures WHERE user_id = $1)", user_id)
    return erased


async def upsert_user(connection: Connection, user_id: str, *, email: str, role: str, disabled: bool) -> None:
    """Store somebody's row. Raises `asyncpg.UniqueViolationError` when the address is taken."""
    await connection.execute(_UPSERT_USER, user_id, email, role, disabled)


async def update_profile(
    connection: Connection,
    user_id: str,
    *,
    headline: str | None,
    time_zone: str | None,
    working_hours: WorkingHours | None,
) -> None:
    """Store what is told of somebody besides their name."""
    hours = None if working_hours is None else working_hours.model_dump_json(by_alias=True)
    await connection.execute(
        "UPDATE users SET headline = $2, time_zone = $3, working_hours = $4 WHERE id = $1"
        " AND (headline, time_zone, working_hours) IS DISTINCT FROM ($2, $3, $4::jsonb)",
        user_id,
        headline,
        time_zone,
        hours,
    )


async def replace_profile(
    connection: Connection, user_id: str, *, is_company: bool, name: str | None, picture: str | None
) -> None:
    """Store the one profile that somebody has; without a name there is none.

    A company's is in `companies`, everybody else's, an admin's too, in `va_profiles`.
    """
    if name is None or not is_company:
        await connection.execute("DELETE FROM companies WHERE user_id = $1", user_id)
    if name is None or is_company:
        await connection.execute("DELETE FROM va_profiles WHERE user_id = $1", user_id)
    if name is None:
        return
    table, column = ("companies", "logo_url") if is_company else ("va_profiles", "avatar_url")
    await connection.execute(
        f"""
        INSERT INTO {table} (user_id, name, {column}) VALUES ($1, $2, $3)
        ON CONFLICT (user_id) DO UPDATE SET name = excluded.name, {column} = excluded.{column}
        """,
        user_id,
        name,
        picture,
    )


async def list_unknown_users(connection: Connection, user_ids: Collection[str]) -> list[str]:
    """Those of `user_ids` that are nobody's, in their order."""
    rows = await connection.fetch("SELECT id FROM users WHERE id = ANY($1)", list(user_ids))
    known = {row["id"] for row in rows}
    return [user_id for user_id in user_ids if user_id not in known]


async def insert_room(connection: Connection, room_id: str, *, room_type: str, direct_key: str | None) -> bool:
    """Make a room, unless its id or its pair has one. An insert that loses a race waits for the winner's commit."""
    result = await connection.execute(
        "INSERT INTO chat_rooms (id, type, direct_key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        room_id,
        room_type,
        direct_key,
    )
    return result == "INSERT 0 1"


async def lock_room(connection: Connection, room_id: str) -> LockedRoom | None:
    """The room with this id, locked as sending locks it."""
    row = await connection.fetchrow(f"{_LOCKED_ROOM} WHERE id = $1 FOR NO KEY UPDATE", room_id)
    return None if row is None else LockedRoom(**row)


async def lock_pair(connection: Connection, direct_key: str) -> LockedRoom | None:
    """A pair's room, locked as sending locks it."""
    row = await connection.fetchrow(f"{_LOCKED_ROOM} WHERE direct_key = $1 FOR NO KEY UPDATE", direct_key)
    return None if row is None else LockedRoom(**row)


async def update_room(
    connection: Connection, room_id: str, *, status: str, title: str | None, picture: str | None, file_id: str | None
) -> None:
    """Change how a room looks. Its picture is an address or a file of its own."""
    await connection.execute(
        f"""
        WITH changed AS (
            UPDATE chat_rooms SET status = $2, title = $3, avatar_url = $4, avatar_file_id = $5
            WHERE id = $1 RETURNING id
        )
        {note("room", "changed")}
        """,
        room_id,
        status,
        title,
        picture,
        file_id,
    )


async def list_member_ids(connection: Connection, room_id: str) -> list[str]:
    """Who is in a room."""
    rows = await connection.fetch("SELECT user_id FROM chat_members WHERE room_id = $1", room_id)
    return [row["user_id"] for row in rows]


async def add_members(connection: Connection, room: LockedRoom, user_ids: Iterable[str]) -> None:
    """Let people in. What was written before can be read, but does not count as unread.

    Until the next message nobody knows of a notification of theirs, so the room's cover ends (`chat_rooms` in
    db/schema/): that message writes one for every member.
    """
    await connection.execute(
        f"""
        WITH uncovered AS (UPDATE chat_rooms SET {UNCOVER} WHERE id = $1)
        INSERT INTO chat_members (room_id, user_id, last_read_seq, last_delivered_seq)
        SELECT $1, user_id, $3, $3 FROM unnest($2::text[]) AS user_id
        """,
        room.id,
        list(user_ids),
        room.last_seq,
    )


async def remove_members(connection: Connection, room_id: str, user_ids: Collection[str]) -> None:
    """Put people out, with their read positions, and what they were told of the room.

    A group that loses its last owner by that has another one.
    """
    had_owner = await connection.fetchval(_REMOVE_MEMBERS, room_id, list(user_ids))
    await take_leave(connection, room_id, user_ids)
    if had_owner:
        await settle_owners(connection, [room_id])


async def adopt_room(connection: Connection, room_id: str) -> bool:
    """Make a room that a person has opened the host's, listed for its members; whether it was one. One statement."""
    adopted: str | None = await connection.fetchval(
        f"""
        WITH adopted AS (
            UPDATE chat_rooms SET created_by = NULL WHERE id = $1 AND created_by IS NOT NULL RETURNING id
        ), shown AS (
            UPDATE chat_members SET is_hidden = false FROM adopted WHERE room_id = adopted.id AND is_hidden
        ), noted AS (
            {note("room", "adopted")}
        )
        SELECT id FROM adopted
        """,
        room_id,
    )
    return adopted is not None


async def release_pair(connection: Connection, room_id: str) -> None:
    """The room is its pair's no more: the two may have another one."""
    await connection.execute("UPDATE chat_rooms SET direct_key = NULL WHERE id = $1", room_id)


async def find_room(connection: Connection, room_id: str) -> ProvisionedRoom | None:
    """A room, if it is there."""
    row = await connection.fetchrow(f"SELECT {_ROOM_COLUMNS} FROM chat_rooms room WHERE room.id = $1", room_id)
    return None if row is None else _to_room(row)


async def get_room(connection: Connection, room_id: str) -> ProvisionedRoom:
    """A room that is there."""
    room = await find_room(connection, room_id)
    if room is None:
        raise LookupError(room_id)
    return room


async def count_waiting(connection: Connection, *, most: int) -> tuple[int, int]:
    """How many notifications are overdue by more than a minute, and how many erasures are unfinished; up to `most`."""
    [row] = await connection.fetch(_COUNT_WAITING, most)
    return row["notifications"], row["erasures"]


async def list_rooms(
    connection: Connection, *, after_id: str, limit: int, member_id: str | None
) -> list[ProvisionedRoom]:
    """Rooms in the order of their ids, of one member or of all."""
    if member_id is None:
        rows = await connection.fetch(_LIST_ROOMS, after_id, limit)
    else:
        rows = await connection.fetch(_LIST_ROOMS_OF_MEMBER, after_id, limit, member_id)
    return [_to_room(row) for row in rows]


def _to_user(row: Record) -> ProvisionedUser:
    return ProvisionedUser(
        id=row["person_id"],
        name=row["person_name"],
        avatar=row["person_avatar"],
        role=row["person_role"],
        email=row["person_email"],
        **profile_fields(dict(row)),
        disabled=row["person_is_disabled"],
        erased=row["person_is_erased"],
    )


def _to_room(row: Record) -> ProvisionedRoom:
    return ProvisionedRoom(
        id=row["id"],
        type=row["type"],
        status=row["status"],
        title=row["title"],
        avatar=row["avatar_url"],
        member_ids=row["member_ids"],
        last_seq=row["last_seq"],
        created_at=to_wire(row["created_at"]),
        last_message_at=_to_wire_or_none(row["last_message_at"]),
    )


def _to_wire_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else to_wire(moment)
