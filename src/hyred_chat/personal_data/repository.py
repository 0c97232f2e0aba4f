"""All SQL of erasures. Whoever changes messages holds the lock of their room (docs/decisions/0024-changes.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from hyred_chat.db.command_tags import count_of
from hyred_chat.db.files import MARK_REMOVED, removal_of_files
from hyred_chat.db.node_events import note
from hyred_chat.db.people import ERASED_NAME
from hyred_chat.db.pool import Connection
from hyred_chat.messages.additions import DELETED_CONTENT
from hyred_chat.notifications.conversations import CHAT_NOTIFICATION_ID

# What is done, in this order: messages in the rooms of the person; those in rooms that they have left, which only a
# look at all messages finds; what they were told; and once more the rooms of the person, some time after they were let
# in nowhere any more, for what was being sent at that moment.
Phase: TypeAlias = Literal["rooms", "everywhere", "notifications", "late"]

_BEGIN = """
    INSERT INTO erasures (user_id) SELECT id FROM users WHERE id = $1 ON CONFLICT DO NOTHING RETURNING user_id
"""

# The address holds the name, so that every version of the server, and every statement, shows it.
_FORGET_PERSON = f"""
    WITH person AS (
        UPDATE users SET email = '{ERASED_NAME}@' || md5(id) || '.invalid',
            disabled_at = coalesce(disabled_at, clock_timestamp()), last_seen_at = NULL,
            headline = NULL, time_zone = NULL, working_hours = NULL
        WHERE id = $1
    ), va AS (
        DELETE FROM va_profiles WHERE user_id = $1
    ), company AS (
        DELETE FROM companies WHERE user_id = $1
    ), draft AS (
        UPDATE chat_members SET draft = NULL, draft_reply_to = NULL WHERE user_id = $1 AND draft IS NOT NULL
    ), preference AS (
        DELETE FROM notification_preferences WHERE user_id = $1
    )
    UPDATE reports SET profile_name = NULL, profile_avatar = NULL WHERE user_id = $1
"""

# Those that are in no message: what was not used, and pictures of groups. Files in messages go with them.
# Whoever uses several files locks them in the order of their ids.
_REMOVE_FILES = f"""
    WITH mine AS MATERIALIZED (
        SELECT id FROM files WHERE owner_id = $1 AND message_seq IS NULL AND removed_at IS NULL ORDER BY id FOR UPDATE
    ), removed AS (
        UPDATE files SET {MARK_REMOVED} WHERE id IN (SELECT id FROM mine) RETURNING room_id, message_id
    ), picture AS (
        SELECT room_id FROM removed WHERE message_id IS NOT NULL
    )
    {note("room", "picture", "room_id")}
"""

_FIND = "SELECT user_id, requested_at, finished_at, message_count FROM erasures WHERE user_id = $1"

_CLAIM = """
    SELECT user_id, phase, after_room, after_seq FROM erasures
    WHERE finished_at IS NULL AND ($1::text IS NULL OR user_id = $1)
        AND (phase <> 'late' OR requested_at < clock_timestamp() - $2 * interval '1 second')
    ORDER BY requested_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""

# A stretch of messages in the order of rooms and seqs: those in it that are to be erased, and its last one. Comparing
# rows holds the planner to ranges of the primary key.
_LOOK = """
    WITH stretch AS MATERIALIZED (
        SELECT room_id, seq, id, sender_id, type, deleted_at FROM messages
        WHERE (room_id, seq) > ($2, $3) {condition} ORDER BY room_id, seq LIMIT $4
    )
    (
        SELECT room_id, seq, true AS is_hit FROM stretch
        WHERE sender_id = $1 AND type <> 'system'
            AND (deleted_at IS NULL OR EXISTS (SELECT FROM deleted_messages WHERE message_id = stretch.id))
        ORDER BY room_id, seq LIMIT $5
    ) UNION ALL (
        SELECT room_id, seq, false FROM stretch ORDER BY room_id DESC, seq DESC LIMIT 1
    )
"""

