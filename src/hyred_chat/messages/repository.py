"""All SQL about reading messages. `batch_repository.py` stores them, and `change_repository.py` changes them."""

from collections.abc import Sequence
from datetime import datetime

from hyred_chat.db.pool import Connection
from hyred_chat.messages.records import MessageRecord
from hyred_chat.messages.rows import PRESENT_COLUMNS, STORED_BYTES, record_of

# Of messages in an order, those before which there are less than so many bytes: the first one always, and about as much
# as fits into an answer. Only these are read whole.
_WITHIN = f"""
    SELECT {PRESENT_COLUMNS} FROM (
        SELECT message.*, coalesce(sum({STORED_BYTES}) OVER (
            ORDER BY {{order}} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS bytes_before FROM {{messages}}
    ) AS message WHERE bytes_before < {{max_bytes}} ORDER BY {{result_order}}
"""

LIST_NEWEST = _WITHIN.format(
    messages="messages message WHERE room_id = $1 AND seq > $2 AND seq <= $3",
    order="seq DESC",
    max_bytes="$4",
    result_order="seq",
)

_LIST_RANGES = _WITHIN.format(
    messages="""(
        SELECT messages.*, place FROM unnest($1::text[], $2::bigint[], $3::bigint[])
            WITH ORDINALITY AS wanted (room, after, until, place)
        JOIN messages ON messages.room_id = wanted.room AND messages.seq > wanted.after AND messages.seq <= wanted.until
    ) message""",
    order="place, seq",
    max_bytes="$4",
    result_order="place, seq",
)

# createdAt rises with seq, and seq has no gaps: where a moment lies is found by halving, in twenty look-ups among a
# million messages. An index on created_at would cost every message that is stored.
_LIST_BEFORE_MOMENT = """
    WITH RECURSIVE search (low, high) AS (
        SELECT 0::bigint, $4::bigint
        UNION ALL
        SELECT CASE WHEN middle.created_at < $2 THEN middle.seq ELSE low END,
               CASE WHEN middle.created_at < $2 THEN high ELSE middle.seq - 1 END
        FROM search JOIN messages middle ON middle.room_id = $1 AND middle.seq = (low + high + 1) / 2
        WHERE low < high
    ), found AS (
        SELECT low FROM search WHERE low >= high
    )
""" + _WITHIN.format(
    messages="messages message, found WHERE room_id = $1 AND seq > found.low - $3 AND seq <= found.low",
    order="seq DESC",
    max_bytes="$5",
    result_order="seq",
)

_FIND_BY_ID = f"""
    SELECT {PRESENT_COLUMNS} FROM messages message
    WHERE id = $1 AND EXISTS (
        SELECT 1 FROM chat_members WHERE chat_members.room_id = message.room_id AND chat_members.user_id = $2
    )
"""


async def list_newest(
    connection: Connection, room_id: str, *, after: int, until: int, max_bytes: int
) -> list[MessageRecord]:
    """The newest messages with `after` < seq <= `until`, in order, as many as have about `max_bytes`; one statement."""
    return [record_of(row) for row in await connection.fetch(LIST_NEWEST, room_id, after, until, max_bytes)]


async def list_ranges(
    connection: Connection, ranges: Sequence[tuple[str, int, int]], *, max_bytes: int
) -> list[MessageRecord]:
    """The first messages of several ranges (room id, after, until), in their order; one statement.

    As many as have about `max_bytes` together.
    """
    rooms, afters, untils = zip(*ranges, strict=True) if ranges else ((), (), ())
    rows = await connection.fetch(_LIST_RANGES, list(rooms), list(afters), list(untils), max_bytes)
    return [record_of(row) for row in rows]


async def list_before_moment(
    connection: Connection, room_id: str, moment: datetime, *, until: int, limit: int, max_bytes: int
) -> list[MessageRecord]:
    """The newest messages older than `moment`, of those up to seq `until`, in order; one statement.

    As many as have about `max_bytes`.
    """
    rows = await connection.fetch(_LIST_BEFORE_MOMENT, room_id, moment, limit, until, max_bytes)
    return [record_of(row) for row in rows]


async def find_for_member(connection: Connection, message_id: str, user_id: str) -> MessageRecord | None:
    """The message, if `user_id` is in its room; one statement."""
    row = await connection.fetchrow(_FIND_BY_ID, message_id, user_id)
    return None if row is None else record_of(row)


async def find_by_id(connection: Connection, message_id: str) -> MessageRecord | None:
    """The message, whoever is in its room; one statement."""
    row = await connection.fetchrow(f"SELECT {PRESENT_COLUMNS} FROM messages message WHERE id = $1", message_id)
    return None if row is None else record_of(row)
