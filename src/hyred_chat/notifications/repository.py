"""All SQL about a person's notifications: the list, and reading."""

import functools
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import orjson

from hyred_chat.db.pool import Connection
from hyred_chat.moments import to_wire
from hyred_chat.notifications.conversations import CHAT_NOTIFICATION_ID
from hyred_chat.notifications.schemas import Notification
from hyred_chat.notifications.signals import Hint

# Notifications that one request reads at most; the oldest ones stay behind it.
MAX_READ = 1000

# Of a conversation, reading is what the member's position says. Who was put out sees nothing of it any more.
_LIST = """
    SELECT * FROM (
        SELECT n.id, n.user_id, n.type, coalesce(n.title, notice.title) AS title, coalesce(n.body, notice.body) AS body,
               coalesce(n.data, notice.data) AS data, n.listed_at,
               n.read_at IS NOT NULL OR coalesce(member.last_read_seq >= n.looked_seq, false) AS is_read
        FROM notifications n
        LEFT JOIN notices notice ON notice.id = n.notice_id
        LEFT JOIN chat_members member ON member.room_id = n.room_id AND member.user_id = n.user_id
        WHERE {condition} AND n.listed_at IS NOT NULL AND (n.room_id IS NULL OR member.user_id IS NOT NULL)
    ) listed
"""

_LIST_PAGE = (
    _LIST.format(
        condition="n.user_id = $1 AND ($2::timestamptz IS NULL OR (n.listed_at, n.id) < ($2, $3))"
        " AND ($6 OR n.room_id IS NULL)"
    )
    + " WHERE NOT ($4 AND is_read) ORDER BY listed_at DESC, id DESC LIMIT $5"
)

_LIST_BY_IDS = _LIST.format(condition="n.id = ANY($1::text[])")

# What was read is looked at once more by a worker when it is still to be pushed, or is shown somewhere. Rows are
# locked in the order of their ids by everybody who locks several.
_READ = """
    WITH target AS MATERIALIZED (
        SELECT n.id, room.last_seq, {is_told} AS is_told
        FROM notifications n LEFT JOIN chat_rooms room ON room.id = n.room_id {told_by}
        WHERE {condition} ORDER BY n.id {limit} FOR UPDATE OF n {locked}
    ), changed AS (
        UPDATE notifications n
        SET read_at = CASE WHEN {is_read} THEN coalesce(n.read_at, clock_timestamp()) ELSE n.read_at END,
            looked_seq = {looked_seq},
            state = CASE WHEN n.lease IS NULL AND n.state IN ('sent', 'delivered') THEN {state} ELSE n.state END,
            is_stale = n.lease IS NOT NULL,
            due_at = CASE WHEN n.lease IS NULL AND {is_read} AND (n.due_at IS NOT NULL OR cardinality(n.shown_on) > 0)
                          THEN clock_timestamp() ELSE n.due_at END
        FROM target {join} WHERE n.id = target.id {where}
        RETURNING n.id, n.user_id, n.state, n.lease, n.read_at,
                  CASE WHEN n.room_id IS NOT NULL THEN {read_seq} END AS read_seq
    ), events AS (
        INSERT INTO notification_events (notification_id, state)
        SELECT id, state FROM changed WHERE lease IS NULL AND state IN ('delivered', 'read')
    )
    SELECT id, user_id, read_seq, false AS is_locked FROM changed WHERE read_at IS NOT NULL
"""

# Messages that are not listed yet were told of by the live event, if the oldest of them came while the person had a
# socket ($2: for how many seconds they had had one when the transaction began; NULL without one). By the time at which
# it began: a statement that waits, for a lock or for its plan, must not make the first socket seem younger than it is.
_IS_TOLD = "coalesce(untold.created_at >= now() - $2::float8 * interval '1 second', false)"
_TOLD_BY = """
    LEFT JOIN chat_members reader ON reader.room_id = n.room_id AND reader.user_id = n.user_id
    LEFT JOIN messages untold
        ON untold.room_id = n.room_id AND untold.seq = greatest(n.looked_seq, reader.last_read_seq) + 1
"""

# Reading a conversation's in the list takes into account what is listed, and what only the live event has told of so
# far. What the person was not told of is new: it is listed, and pushed, in its turn.
_READ_IN_LIST = functools.partial(
    _READ.format,
    is_told=_IS_TOLD,
    told_by=_TOLD_BY,
    is_read="true",
    looked_seq="CASE WHEN target.is_told THEN target.last_seq ELSE n.looked_seq END",
    read_seq="n.looked_seq",
    state="'read'",
    join="",
    where="",
    locked="",
)

_IS_UNREAD = f"(n.listed_at IS NOT NULL AND n.read_at IS NULL OR {_IS_TOLD})"

_READ_ONE = _READ_IN_LIST(condition=f"n.id = $3 AND n.user_id = $1 AND {_IS_UNREAD}", limit="")

# What is listed, and of whoever is told of messages in the chat also what is not listed yet.
_READ_ALL = _READ_IN_LIST(
    condition=f"""n.id IN (
            SELECT id FROM notifications WHERE user_id = $1 AND listed_at IS NOT NULL AND read_at IS NULL
            UNION ALL
            SELECT grown.id FROM chat_members member
            JOIN chat_rooms unread ON unread.id = member.room_id AND unread.last_seq > member.last_read_seq
            JOIN notifications grown ON grown.looked_seq < unread.last_seq
                AND grown.id = {CHAT_NOTIFICATION_ID.format(room_id="member.room_id", user_id="member.user_id")}
            WHERE member.user_id = $1 AND NOT EXISTS (
                SELECT 1 FROM notification_preferences chosen
                WHERE chosen.user_id = $1 AND chosen.types -> 'chat_message' ->> 'inApp' = 'false'
            )
        ) AND ($3 OR n.room_id IS NULL) AND {_IS_UNREAD}""",
    limit=f"LIMIT {MAX_READ}",
)