# Of one room: the first of the person's in which there is anything left to look at.
_LOOK_IN_ROOMS = _LOOK.format(
    condition="""AND room_id = (
            SELECT mine.room_id FROM chat_members mine
            WHERE mine.user_id = $1 AND mine.room_id >= $2 AND EXISTS (
                SELECT FROM messages message
                WHERE message.room_id = mine.room_id AND (message.room_id, message.seq) > ($2, $3)
            )
            ORDER BY mine.room_id LIMIT 1
        )"""
)

_LOOK_EVERYWHERE = _LOOK.format(condition="")

_ERASE = f"""
    WITH fresh AS MATERIALIZED (
        SELECT seq, $3::bigint + row_number() OVER (ORDER BY seq) AS change FROM messages
        WHERE room_id = $1 AND seq = ANY($2::bigint[]) AND deleted_at IS NULL
    ), erased AS (
        UPDATE messages SET content = '{DELETED_CONTENT}', type = 'text', metadata = NULL, change = fresh.change,
            edited_at = NULL, deleted_at = clock_timestamp(), deleted_by = sender_id, reply_to = NULL, mentions = NULL,
            pinned_at = NULL, reactions = NULL, attachments = NULL, sent_digest = NULL
        FROM fresh WHERE room_id = $1 AND messages.seq = fresh.seq
    ), reactions AS (
        DELETE FROM message_reactions WHERE room_id = $1 AND seq = ANY($2::bigint[])
    ), versions AS (
        DELETE FROM message_versions WHERE room_id = $1 AND seq = ANY($2::bigint[])
    ), kept AS (
        DELETE FROM deleted_messages WHERE message_id IN (
            SELECT id FROM messages WHERE room_id = $1 AND seq = ANY($2::bigint[])
        )
    ), files AS (
        {removal_of_files("room_id = $1 AND message_seq = ANY($2::bigint[])")}
    ), room AS (
        UPDATE chat_rooms
        SET last_change = last_change + (SELECT count(*) FROM fresh), last_changed_at = clock_timestamp()
        WHERE id = $1 RETURNING id
    )
    {note("room", "room")}
"""

# What others were told of the person. What a worker has in hand is looked at once more.
_FORGET_IN_NOTIFICATIONS = f"""
    WITH told AS MATERIALIZED (
        SELECT n.id, room.type, room.title FROM chat_members member
        JOIN chat_rooms room ON room.id = member.room_id
        JOIN notifications n ON n.id = {CHAT_NOTIFICATION_ID.format(room_id="member.room_id", user_id="member.user_id")}
        WHERE member.room_id = $1 AND member.user_id <> $2
            AND (n.lease IS NOT NULL OR n.data ->> 'senderId' = $2)
        ORDER BY n.id FOR UPDATE OF n
    )
    UPDATE notifications SET is_stale = lease IS NOT NULL,
        title = CASE WHEN data ->> 'senderId' <> $2 THEN notifications.title
            WHEN told.type = 'group' THEN coalesce(told.title, '{ERASED_NAME}') ELSE '{ERASED_NAME}' END,
        body = CASE WHEN data ->> 'senderId' <> $2 THEN body ELSE '{DELETED_CONTENT}' END,
        due_at = CASE WHEN lease IS NULL AND cardinality(shown_on) > 0 THEN clock_timestamp() ELSE due_at END
    FROM told WHERE told.id = notifications.id
"""

