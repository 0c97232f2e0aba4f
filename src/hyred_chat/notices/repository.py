"""All SQL about notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from hyred_chat.db.people import PERSON_JOINS, PERSON_NAME
from hyred_chat.db.pool import Connection
from hyred_chat.moments import to_wire
from hyred_chat.notices.schemas import (
    MAX_SHOWN_EVENTS,
    ListedNotice,
    Notice,
    NoticeDelivery,
    NoticeEvent,
    PostedNotice,
    PostNotice,
)
from hyred_chat.notifications.signals import Hint

# A connection keeps the plan by which it looks up foreign keys. When that was made, a table may have had a handful of
# rows, which are read one by one. By such a plan, ten thousand notifications take far longer than a statement may.
MANY_PEOPLE = 100
_PLAN_ANEW = "DISCARD PLANS"

# The insert that loses a race for its key waits for the winner to commit, and then returns nothing.
_INSERT = """
    WITH wanted AS MATERIALIZED (
        SELECT user_id, min(position) AS position
        FROM unnest($6::text[]) WITH ORDINALITY AS t (user_id, position) GROUP BY user_id
    ), unknown AS MATERIALIZED (
        SELECT user_id, position FROM wanted WHERE NOT EXISTS (SELECT 1 FROM users WHERE users.id = wanted.user_id)
    ), notice AS (
        INSERT INTO notices (id, type, title, body, data, send_at, idempotency_key, digest, unknown_user_ids)
        SELECT $1, $2, $3, $4, $5, greatest(coalesce($7, clock_timestamp()), clock_timestamp()), $8, $9,
               ARRAY(SELECT user_id FROM unknown ORDER BY position)
        ON CONFLICT (idempotency_key) DO NOTHING
        RETURNING id, type, send_at, unknown_user_ids
    ), told AS (
        INSERT INTO notifications (id, user_id, notice_id, type, due_at)
        SELECT left(encode(sha256(convert_to(notice.id || '/' || wanted.user_id, 'UTF8')), 'hex'), 32),
               wanted.user_id, notice.id, notice.type, notice.send_at
        FROM notice CROSS JOIN wanted JOIN users ON users.id = wanted.user_id
        RETURNING id
    ), events AS (
        INSERT INTO notification_events (notification_id, state) SELECT id, 'scheduled' FROM told
    )
    SELECT notice.id, notice.send_at, notice.unknown_user_ids, (SELECT count(*) FROM told) AS accepted FROM notice
"""

_FIND_BY_KEY = """
    SELECT id, send_at, unknown_user_ids, digest,
           (SELECT count(*) FROM notifications WHERE notice_id = notices.id) AS accepted
    FROM notices WHERE idempotency_key = $1
"""

# What a worker has in hand is being sent. What was only shown in the chat so far is taken out of the list.
_CANCEL = """
    WITH target AS MATERIALIZED (
        SELECT id, listed_at FROM notifications
        WHERE notice_id = $1 AND state = 'scheduled' AND lease IS NULL ORDER BY id FOR UPDATE {locked}
    ), cancelled AS (
        UPDATE notifications n SET state = 'cancelled', reason = 'host', due_at = NULL, listed_at = NULL
        FROM target WHERE n.id = target.id RETURNING n.id, n.user_id, target.listed_at IS NOT NULL AS was_shown
    ), events AS (
        INSERT INTO notification_events (notification_id, state, reason)
        SELECT id, 'cancelled', 'host' FROM cancelled
    )
    SELECT * FROM cancelled
"""

_NOTICE_COLUMNS = "id, type, title, body, data, send_at, created_at"

_LIST = f"""
    SELECT {_NOTICE_COLUMNS} FROM notices
    WHERE $1::text IS NULL OR (send_at, id) < ($2::timestamptz, $1::text)
    ORDER BY send_at DESC, id DESC LIMIT $3
"""

_LIST_DELIVERIES = f"""
    SELECT n.id, n.user_id, {PERSON_NAME} AS name, n.state, n.reason, ARRAY(
        SELECT json_build_array(event.at, event.state, event.device_id, event.reason)
        FROM notification_events event WHERE event.notification_id = n.id ORDER BY event.at LIMIT {MAX_SHOWN_EVENTS}
    ) AS events
    FROM notifications n JOIN users person ON person.id = n.user_id {PERSON_JOINS}
    WHERE n.notice_id = $1 AND n.user_id > $2 ORDER BY n.user_id LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class KnownNotice:
    """A notice that was posted before, with the digest of its request."""

    answer: PostedNotice
    digest: str


