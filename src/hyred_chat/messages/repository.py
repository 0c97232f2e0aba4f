"""All SQL about messages."""

import time
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

import asyncpg
import orjson

from hyred_chat.db.pool import Connection
from hyred_chat.db.transactions import transaction_on
from hyred_chat.errors import AccessDeniedError, MessageDeletedError, NotFoundError, RoomBlockedError
from hyred_chat.messages import backups, change_repository
from hyred_chat.messages.additions import Additions
from hyred_chat.messages.backups import Kept, Pairing
from hyred_chat.messages.change_repository import list_members
from hyred_chat.messages.changes import PendingChange
from hyred_chat.messages.records import MessageRecord
from hyred_chat.messages.rows import (
    COLUMNS,
    PRESENT_COLUMNS,
    QUOTE,
    QUOTED_PERSON,
    quote_of,
    record_of,
    sent_record_of,
)
from hyred_chat.messages.sends import Outcome, PendingSend, Refused, Repeat, Stored
from hyred_chat.moments import millis_to_wire
from hyred_chat.notifications.conversations import CHAT_NOTIFICATION_ID, COVER, LIST_UNCOVERED, MAKE_DUE
from hyred_chat.rooms.state import NO_ACCESS

# What waits in a lane.
Pending: TypeAlias = PendingSend | PendingChange

_COLUMNS_OF_REPEAT = ", ".join(f"repeat.{column}" for column in COLUMNS)


# One statement, and so one transaction and one flush, for a whole batch of sends.
#
# - Rooms are locked in the order of their ids, whatever the batch: two nodes that store at once can wait for each
#   other but never in a circle.
# - A row of `messages` with the sender's clientMessageId is a repeat: it takes no seq and comes back as it was stored.
#   So is one with the very id that we are about to insert, when the batch is sent again ($2) because its connection
#   broke and nobody knows whether it was committed.
# - Membership and the room's status are checked here and not in memory, so a node's cache may lag without harm. The
#   room's row is read as it is when its lock is granted, but members as they were when the statement began. Whoever was
#   removed in between has no row to move the position of, and fewer rows are moved than there are writers: dividing by
#   zero then takes everything back, and the batch is stored again (`is_overtaken`). Locking the rows would cost every
#   message a write.
# - LATERAL … LIMIT 1 holds the planner to one look-up in the index for each send, whatever it believes of the tables.
# - Sends come as one array of a composite type, which costs less than an array for each column: the driver checks each
#   element of an array for being an array itself, and no field of a tuple.
# - createdAt rises by a millisecond a message at least, which is what lets clients page by time.
# - Every member but the sender has a notification that will be looked at, unless the room is covered. Its rows are
#   locked after the rooms (notifications/conversations.py).
def _store_batch(more_columns: str = "", more_values: str = "") -> str:
    return f"""
    WITH sent AS MATERIALIZED (
        SELECT * FROM unnest($1::sent_message[])
            WITH ORDINALITY AS t (room_id, id, sender_id, client_message_id, content, type, metadata, position)
    ), room AS MATERIALIZED (
        SELECT id, CASE WHEN is_barred THEN 'blocked' ELSE status END AS status, last_seq, last_message_at,
               covered_until, covered_besides
        FROM chat_rooms WHERE id = ANY(ARRAY(SELECT room_id FROM sent)) ORDER BY id FOR NO KEY UPDATE
    ), repeat AS MATERIALIZED (
        SELECT sent.position, found.* FROM sent CROSS JOIN LATERAL (
            SELECT m.* FROM messages m
            WHERE m.sender_id = sent.sender_id AND m.client_message_id = sent.client_message_id
            UNION ALL
            SELECT m.* FROM messages m WHERE $2 AND m.id = sent.id
            LIMIT 1
        ) found
    ), allowed AS MATERIALIZED (
        SELECT sent.*, room.status AS room_status, room.last_seq, room.last_message_at,
               room.covered_until > clock_timestamp() AS is_covered, room.covered_besides
        FROM sent
        JOIN room ON room.id = sent.room_id
        CROSS JOIN LATERAL (
            SELECT 1 FROM chat_members member
            WHERE member.room_id = sent.room_id AND member.user_id = sent.sender_id
            LIMIT 1
        ) member
    ), fresh AS MATERIALIZED (
        SELECT allowed.*, last_seq + row_number() OVER in_room AS seq,
               greatest(date_trunc('milliseconds', clock_timestamp()),
                        coalesce(last_message_at, '-infinity') + interval '1 millisecond')
                   + (row_number() OVER in_room - 1) * interval '1 millisecond' AS created_at
        FROM allowed
        WHERE room_status <> 'blocked'
          AND NOT EXISTS (SELECT 1 FROM repeat WHERE repeat.position = allowed.position)
        WINDOW in_room AS (PARTITION BY room_id ORDER BY position)
    ), uncovered AS MATERIALIZED ({LIST_UNCOVERED}
    ), notified AS ({MAKE_DUE}
    ), stored AS (
        INSERT INTO messages (
            room_id, seq, id, sender_id, client_message_id, content, type, metadata, created_at{more_columns}
        )
        SELECT
            room_id, seq, id, sender_id, client_message_id, content, type, metadata::json, created_at{more_values}
        FROM fresh
    ), advanced AS (
        UPDATE chat_rooms SET last_seq = newest.seq, last_message_at = newest.created_at, status = 'active',
            {COVER}
        FROM (SELECT room_id, max(seq) AS seq, max(created_at) AS created_at FROM fresh GROUP BY room_id) newest
        LEFT JOIN uncovered ON uncovered.room_id = newest.room_id
        WHERE chat_rooms.id = newest.room_id
    ), writer AS MATERIALIZED (
        SELECT room_id, sender_id, max(seq) AS seq FROM fresh GROUP BY room_id, sender_id
    ), read_own AS (
        UPDATE chat_members SET last_read_seq = writer.seq, last_delivered_seq = writer.seq, has_written = true
        FROM writer WHERE chat_members.room_id = writer.room_id AND chat_members.user_id = writer.sender_id
        RETURNING 1
    )
    SELECT fresh.seq / ((SELECT count(*) FROM read_own) = (SELECT count(*) FROM writer))::int AS fresh_seq,
           (extract(epoch FROM fresh.created_at) * 1000)::bigint AS created_ms,
           allowed.room_status, repeat.position IS NOT NULL AS is_repeat, {_COLUMNS_OF_REPEAT}
    FROM sent
    LEFT JOIN fresh ON fresh.position = sent.position
    LEFT JOIN repeat ON repeat.position = sent.position
    LEFT JOIN allowed ON allowed.position = sent.position
    ORDER BY sent.position
"""


