"""All SQL of the queue of pushes."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import orjson

from hyred_chat.db.people import PERSON_COLUMNS, PERSON_JOINS
from hyred_chat.db.pool import Connection
from hyred_chat.db.unread import UNREAD_COUNT, count_uncounted, newest_counted
from hyred_chat.messages.rows import FILES_IN_SHORT
from hyred_chat.notifications.conversations import FIRST_LOOK_SECONDS
from hyred_chat.push.channels import DeviceAddress
from hyred_chat.push.facts import Due, Pause
from hyred_chat.push.rows import due_of

logger = logging.getLogger(__name__)

# Notifications that one statement looks through for what was read unnoticed, and events that one statement forgets.
MAX_SHOWN_CHECKED = 10_000
MAX_DELETED_EVENTS = 10_000

# A claim is a lease: its end is when the row is due again, if the worker is gone by then. Workers pass over what
# another one is claiming, and none waits for a message that is being stored. now() and not clock_timestamp(), with
# which no index can be searched: all that is scheduled for later would be read at every look.
_CLAIM = f"""
    WITH due AS MATERIALIZED (
        SELECT id FROM notifications WHERE due_at <= now() ORDER BY due_at LIMIT $1
        FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE notifications n
        SET due_at = clock_timestamp() + $2::float8 * interval '1 second', lease = $3, is_stale = false
        FROM due WHERE n.id = due.id
        RETURNING n.id, n.lease, n.type, n.state, n.reason, n.user_id, n.room_id, n.notice_id, n.looked_seq, n.attempts,
                  n.expires_at, n.pushed_to, n.pauses, n.shown_on, n.listed_at, n.read_at, n.title, n.body
    )
    SELECT claimed.*, clock_timestamp() AS now,
           reader.disabled_at IS NOT NULL AS is_disabled, chosen.types, chosen.quiet_from, chosen.quiet_until,
           coalesce(chosen.preview, true) AS wants_preview,
           coalesce(chosen.time_zone, (
               SELECT time_zone FROM device_tokens WHERE user_id = claimed.user_id AND time_zone IS NOT NULL
               ORDER BY seen_at DESC LIMIT 1
           )) AS time_zone,
           notice.title AS notice_title, notice.body AS notice_body, notice.data AS notice_data,
           notice.send_at AS notice_send_at,
           room.title AS room_title, room.status AS room_status, newest.seq AS last_seq,
           member.last_read_seq, member.muted_until, {count_uncounted("room.id", "member.last_read_seq")}
               - {count_uncounted("room.id", "newest.seq")} AS uncounted,
           CASE WHEN member.muted_until > now() THEN EXISTS (
               SELECT FROM messages WHERE room_id = room.id AND mentions IS NOT NULL
                   AND seq > greatest(member.last_read_seq, claimed.looked_seq) AND claimed.user_id = ANY(mentions)
           ) ELSE false END AS is_mentioned,
           newest.id AS message_id, newest.type AS message_type, newest.content, newest.sender_id,
           newest.created_at AS message_at, {FILES_IN_SHORT.format(message="newest")} AS files,
           untold.created_at AS untold_at, {PERSON_COLUMNS}
    FROM claimed
    JOIN users reader ON reader.id = claimed.user_id
    LEFT JOIN notification_preferences chosen ON chosen.user_id = claimed.user_id
    LEFT JOIN notices notice ON notice.id = claimed.notice_id
    LEFT JOIN chat_rooms room ON room.id = claimed.room_id
    LEFT JOIN chat_members member ON member.room_id = claimed.room_id AND member.user_id = claimed.user_id
    LEFT JOIN LATERAL ({newest_counted("room.id")}) newest ON true
    LEFT JOIN messages untold ON untold.room_id = room.id
        AND untold.seq = greatest(member.last_read_seq, claimed.looked_seq) + 1
    LEFT JOIN users person ON person.id = newest.sender_id
    {PERSON_JOINS}