async def insert_notice(
    connection: Connection, notice_id: str, request: PostNotice, digest: str
) -> PostedNotice | None:
    """Write down a notice and a notification for everybody we know; None when its key was used. Two statements."""
    if len(request.user_ids) > MANY_PEOPLE:
        await connection.execute(_PLAN_ANEW)
    row = await connection.fetchrow(
        _INSERT,
        notice_id,
        request.type,
        request.title,
        request.body,
        orjson.dumps(request.data).decode(),
        request.user_ids,
        request.send_at,
        request.idempotency_key,
        digest,
    )
    return None if row is None else _answer_of(row)


async def find_by_key(connection: Connection, idempotency_key: str) -> KnownNotice | None:
    """The notice with this key."""
    row = await connection.fetchrow(_FIND_BY_KEY, idempotency_key)
    return None if row is None else KnownNotice(_answer_of(row), row["digest"])


async def exists(connection: Connection, notice_id: str) -> bool:
    """Whether there is such a notice."""
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT 1 FROM notices WHERE id = $1)", notice_id)
    return found


async def cancel(connection: Connection, notice_id: str, *, waits_for_locks: bool = True) -> tuple[int, list[Hint]]:
    """Cancel what was not sent; how many those were, and which of them were shown in the chat. Two statements.

    Without `waits_for_locks`, those that somebody else has locked are left as they are.
    """
    await connection.execute(_PLAN_ANEW)
    rows = await connection.fetch(_CANCEL.format(locked="" if waits_for_locks else "SKIP LOCKED"), notice_id)
    return len(rows), [Hint(row["user_id"], row["id"]) for row in rows if row["was_shown"]]


async def list_notices(
    connection: Connection, *, limit: int, after: tuple[datetime | None, str] | None
) -> list[tuple[datetime, ListedNotice]]:
    """Notices with their times, the last to be sent first, after the one of this time and id."""
    moment, notice_id = after or (None, None)
    rows = await connection.fetch(_LIST, notice_id, moment, limit)
    return [(row["send_at"], ListedNotice(**_content_of(row))) for row in rows]


async def find_notice(connection: Connection, notice_id: str, *, after_user_id: str, limit: int) -> Notice | None:
    """A notice with a page of its deliveries, in the order of the people's ids; three statements."""
    row = await connection.fetchrow(f"SELECT {_NOTICE_COLUMNS}, unknown_user_ids FROM notices WHERE id = $1", notice_id)
    if row is None:
        return None
    counts = await connection.fetch(
        "SELECT state, count(*) AS count FROM notifications WHERE notice_id = $1 GROUP BY state", notice_id
    )
    deliveries = await connection.fetch(_LIST_DELIVERIES, notice_id, after_user_id, limit)
    return Notice(
        **_content_of(row),
        unknown_user_ids=row["unknown_user_ids"],
        states={count["state"]: count["count"] for count in counts},
        deliveries=[_delivery_of(delivery) for delivery in deliveries],
    )


def _content_of(row: Any) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("id", "type", "title", "body")},
        "data": orjson.loads(row["data"]),
        "send_at": to_wire(row["send_at"]),
        "created_at": to_wire(row["created_at"]),
    }


def _answer_of(row: Any) -> PostedNotice:
    return PostedNotice(
        id=row["id"],
        send_at=to_wire(row["send_at"]),
        accepted=row["accepted"],
        unknown_user_ids=row["unknown_user_ids"],
    )


def _delivery_of(row: Any) -> NoticeDelivery:
    return NoticeDelivery(
        user_id=row["user_id"],
        name=row["name"],
        notification_id=row["id"],
        state=row["state"],
        reason=row["reason"],
        events=_events_of(row["events"]),
    )


def _events_of(encoded: Sequence[str]) -> list[NoticeEvent]:
    events = (orjson.loads(event) for event in encoded)
    return [
        NoticeEvent(at=to_wire(datetime.fromisoformat(at)), state=state, device_id=device_id, reason=reason)
        for at, state, device_id, reason in events
    ]