STORE_BATCH = _store_batch()

# The same for batches with sends that refer to something: by their position, the seq of the message that each of them
# answers ($3), and the people whom it mentions ($4, JSON).
_STORE_REFERRING = _store_batch(
    ", reply_to, mentions",
    """, ($3::bigint[])[position],
            (SELECT array_agg(value) FROM json_array_elements_text(($4::text[])[position]::json))""",
)

# The same in two statements and one round trip: the rooms are locked, and then everything is read as it is by then. A
# statement that waits for a lock meets rows that are newer than itself, and PostgreSQL plans and compares once more
# for each of them. Where several nodes store in the same rooms that is most batches, and costs a third of a batch.
# A function of the session needs no migration, and is always that of the program that calls it.
DEFINE_STORE_BATCH = """
    CREATE OR REPLACE FUNCTION pg_temp.store_batch(sent_message[], boolean)
    RETURNS TABLE (fresh_seq bigint, created_ms bigint, room_status text, is_repeat boolean, {columns})
    LANGUAGE plpgsql AS $function$
    #variable_conflict use_column
    BEGIN
        PERFORM FROM chat_rooms WHERE id = ANY(ARRAY(SELECT room_id FROM unnest($1))) ORDER BY id FOR NO KEY UPDATE;
        RETURN QUERY {statement};
    END
    $function$
""".format(
    columns="room_id text, seq bigint, id text, client_message_id text, sender_id text, content text, type text,"
    " metadata json, created_at timestamptz",
    statement=STORE_BATCH,
)
_STORE_BATCH_LOCKING_FIRST = "SELECT * FROM pg_temp.store_batch($1, $2)"