_IS_AFFECTED = (
    "n.id = ANY($1::text[]) AND (n.lease IS NOT NULL OR cardinality(n.shown_on) > 0"
    " OR (n.listed_at IS NOT NULL AND n.read_at IS NULL))"
)

# Of conversations ($1: their notifications' ids), after a position has risen. While a worker looks it is only told to
# look again: what it has in hand may be newer than what was read. Of those who want no list, what devices show counts.
# What somebody else has locked is left as it is, and comes back: these are the rows of many people.
_FOLLOW = _READ.format(
    condition=_IS_AFFECTED,
    limit="",
    is_told="false",
    told_by="",
    is_read="(n.lease IS NULL AND member.last_read_seq >= n.looked_seq)",
    looked_seq="n.looked_seq",
    read_seq="member.last_read_seq",
    state="""CASE WHEN member.last_read_seq >= n.looked_seq THEN 'read'
             WHEN member.last_delivered_seq >= n.looked_seq THEN 'delivered' ELSE n.state END""",
    join="CROSS JOIN chat_members member",
    where="""AND member.room_id = n.room_id AND member.user_id = n.user_id
             AND (n.lease IS NOT NULL OR member.last_read_seq >= n.looked_seq
                  OR (n.state = 'sent' AND member.last_delivered_seq >= n.looked_seq))""",
    locked="SKIP LOCKED",
)
_FOLLOW_POSITIONS = f"""
    {_FOLLOW} UNION ALL
    SELECT n.id, n.user_id, NULL, true FROM notifications n
    WHERE {_IS_AFFECTED} AND n.id NOT IN (SELECT id FROM target)
"""

_LIST_SILENCED = "SELECT user_id FROM notification_preferences WHERE types -> $1 ->> 'inApp' = 'false'"


async def list_page(
    connection: Connection,
    user_id: str,
    *,
    limit: int,
    before: tuple[datetime, str] | None,
    unread: bool,
    messages: bool,
) -> list[tuple[Notification, datetime]]:
    """The newest of somebody's notifications before a place in the list, each with its exact time; one statement."""
    moment, notification_id = before or (None, None)
    rows = await connection.fetch(_LIST_PAGE, user_id, moment, notification_id, unread, limit, messages)
    return [(_notification_of(row), row["listed_at"]) for row in rows]


async def list_by_ids(connection: Connection, ids: Sequence[str]) -> list[tuple[str, Notification]]:
    """Those that are listed, each with whose it is; one statement."""
    rows = await connection.fetch(_LIST_BY_IDS, list(ids))
    return [(row["user_id"], _notification_of(row)) for row in rows]


async def has_notification(connection: Connection, notification_id: str, user_id: str) -> bool:
    """Whether this person has such a notification."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM notifications WHERE id = $1 AND user_id = $2)", notification_id, user_id
    )
    return found


async def read_one(
    connection: Connection, notification_id: str, user_id: str, here_seconds: float | None
) -> list[Hint]:
    """Read it; what was read by that. One statement. `here_seconds` as of `read_all`."""
    return _hints(await connection.fetch(_READ_ONE, user_id, here_seconds, notification_id))


async def read_all(connection: Connection, user_id: str, here_seconds: float | None, *, messages: bool) -> list[Hint]:
    """Read all that are listed or told of live, up to `MAX_READ`; what was read by that. One statement.

    Args:
        here_seconds: for how long the person had been told of new messages live when the transaction of `connection`
            began; None of who is not.
        messages: whether those of conversations are read too.
    """
    return _hints(await connection.fetch(_READ_ALL, user_id, here_seconds, messages))


async def follow_positions(connection: Connection, ids: Sequence[str]) -> tuple[list[Hint], list[str]]:
    """Have conversations' notifications follow their members' positions. One statement.

    Returns those that were read, and the ids of those that somebody else has locked: nothing was done with them.
    """
    rows = await connection.fetch(_FOLLOW_POSITIONS, list(ids))
    read = _hints([row for row in rows if not row["is_locked"]])
    return read, [row["id"] for row in rows if row["is_locked"]]


async def list_silenced(
    connection: Connection, notification_type: str, among: Collection[str] | None = None
) -> set[str]:
    """Who, among these or (None) all, does not want to see notifications of a type in the chat."""
    if among is None:
        rows = await connection.fetch(_LIST_SILENCED, notification_type)
    else:
        rows = await connection.fetch(f"{_LIST_SILENCED} AND user_id = ANY($2::text[])", notification_type, list(among))
    return {row["user_id"] for row in rows}


def _hints(rows: Sequence[Any]) -> list[Hint]:
    return [Hint(row["user_id"], row["id"], row["read_seq"]) for row in rows]


def _notification_of(row: Any) -> Notification:
    return Notification(
        id=row["id"],
        title=row["title"],
        body=row["body"],
        type=row["type"],
        data=orjson.loads(row["data"]),
        created_at=to_wire(row["listed_at"]),
        read=row["is_read"],
    )
