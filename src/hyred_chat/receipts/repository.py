"""All SQL about receipts."""

from dataclasses import dataclass

from hyred_chat.db.pool import Connection

# The newest messages newly covered, for clients that tick messages one by one.
MAX_COVERED = 50

# Positions only rise, and never past the room's end; reading implies having received. Nothing is written, and nothing
# returned, when nothing moves. The row is locked first, so that what it said before is what is compared.
_ADVANCE = f"""
    WITH before AS MATERIALIZED (
        SELECT member.room_id, member.user_id, member.last_read_seq, member.last_delivered_seq,
               least($3, room.last_seq) AS seq
        FROM chat_members member JOIN chat_rooms room ON room.id = member.room_id
        WHERE member.room_id = $1 AND member.user_id = $2
        FOR NO KEY UPDATE OF member
    ), moved AS (
        UPDATE chat_members member
        SET last_read_seq = CASE WHEN $4 THEN greatest(member.last_read_seq, before.seq)
                                 ELSE member.last_read_seq END,
            last_delivered_seq = greatest(member.last_delivered_seq, before.seq)
        FROM before
        WHERE member.room_id = before.room_id AND member.user_id = before.user_id
          AND before.seq > CASE WHEN $4 THEN before.last_read_seq ELSE before.last_delivered_seq END
        RETURNING member.last_read_seq, member.last_delivered_seq
    )
    SELECT moved.last_read_seq, moved.last_delivered_seq, before.seq, covered.ids, covered.seqs
    FROM moved CROSS JOIN before CROSS JOIN LATERAL (
        SELECT array_agg(id ORDER BY seq) AS ids, array_agg(seq ORDER BY seq) AS seqs FROM (
            SELECT id, messages.seq FROM messages
            WHERE messages.room_id = before.room_id AND messages.sender_id <> before.user_id
              AND messages.seq > CASE WHEN $4 THEN before.last_read_seq ELSE before.last_delivered_seq END
              AND messages.seq <= before.seq
            ORDER BY messages.seq DESC LIMIT {MAX_COVERED}
        ) newest
    ) covered
"""


@dataclass(frozen=True, slots=True)
class Advance:
    """A position that moved: where it is now, and the newest messages of others that it newly covers, in order."""

    last_read_seq: int
    last_delivered_seq: int
    message_ids: list[str]
    message_seqs: list[int]


async def advance(connection: Connection, room_id: str, user_id: str, seq: int, *, read: bool) -> Advance | None:
    """Move a member's position up to `seq`; None when it was there already, or there is no such member."""
    row = await connection.fetchrow(_ADVANCE, room_id, user_id, seq, read)
    if row is None:
        return None
    return Advance(row["last_read_seq"], row["last_delivered_seq"], row["ids"] or [], row["seqs"] or [])
