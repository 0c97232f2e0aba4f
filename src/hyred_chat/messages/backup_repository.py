"""All SQL about sends that may be a copy of another one, or get one."""

import time
from collections.abc import Sequence
from typing import Any

from hyred_chat.db.command_tags import count_of
from hyred_chat.db.pool import Connection
from hyred_chat.messages import backups
from hyred_chat.messages.backups import Kept, Pairing
from hyred_chat.messages.rows import COLUMNS, sent_record_of
from hyred_chat.messages.sends import Outcome, PendingSend, Stored

# For each of these sends: what it may be a copy of, first the message that was stored first. A message that has a copy
# is found by that copy alone, and by the send that became it: these are sent again because their connection broke.
# LATERAL holds the planner to look-ups in indexes, as above.
_LIST_KEPT = f"""
    SELECT sent.place, kept.copy_id, {", ".join(f"message.{column}" for column in COLUMNS)}
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::float8[])
        WITH ORDINALITY AS sent (id, room_id, sender_id, digest, door, age, place)
    CROSS JOIN LATERAL (
        SELECT message_id, copy_id FROM legacy_sends
        WHERE room_id = sent.room_id AND sender_id = sent.sender_id AND digest = sent.digest
            AND (
                message_id = sent.id OR copy_id = sent.id OR (
                    copy_id IS NULL AND door <> sent.door
                    AND abs(extract(epoch FROM clock_timestamp() - arrived_at) - sent.age) < $7
                )
            )
        OFFSET 0
    ) kept
    CROSS JOIN LATERAL (SELECT * FROM messages WHERE messages.id = kept.message_id LIMIT 1) message
    ORDER BY sent.place, message.seq
"""

_KEEP = """
    INSERT INTO legacy_sends (message_id, room_id, sender_id, digest, door, arrived_at, copy_id)
    SELECT id, room_id, sender_id, digest, door, clock_timestamp() - age * interval '1 second', copy_id
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::float8[], $7::text[])
        AS sent (id, room_id, sender_id, digest, door, age, copy_id)
"""

_TAKE = """
    UPDATE legacy_sends SET copy_id = ($2::text[])[array_position($1::text[], message_id)]
    WHERE message_id = ANY($1::text[])
"""

_DELETE_OLD_KEPT = """
    WITH old AS MATERIALIZED (
        SELECT message_id FROM legacy_sends WHERE arrived_at < now() - $1 * interval '1 second'
        ORDER BY arrived_at LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    DELETE FROM legacy_sends USING old WHERE legacy_sends.message_id = old.message_id
"""


async def list_kept(connection: Connection, batch: Sequence[PendingSend]) -> dict[str, list[Kept]]:
    """What each send may be a copy of, by the send's id."""
    sends, columns = _columns_of(batch)
    kept: dict[str, list[Kept]] = {}
    for row in await connection.fetch(_LIST_KEPT, *columns, backups.WINDOW_SECONDS) if sends else ():
        kept.setdefault(sends[row["place"] - 1].id, []).append(Kept(sent_record_of(row), row["copy_id"]))
    return kept


async def take(connection: Connection, pairing: Pairing) -> None:
    """Give kept originals the copies that this batch has brought; one statement, or none."""
    if pairing.taken:
        await connection.execute(_TAKE, list(pairing.taken), list(pairing.taken.values()))


async def keep(connection: Connection, pairing: Pairing, outcomes: dict[str, Outcome]) -> None:
    """Write down the originals among what was stored, with the copies that they have already."""
    sends, columns = _columns_of([each for each in pairing.originals if isinstance(outcomes[each.id], Stored)])
    if sends:
        copy_of = {original.id: copy_id for copy_id, original in pairing.followed.items()}
        await connection.execute(_KEEP, *columns, [copy_of.get(pending.id) for pending in sends])


async def delete_old_kept(connection: Connection, *, keep_seconds: float, limit: int) -> bool:
    """Forget some of the sends that are too old to have a copy; whether there may be more. One statement."""
    result: str = await connection.execute(_DELETE_OLD_KEPT, keep_seconds, limit)
    return count_of(result) == limit


def _columns_of(batch: Sequence[PendingSend]) -> tuple[list[PendingSend], tuple[list[Any], ...]]:
    """Those sends that may be copies or have one, and what is told of each to `_LIST_KEPT` and `_KEEP`."""
    now = time.monotonic()
    rows = [
        (s, (s.id, s.room_id, s.sender_id, backups.digest_of(s), arrival.door, now - arrival.at))
        for s in batch
        if (arrival := s.arrival) is not None
    ]
    return [pending for pending, _ in rows], tuple(map(list, zip(*(values for _, values in rows), strict=True)))