"""

# Whom it reaches: devices, and how many messages are unread in all.
_LIST_DEVICES = """
    SELECT id, token, user_id, platform, p256dh, auth, locale FROM device_tokens
    WHERE user_id = ANY($1::text[]) ORDER BY seen_at DESC
"""

_COUNT_UNREAD = f"""
    SELECT member.user_id, sum({UNREAD_COUNT})::bigint AS unread
    FROM chat_members member JOIN chat_rooms room ON room.id = member.room_id
    WHERE member.user_id = ANY($1::text[]) AND room.last_seq > member.last_read_seq
    GROUP BY member.user_id
"""

# Who is no member any more is not told what becomes of a message: nothing of it is kept for them.
_IS_FORGOTTEN = "settled.room_id IS NOT NULL AND member.is_one IS NULL"

# The rooms are locked before the rows, as storing messages does, and a message that is being stored is waited for: it
# found this row due and wrote nothing, or will find it settled and make it due. So what came after the look is seen
# here, and while the room says that all its members are covered, the row stays due for the end of that. What one
# device waits for does not make a new message wait: the row is due for whichever comes first. What somebody else has
# locked, a room or a row, comes back.
_SETTLE = f"""
    WITH settled AS MATERIALIZED (
        SELECT * FROM json_to_recordset($1) AS t (
            id text, lease text, room_id text, state text, reason text, looked_seq bigint, attempts integer,
            expires_at timestamptz, wait_seconds float8, rest_seconds float8, pushed_to text[], pauses json,
            shown_on text[], is_new boolean, is_read boolean, title text, body text, data json)
    ), room AS MATERIALIZED (
        SELECT id, last_seq, covered_until FROM chat_rooms WHERE id IN (SELECT room_id FROM settled)
        ORDER BY id FOR SHARE {{locked}}
    ), mine AS MATERIALIZED (
        SELECT n.id, n.user_id FROM notifications n JOIN settled ON settled.id = n.id AND settled.lease = n.lease
        WHERE (SELECT count(*) FROM room) >= 0 AND (settled.room_id IS NULL OR settled.room_id IN (SELECT id FROM room)
            OR NOT EXISTS (SELECT 1 FROM chat_rooms WHERE id = settled.room_id))
        ORDER BY n.id FOR UPDATE OF n {{locked}}
    ), updated AS (
        UPDATE notifications n
        SET lease = NULL, is_stale = false, state = settled.state, reason = settled.reason,
            looked_seq = greatest(n.looked_seq, settled.looked_seq), attempts = settled.attempts,
            expires_at = settled.expires_at, pushed_to = settled.pushed_to, pauses = settled.pauses,
            shown_on = settled.shown_on,
            title = CASE WHEN {_IS_FORGOTTEN} THEN NULL ELSE coalesce(settled.title, n.title) END,
            body = CASE WHEN {_IS_FORGOTTEN} THEN NULL ELSE coalesce(settled.body, n.body) END,
            data = CASE WHEN {_IS_FORGOTTEN} THEN NULL ELSE coalesce(settled.data, n.data) END,
            rests_until = clock_timestamp() + settled.rest_seconds * interval '1 second',
            listed_at = CASE WHEN {_IS_FORGOTTEN} THEN NULL WHEN settled.is_new THEN clock_timestamp()
                ELSE n.listed_at END,
            read_at = CASE WHEN settled.is_read THEN coalesce(n.read_at, clock_timestamp())
                           WHEN settled.is_new AND NOT n.is_stale THEN NULL ELSE n.read_at END,
            due_at = CASE
                WHEN n.is_stale THEN clock_timestamp()
                ELSE least(
                    clock_timestamp() + settled.wait_seconds * interval '1 second',
                    CASE
                        WHEN room.last_seq - settled.looked_seq
                            > {count_uncounted("room.id", "settled.looked_seq")} THEN clock_timestamp()
                            + greatest(settled.rest_seconds, {FIRST_LOOK_SECONDS}) * interval '1 second'
                        WHEN room.covered_until > clock_timestamp() THEN greatest(
                            room.covered_until, clock_timestamp() + settled.rest_seconds * interval '1 second')
                    END)
            END
        FROM settled JOIN mine ON mine.id = settled.id LEFT JOIN room ON room.id = settled.room_id
        LEFT JOIN LATERAL (
            SELECT true AS is_one FROM chat_members
            WHERE chat_members.room_id = settled.room_id AND chat_members.user_id = mine.user_id LIMIT 1
        ) member ON true
        WHERE n.id = settled.id
    ), noted AS (
        INSERT INTO notification_events (notification_id, at, state, device_id, reason)
        SELECT event.notification_id, coalesce(event.at, clock_timestamp()), event.state, event.device_id, event.reason
        FROM json_to_recordset($2) AS event (
            notification_id text, at timestamptz, state text, device_id text, reason text)
        JOIN mine ON mine.id = event.notification_id
    )
    SELECT n.id FROM notifications n JOIN settled ON settled.id = n.id AND settled.lease = n.lease
    WHERE n.id NOT IN (SELECT id FROM mine)