# What sends answer: messages of their own room. LATERAL … LIMIT 1 as above.
_LIST_ANSWERED = f"""
    SELECT place, quoted.deleted_at IS NOT NULL AS is_deleted, {QUOTE} AS quote
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS sent (room_id, reply_to, place)
    CROSS JOIN LATERAL (
        SELECT * FROM messages WHERE messages.id = sent.reply_to AND messages.room_id = sent.room_id LIMIT 1
    ) quoted
    {QUOTED_PERSON}
"""

_LIST_SENT = """
    SELECT place FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS sent (sender_id, client_message_id, place)
    WHERE EXISTS (
        SELECT FROM messages
        WHERE messages.sender_id = sent.sender_id AND messages.client_message_id = sent.client_message_id
    )
"""

_LIST_PRESENT = f"""
    SELECT {PRESENT_COLUMNS} FROM unnest($1::text[], $2::bigint[]) AS wanted (room, number)
    JOIN messages message ON message.room_id = wanted.room AND message.seq = wanted.number
"""

# Which rooms of a batch somebody else has locked, or what else is written with a message of theirs: the senders' rows
# and the notifications of the members. What is free is locked now, and nothing is waited for.
_LIST_LOCKED = f"""
    WITH sent AS MATERIALIZED (
        SELECT DISTINCT room_id, sender_id FROM unnest($1::text[], $2::text[]) AS t (room_id, sender_id)
    ), room AS MATERIALIZED (
        SELECT id FROM chat_rooms WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    ), sender AS MATERIALIZED (
        SELECT member.room_id, member.user_id
        FROM sent JOIN room ON room.id = sent.room_id
        JOIN chat_members member ON member.room_id = sent.room_id AND member.user_id = sent.sender_id
        ORDER BY member.room_id, member.user_id FOR NO KEY UPDATE OF member SKIP LOCKED
    ), notification AS MATERIALIZED (
        SELECT id FROM notifications WHERE id IN (
            SELECT {CHAT_NOTIFICATION_ID.format(room_id="member.room_id", user_id="member.user_id")}
            FROM room JOIN chat_members member ON member.room_id = room.id
        ) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    SELECT present.id FROM chat_rooms present WHERE present.id = ANY($1::text[]) AND (
        NOT EXISTS (SELECT 1 FROM room WHERE room.id = present.id)
        OR EXISTS (
            SELECT 1 FROM sent JOIN chat_members member
                ON member.room_id = sent.room_id AND member.user_id = sent.sender_id
            WHERE sent.room_id = present.id AND NOT EXISTS (
                SELECT 1 FROM sender WHERE sender.room_id = member.room_id AND sender.user_id = member.user_id
            )
        ) OR EXISTS (
            SELECT 1 FROM chat_members member JOIN notifications shown
                ON shown.id = {CHAT_NOTIFICATION_ID.format(room_id="member.room_id", user_id="member.user_id")}
            WHERE member.room_id = present.id AND NOT EXISTS (SELECT 1 FROM notification WHERE id = shown.id)
        )
    )
"""

_LOCK_ROOMS = "SELECT FROM chat_rooms WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE"

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

# What the locks above do not cover (a repeat that is being stored elsewhere, say) is waited for a moment only.
_BEGIN_UNLOCKED = "BEGIN; SET LOCAL lock_timeout = 20"

# Of rows in an order, those before which there are less than so many bytes: the first one always, and about as much as
# fits into an answer. Lengths are known without reading what is stored apart.
_WITHIN = """
    SELECT * FROM (
        SELECT rows.*, coalesce(sum(octet_length(content) + coalesce(octet_length(metadata::text), 0)) OVER (
            ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS bytes_before FROM ({rows}) AS rows
    ) AS measured WHERE bytes_before < {max_bytes} ORDER BY {result_order}
"""

_LIST_NEWEST = _WITHIN.format(
    rows=f"SELECT {PRESENT_COLUMNS} FROM messages message WHERE room_id = $1 AND seq > $2 AND seq <= $3",
    order="seq DESC",
    max_bytes="$4",
    result_order="seq",
)