_DELETE_NOTIFICATIONS = """
    WITH theirs AS MATERIALIZED (
        SELECT id FROM notifications WHERE user_id = $1 ORDER BY id LIMIT $2 FOR UPDATE
    )
    DELETE FROM notifications USING theirs WHERE notifications.id = theirs.id
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An erasure that nobody else goes on with until the transaction ends, and how far it is."""

    user_id: str
    phase: Phase
    after_room: str
    after_seq: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of what is to be looked at: the messages (room id, seq) in it to be erased, and where it ends."""

    hits: list[tuple[str, int]]
    end: tuple[str, int] | None


async def begin(connection: Connection, user_id: str) -> bool:
    """Write down that somebody is to be erased; whether that is new."""
    begun: str | None = await connection.fetchval(_BEGIN, user_id)
    return begun is not None


async def lock_role(connection: Connection, user_id: str) -> str | None:
    """The role of somebody whom nobody else changes until the transaction ends; None when there is nobody."""
    role: str | None = await connection.fetchval("SELECT role FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)
    return role


async def forget_person(connection: Connection, user_id: str) -> None:
    """Take name, picture, address and wishes of somebody away, and keep them out. One statement."""
    await connection.execute(_FORGET_PERSON, user_id)


async def remove_files(connection: Connection, user_id: str) -> None:
    """Have nobody get what somebody has uploaded besides what is in messages. One statement.

    Whoever uses a file holds the lock of its room before that of the file, so nothing of rooms is locked after this.
    """
    await connection.execute(_REMOVE_FILES, user_id)


async def find(connection: Connection, user_id: str) -> Any | None:
    """How far an erasure is."""
    return await connection.fetchrow(_FIND, user_id)


async def claim(connection: Connection, user_id: str | None, *, late_seconds: float) -> Claimed | None:
    """An erasure that can go on, of one person or of any."""
    row = await connection.fetchrow(_CLAIM, user_id, late_seconds)
    return None if row is None else Claimed(*row)


async def look(connection: Connection, claimed: Claimed, *, rows: int, limit: int) -> Stretch:
    """The next messages, of which up to `limit` are to be erased; one statement."""
    statement = _LOOK_EVERYWHERE if claimed.phase == "everywhere" else _LOOK_IN_ROOMS
    found = await connection.fetch(statement, claimed.user_id, claimed.after_room, claimed.after_seq, rows, limit)
    hits = [(row["room_id"], row["seq"]) for row in found if row["is_hit"]]
    end = next(((row["room_id"], row["seq"]) for row in found if not row["is_hit"]), None)
    return Stretch(hits, end)


async def erase(connection: Connection, room_id: str, user_id: str, seqs: Sequence[int]) -> None:
    """Have messages of somebody in a room say nothing, by changes of their own. Three statements."""
    # Before anything is read: what was changed meanwhile is visible from here on.
    last_change = await connection.fetchval(
        "SELECT last_change FROM chat_rooms WHERE id = $1 FOR NO KEY UPDATE", room_id
    )
    await connection.execute(_ERASE, room_id, list(seqs), last_change)
    await connection.execute(_FORGET_IN_NOTIFICATIONS, room_id, user_id)


async def delete_notifications(connection: Connection, user_id: str, *, limit: int) -> bool:
    """Delete some of what somebody was told; whether there may be more. One statement."""
    result: str = await connection.execute(_DELETE_NOTIFICATIONS, user_id, limit)
    return count_of(result) == limit


async def go_on(connection: Connection, claimed: Claimed, *, erased: int) -> None:
    """Remember how far an erasure is by now."""
    await connection.execute(
        """
        UPDATE erasures SET phase = $2, after_room = $3, after_seq = $4, message_count = message_count + $5
        WHERE user_id = $1
        """,
        claimed.user_id,
        claimed.phase,
        claimed.after_room,
        claimed.after_seq,
        erased,
    )


async def finish(connection: Connection, user_id: str) -> None:
    """Nothing is left to be done, but to look once more for what was being uploaded when it began."""
    await remove_files(connection, user_id)
    await connection.execute("UPDATE users SET last_seen_at = NULL WHERE id = $1", user_id)
    await connection.execute("UPDATE erasures SET finished_at = clock_timestamp() WHERE user_id = $1", user_id)