"""
_SETTLE_ALL = _SETTLE.format(locked="")
_SETTLE_UNLOCKED = _SETTLE.format(locked="SKIP LOCKED")

# What was read while nobody could follow (its process was killed, or the database was away), and what nobody may see
# any more: the person was put out of the room or disabled, or the room is blocked. A stretch of what is shown at a
# time, however much that is; the end of it is where the next one begins.
_FIND_MISSED = f"""
    WITH stretch AS MATERIALIZED (
        SELECT id, room_id, user_id, looked_seq, due_at FROM notifications
        WHERE cardinality(shown_on) > 0 AND id > $1 ORDER BY id LIMIT {MAX_SHOWN_CHECKED}
    ), missed AS MATERIALIZED (
        SELECT n.id FROM notifications n JOIN stretch ON stretch.id = n.id
        JOIN users reader ON reader.id = stretch.user_id
        LEFT JOIN chat_rooms room ON room.id = stretch.room_id
        LEFT JOIN chat_members member ON member.room_id = stretch.room_id AND member.user_id = stretch.user_id
        WHERE n.due_at IS NULL AND (
            reader.disabled_at IS NOT NULL OR (stretch.room_id IS NOT NULL AND (
                member.user_id IS NULL OR room.status = 'blocked' OR member.last_read_seq >= n.looked_seq)))
        ORDER BY n.id FOR UPDATE OF n SKIP LOCKED
    ), looked_at AS (
        UPDATE notifications n SET due_at = clock_timestamp() FROM missed WHERE n.id = missed.id
    )
    SELECT CASE WHEN count(*) = {MAX_SHOWN_CHECKED} THEN max(id) ELSE '' END FROM stretch
"""

# One at a time: ten thousand people's notifications and their events go with it.
_DELETE_OLD_NOTICE = """
    DELETE FROM notices WHERE id = (
        SELECT id FROM notices WHERE send_at < now() - $1::float8 * interval '1 day'
        ORDER BY send_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
"""

_DELETE_OLD_EVENTS = f"""
    DELETE FROM notification_events WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM notification_events WHERE at < now() - $1::float8 * interval '1 day'
        ORDER BY at LIMIT {MAX_DELETED_EVENTS} FOR UPDATE SKIP LOCKED
    ))