_LIST_RANGES = _WITHIN.format(
    rows=f"""
        SELECT {PRESENT_COLUMNS}, place FROM unnest($1::text[], $2::bigint[], $3::bigint[])
            WITH ORDINALITY AS wanted (room, after, until, place)
        JOIN messages message
            ON message.room_id = wanted.room AND message.seq > wanted.after AND message.seq <= wanted.until
    """,
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
    rows=f"""
        SELECT {PRESENT_COLUMNS} FROM messages message, found
        WHERE room_id = $1 AND seq > found.low - $3 AND seq <= found.low
    """,
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


async def store_batch(
    connection: Connection, batch: Sequence[Pending], *, again: bool, locks_first: bool = False
) -> list[Outcome]:
    """Store a batch, one outcome for each, in order; committed when this returns.

    One statement, unless something in it is not plain (a change, a send with an `arrival` or a `referral`): then one
    transaction, in which sends come before changes.

    Args:
        again: whether an earlier attempt may have been committed.
        locks_first: whether to lock the rooms before anything is read. The connection has `DEFINE_STORE_BATCH`.
    """
    if all(pending.is_plain for pending in batch):
        sends = cast("Sequence[PendingSend]", batch)
        return list(await _store(connection, sends, again=again, locks_first=locks_first))
    async with transaction_on(connection):
        # Before anything is read: what another node has stored in these rooms is visible from here on.
        await connection.execute(_LOCK_ROOMS, [pending.room_id for pending in batch])
        return await _store_in_locked_rooms(connection, batch, again=again)


async def store_unlocked(
    connection: Connection, batch: Sequence[Pending], *, again: bool = True
) -> list[Outcome | None]:
    """As `store_batch`, without waiting for anybody's lock: None for those whose rooms are locked. One transaction."""
    async with transaction_on(connection, begin=_BEGIN_UNLOCKED):
        rows = await connection.fetch(_LIST_LOCKED, [s.room_id for s in batch], [s.sender_id for s in batch])
        locked = {row["id"] for row in rows}
        free = [pending for pending in batch if pending.room_id not in locked]
        outcomes = iter(await _store_in_locked_rooms(connection, free, again=again) if free else ())
    return [None if pending.room_id in locked else next(outcomes) for pending in batch]


async def delete_old_kept(connection: Connection, *, keep_seconds: float, limit: int) -> bool:
    """Forget some of the sends that are too old to have a copy; whether there may be more. One statement."""
    result: str = await connection.execute(_DELETE_OLD_KEPT, keep_seconds, limit)
    return int(result.rpartition(" ")[2]) == limit


async def _store(
    connection: Connection, batch: Sequence[PendingSend], *, again: bool, locks_first: bool = False
) -> list[Outcome]:
    sends = [(s.room_id, s.id, s.sender_id, s.client_message_id, s.content, s.type, s.metadata) for s in batch]
    rows = await connection.fetch(_STORE_BATCH_LOCKING_FIRST if locks_first else STORE_BATCH, sends, again)
    outcomes = [_outcome_of(pending, row) for pending, row in zip(batch, rows, strict=True)]
    return await _with_present_repeats(connection, outcomes, rows)


async def _with_present_repeats(connection: Connection, outcomes: list[Outcome], rows: Sequence[Any]) -> list[Outcome]:
    """What was stored before may have changed since; one statement where there is a repeat."""
    repeats = [outcome for outcome, row in zip(outcomes, rows, strict=True) if row["is_repeat"]]
    records = [outcome.record for outcome in repeats if not isinstance(outcome, Refused)]
    if records:
        keys = [record.room_id for record in records], [record.seq for record in records]
        present = {
            (record.room_id, record.seq): record
            for record in map(record_of, await connection.fetch(_LIST_PRESENT, *keys))
        }
        for outcome in repeats:
            if not isinstance(outcome, Refused):
                outcome.record = present.get((outcome.record.room_id, outcome.record.seq), outcome.record)
    return outcomes


async def _store_referring(connection: Connection, batch: Sequence[PendingSend], *, again: bool) -> list[Outcome]:
    """As `_store`, of sends of which some answer a message or mention people. Their rooms are locked."""
    referrals = await _list_referrals(connection, batch)
    refused = {place for place, referral in enumerate(referrals) if isinstance(referral, Refused)}
    refused -= await _list_sent(connection, batch, refused)  # a repeat is none of what is refused
    fresh = [place for place in range(len(batch)) if place not in refused]
    found = [None if isinstance(referral, Refused) else referral for referral in referrals]
    sends = [
        (s.room_id, s.id, s.sender_id, s.client_message_id, s.content, s.type, s.metadata)
        for s in (batch[place] for place in fresh)
    ]
    seqs = [None if (each := found[place]) is None or each.quote is None else each.quote.seq for place in fresh]
    mentions = [
        None if (each := found[place]) is None or not each.mentions else orjson.dumps(each.mentions).decode()
        for place in fresh
    ]
    rows = await connection.fetch(_STORE_REFERRING, sends, again, seqs, mentions) if fresh else []
    outcomes = [_outcome_of(batch[place], row) for place, row in zip(fresh, rows, strict=True)]
    for place, outcome in zip(fresh, outcomes, strict=True):
        if isinstance(outcome, Stored):
            outcome.record.additions = found[place]
    stored = dict(zip(fresh, await _with_present_repeats(connection, outcomes, rows), strict=True))
    return [stored[place] if place in stored else cast("Refused", referrals[place]) for place in range(len(batch))]


async def _list_referrals(connection: Connection, batch: Sequence[PendingSend]) -> list[Additions | Refused | None]:
    """What each send refers to, if it does; at most two statements."""
    columns = (
        [pending.room_id for pending in batch],
        [None if pending.referral is None else pending.referral.reply_to for pending in batch],
    )
    answered = {row["place"] - 1: row for row in await connection.fetch(_LIST_ANSWERED, *columns)}
    pairs = [
        (pending.room_id, user_id)
        for pending in batch
        if pending.referral is not None
        for user_id in (pending.sender_id, *pending.referral.mentions)
    ]
    members = await list_members(connection, pairs)
    referrals: list[Additions | Refused | None] = []
    for place, pending in enumerate(batch):
        referral, row = pending.referral, answered.get(place)
        if referral is None or (pending.room_id, pending.sender_id) not in members:
            referrals.append(None)  # whoever is no member learns nothing of what is there
        elif referral.reply_to is not None and row is None:
            referrals.append(Refused(NotFoundError("There is no such message in this conversation to answer.")))
        elif row is not None and row["is_deleted"]:
            referrals.append(Refused(MessageDeletedError("The message to answer was deleted.")))
        else:
            quote = None if row is None else quote_of(orjson.loads(row["quote"]))
            mentions = [each for each in dict.fromkeys(referral.mentions) if (pending.room_id, each) in members]
            referrals.append(Additions(quote=quote, mentions=mentions) if quote or mentions else None)
    return referrals


async def _list_sent(connection: Connection, batch: Sequence[PendingSend], places: Collection[int]) -> set[int]:
    """Those of the sends at these places that were stored before; one statement, or none."""
    wanted = sorted(places)
    if not wanted:
        return set()
    columns = [batch[place].sender_id for place in wanted], [batch[place].client_message_id for place in wanted]
    return {wanted[row["place"] - 1] for row in await connection.fetch(_LIST_SENT, *columns)}


async def _store_in_locked_rooms(connection: Connection, batch: Sequence[Pending], *, again: bool) -> list[Outcome]:
    """Store what is to be sent, and then change what is to be changed: perhaps what was sent just now."""
    outcomes: dict[str, Outcome] = {}
    if sends := [pending for pending in batch if isinstance(pending, PendingSend)]:
        stored = await _store_sends(connection, sends, again=again)
        outcomes.update((pending.id, outcome) for pending, outcome in zip(sends, stored, strict=True))
    if wanted := [pending for pending in batch if isinstance(pending, PendingChange)]:
        applied = await change_repository.apply(connection, wanted)
        outcomes.update((pending.id, outcome) for pending, outcome in zip(wanted, applied, strict=True))
    return [outcomes[pending.id] for pending in batch]


async def _store_sends(connection: Connection, batch: Sequence[PendingSend], *, again: bool) -> list[Outcome]:
    """Store what is no copy, and keep what may get one."""
    if all(pending.arrival is None for pending in batch):
        return await _store_fresh(connection, batch, again=again)
    pairing = backups.pair(batch, await _list_kept(connection, batch))
    if pairing.taken:
        await connection.execute(_TAKE, list(pairing.taken), list(pairing.taken.values()))
    stored = await _store_fresh(connection, pairing.fresh, again=again) if pairing.fresh else []
    outcomes = dict(zip((pending.id for pending in pairing.fresh), stored, strict=True))
    await _keep(connection, pairing, outcomes)
    return [_outcome_in(pairing, outcomes, pending) for pending in batch]


async def _store_fresh(connection: Connection, batch: Sequence[PendingSend], *, again: bool) -> list[Outcome]:
    if all(pending.referral is None for pending in batch):
        return await _store(connection, batch, again=again)
    return await _store_referring(connection, batch, again=again)


async def _list_kept(connection: Connection, batch: Sequence[PendingSend]) -> dict[str, list[Kept]]:
    """What each send may be a copy of, by the send's id."""
    sends, columns = _columns_of(batch)
    kept: dict[str, list[Kept]] = {}
    for row in await connection.fetch(_LIST_KEPT, *columns, backups.WINDOW_SECONDS) if sends else ():
        kept.setdefault(sends[row["place"] - 1].id, []).append(Kept(sent_record_of(row), row["copy_id"]))
    return kept


async def _keep(connection: Connection, pairing: Pairing, outcomes: dict[str, Outcome]) -> None:
    """Write down the originals among what was stored, with the copies that they have already."""
    sends, columns = _columns_of([each for each in pairing.originals if isinstance(outcomes[each.id], Stored)])
    if sends:
        copy_of = {original.id: copy_id for copy_id, original in pairing.followed.items()}
        await connection.execute(_KEEP, *columns, [copy_of.get(pending.id) for pending in sends])


def _columns_of(batch: Sequence[PendingSend]) -> tuple[list[PendingSend], tuple[list[Any], ...]]:
    """Those sends that may be copies or have one, and what is told of each to `_LIST_KEPT` and `_KEEP`."""
    now = time.monotonic()
    rows = [
        (s, (s.id, s.room_id, s.sender_id, backups.digest_of(s), arrival.door, now - arrival.at))
        for s in batch
        if (arrival := s.arrival) is not None
    ]
    return [pending for pending, _ in rows], tuple(map(list, zip(*(values for _, values in rows), strict=True)))


def _outcome_in(pairing: Pairing, outcomes: dict[str, Outcome], pending: PendingSend) -> Outcome:
    if (record := pairing.repeats.get(pending.id)) is not None:
        return Repeat(record)
    if (original := pairing.followed.get(pending.id)) is None:
        return outcomes[pending.id]
    # Of the same person in the same room: what was refused to one is refused to the other.
    outcome = outcomes[original.id]
    return Repeat(outcome.record) if isinstance(outcome, Stored) else outcome


def is_overtaken(error: Exception) -> bool:
    """Whether the statement met something that was committed after it began: a repeat, or a member's removal."""
    return isinstance(error, (asyncpg.UniqueViolationError, asyncpg.DivisionByZeroError, asyncpg.DeadlockDetectedError))


def _outcome_of(pending: PendingSend, row: Any) -> Outcome:
    seq, created_ms, room_status, is_repeat = row[0], row[1], row[2], row[3]  # by place: this is for every message
    if seq is not None:
        return Stored(pending.as_record(seq, millis_to_wire(created_ms)))
    if is_repeat:
        record = sent_record_of(row)
        # Our own id: this very send was committed by an attempt whose answer was lost, and nobody has seen it yet.
        return Stored(record) if record.id == pending.id else Repeat(record)
    if room_status is None:
        return Refused(AccessDeniedError(NO_ACCESS))
    return Refused(RoomBlockedError("This conversation is closed: nothing can be sent here."))


async def list_newest(
    connection: Connection, room_id: str, *, after: int, until: int, max_bytes: int
) -> list[MessageRecord]:
    """The newest messages with `after` < seq <= `until`, in order, as many as have about `max_bytes`; one statement."""
    return [record_of(row) for row in await connection.fetch(_LIST_NEWEST, room_id, after, until, max_bytes)]


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
