"""All SQL about receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hyred_chat.db.pool import Connection
from hyred_chat.rooms.state import Rise

# The newest messages newly covered, for clients that tick messages one by one.
MAX_COVERED = 50

# Positions only rise, and never past the room's end; reading implies having received. Nothing is written when nothing
# moves, and what there is comes back all the same: the database may know of more than whoever asks. The row is locked
# first, so that what it said before is what is compared.
#
# When they read is kept for the newest stretch. Whoever reads on within a minute is still at it.
_ADVANCE = f"""
    WITH before AS MATERIALIZED (
        SELECT member.room_id, member.user_id, member.last_read_seq, member.last_delivered_seq,
               least($3, room.last_seq) AS seq,
               member.read_until_seq = member.last_read_seq
                   AND member.read_at > clock_timestamp() - interval '1 minute' AS is_still_reading
        FROM chat_members member JOIN chat_rooms room ON room.id = member.room_id
        WHERE member.room_id = $1 AND member.user_id = $2
        FOR NO KEY UPDATE OF member
    ), moved AS (
        UPDATE chat_members member
        SET last_read_seq = CASE WHEN $4 THEN greatest(member.last_read_seq, before.seq)
                                 ELSE member.last_read_seq END,
            last_delivered_seq = greatest(member.last_delivered_seq, before.seq),
            read_from_seq = CASE WHEN NOT $4 OR is_still_reading THEN member.read_from_seq
                                 ELSE before.last_read_seq END,
            read_until_seq = CASE WHEN $4 THEN before.seq ELSE member.read_until_seq END,
            read_at = CASE WHEN NOT $4 OR is_still_reading THEN member.read_at ELSE clock_timestamp() END
        FROM before
        WHERE member.room_id = before.room_id AND member.user_id = before.user_id
          AND before.seq > CASE WHEN $4 THEN before.last_read_seq ELSE before.last_delivered_seq END
        RETURNING member.last_read_seq, member.last_delivered_seq
    ), present AS (
        SELECT before.room_id, before.user_id,
               coalesce(moved.last_read_seq, before.last_read_seq) AS last_read_seq,
               coalesce(moved.last_delivered_seq, before.last_delivered_seq) AS last_delivered_seq
        FROM before LEFT JOIN moved ON true
    )
    SELECT present.last_read_seq, present.last_delivered_seq, covered.ids, covered.seqs
    FROM present CROSS JOIN LATERAL (
        SELECT array_agg(id ORDER BY seq) AS ids, array_agg(seq ORDER BY seq) AS seqs FROM (
            SELECT id, messages.seq FROM messages
            WHERE messages.room_id = present.room_id AND messages.sender_id <> present.user_id
              AND messages.seq > $5
              AND messages.seq <= CASE WHEN $4 THEN present.last_read_seq ELSE present.last_delivered_seq END
            ORDER BY messages.seq DESC LIMIT {MAX_COVERED}
        ) newest
    ) covered
"""

# A message may have come while somebody was at it.
_LIST_READERS = """
    SELECT member.user_id,
           CASE WHEN message.seq > read_from_seq AND message.seq <= read_until_seq
                THEN greatest(read_at, message.created_at) END AS read_at
    FROM messages message JOIN chat_members member ON member.room_id = message.room_id
    WHERE message.room_id = $1 AND message.seq = $2
        AND member.user_id <> message.sender_id AND member.last_read_seq >= message.seq
    ORDER BY read_at DESC NULLS LAST, member.user_id
"""

_LIST_COVERED = f"""
    SELECT place, newest.seq, newest.id
    FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
        WITH ORDINALITY AS risen (room_id, user_id, after_seq, until_seq, place)
    CROSS JOIN LATERAL (
        SELECT id, seq FROM messages
        WHERE room_id = risen.room_id AND sender_id <> risen.user_id AND seq > after_seq AND seq <= until_seq
        ORDER BY seq DESC LIMIT {MAX_COVERED}
    ) newest ORDER BY place, seq
"""


@dataclass(frozen=True, slots=True)
class Advance:
    """Where a member's positions are now, and the newest messages of others that they cover, as (seq, id) in order."""

    last_read_seq: int
    last_delivered_seq: int
    covered: list[tuple[int, str]]


async def advance(
    connection: Connection, room_id: str, user_id: str, seq: int, *, read: bool, known_seq: int
) -> Advance | None:
    """Move a member's position up to `seq`; None when there is no such member.

    Args:
        known_seq: the position that the caller knew of. What is covered counts from there.
    """
    row = await connection.fetchrow(_ADVANCE, room_id, user_id, seq, read, known_seq)
    if row is None:
        return None
    covered = list(zip(row["seqs"] or (), row["ids"] or (), strict=True))
    return Advance(row["last_read_seq"], row["last_delivered_seq"], covered)


async def list_readers(connection: Connection, room_id: str, seq: int) -> list[tuple[str, datetime | None]]:
    """Who has read a message, besides its sender: ids, and when, where that is known. The latest first."""
    return [(row["user_id"], row["read_at"]) for row in await connection.fetch(_LIST_READERS, room_id, seq)]


async def list_covered(connection: Connection, rises: Sequence[tuple[str, Rise]]) -> list[list[tuple[int, str]]]:
    """The newest messages of others that each position, of rises by room id, has newly covered; one statement.

    For each rise a list of (seq, id), in order.
    """
    columns = [
        [room_id for room_id, _ in rises],
        [rise.user_id for _, rise in rises],
        [rise.after for _, rise in rises],
        [rise.until for _, rise in rises],
    ]
    covered: list[list[tuple[int, str]]] = [[] for _ in rises]
    for row in await connection.fetch(_LIST_COVERED, *columns):
        covered[row["place"] - 1].append((row["seq"], row["id"]))
    return covered