"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a notification. `at` is now where it is None."""

    notification_id: str
    state: str
    device_id: str | None = None
    reason: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """A row as it is from now on.

    Attributes:
        wait_seconds: when it is looked at again, None when nothing is known to come.
        rest_seconds: how long a new message does not make it due.
        is_gone: it is read by what became of its messages, and its person's sockets are still to be told.
    """

    id: str
    lease: str
    user_id: str
    room_id: str | None
    state: str
    looked_seq: int
    reason: str | None = None
    attempts: int = 0
    expires_at: datetime | None = None
    wait_seconds: float | None = None
    rest_seconds: float = 0.0
    pushed_to: tuple[str, ...] = ()
    pauses: Mapping[str, Pause] = field(default_factory=dict)
    shown_on: tuple[str, ...] = ()
    is_new: bool = False
    is_read: bool = False
    is_gone: bool = False
    title: str | None = None
    body: str | None = None
    data: dict[str, Any] | None = None
    events: tuple[Event, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody is reached."""

    devices: tuple[DeviceAddress, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row of the claim that makes no sense."""

    id: str
    lease: str
    room_id: str | None
    last_seq: int


async def claim(
    connection: Connection, *, lease: str, lease_seconds: float, limit: int
) -> tuple[list[Due], list[Unreadable]]:
    """Take what is due, oldest first, and apart from that what nobody can make sense of; one statement."""
    dues: list[Due] = []
    unreadable: list[Unreadable] = []
    for row in await connection.fetch(_CLAIM, limit, lease_seconds, lease):
        try:
            dues.append(due_of(row))
        except Exception:
            logger.exception("Notification %s makes no sense; it fails", row["id"])
            unreadable.append(Unreadable(row["id"], row["lease"], row["room_id"], row["last_seq"] or 0))
    return dues, unreadable


async def find_reach(connection: Connection, user_ids: Collection[str]) -> dict[str, Reach]:
    """How people are reached, by id; two statements."""
    devices: dict[str, list[DeviceAddress]] = {user_id: [] for user_id in user_ids}
    for row in await connection.fetch(_LIST_DEVICES, list(user_ids)):
        address = DeviceAddress(row["id"], row["token"], row["platform"], row["p256dh"], row["auth"], row["locale"])
        devices[row["user_id"]].append(address)
    unread = {row["user_id"]: row["unread"] for row in await connection.fetch(_COUNT_UNREAD, list(user_ids))}
    return {user_id: Reach(tuple(devices[user_id]), unread.get(user_id, 0)) for user_id in user_ids}


async def settle(connection: Connection, settlements: Sequence[Settlement]) -> None:
    """Write down what became of claimed rows; one statement. Those whose lease has ended are left as they are."""
    await connection.execute(_SETTLE_ALL, *_written(settlements))


async def settle_unlocked(connection: Connection, settlements: Sequence[Settlement]) -> set[str]:
    """As `settle`, without waiting for locks.

    Returns the ids of those that somebody else has locked, by themselves or with their rooms: of these nothing was
    written.
    """
    return {row["id"] for row in await connection.fetch(_SETTLE_UNLOCKED, *_written(settlements))}


def _written(settlements: Sequence[Settlement]) -> tuple[str, str]:
    events = [asdict(event) for settlement in settlements for event in settlement.events]
    return orjson.dumps(settlements).decode(), orjson.dumps(events).decode()


async def remove_device(connection: Connection, device: DeviceAddress) -> None:
    """Forget a device that its provider does not know any more, unless the token is somebody else's by now."""
    await connection.execute("DELETE FROM device_tokens WHERE id = $1 AND token = $2", device.id, device.token)


async def find_missed(connection: Connection, after_id: str) -> str:
    """Make due what is shown somewhere and is to be taken away, among the next `MAX_SHOWN_CHECKED` that are shown.

    Returns where to go on; empty for the beginning. One statement.
    """
    last_id: str = await connection.fetchval(_FIND_MISSED, after_id)
    return last_id


async def delete_old_notice(connection: Connection, days: float) -> bool:
    """Forget a notice that is older; whether there was one. One statement."""
    return await connection.execute(_DELETE_OLD_NOTICE, days) == "DELETE 1"


async def delete_old_events(connection: Connection, days: float) -> bool:
    """Forget events that are older; whether there may be more. One statement."""
    return await connection.execute(_DELETE_OLD_EVENTS, days) == f"DELETE {MAX_DELETED_EVENTS}"
