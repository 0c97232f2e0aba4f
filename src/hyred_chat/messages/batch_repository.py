"""All SQL about what waits in a lane, sends and changes together: which rooms to lock, and what to store in them."""

from collections.abc import Sequence
from typing import TypeAlias, cast

import asyncpg

from hyred_chat.db.pool import Connection
from hyred_chat.db.transactions import transaction_on
from hyred_chat.messages import backup_repository, backups, change_repository, send_repository
from hyred_chat.messages.backups import Pairing
from hyred_chat.messages.changes import PendingChange
from hyred_chat.messages.sends import Outcome, PendingSend, Repeat, Stored
from hyred_chat.notifications.conversations import CHAT_NOTIFICATION_ID

# What waits in a lane.
Pending: TypeAlias = PendingSend | PendingChange

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

# What the locks above do not cover (a repeat that is being stored elsewhere, say) is waited for a moment only.
_BEGIN_UNLOCKED = "BEGIN; SET LOCAL lock_timeout = 20"


async def store_batch(
    connection: Connection, batch: Sequence[Pending], *, again: bool, locks_first: bool = False
) -> list[Outcome]:
    """Store a batch of sends, or one of changes: one outcome for each, in order; committed when this returns.

    Plain sends are one statement. Sends of which some have an `arrival` or a `referral` are one transaction. Changes
    are read and written by two statements, without a lock in between. Where somebody else has changed something
    meanwhile, they are read and written again in a transaction that locks first.

    Args:
        again: whether an earlier attempt may have been committed.
        locks_first: whether to lock the rooms before anything is read. The connection has `DEFINE_STORE_BATCH`.
    """
    sends = [pending for pending in batch if type(pending) is PendingSend]
    if len(sends) == len(batch) and not [s for s in sends if s.arrival is not None or s.referral is not None]:
        return list(await send_repository.store_plain(connection, sends, again=again, locks_first=locks_first))
    if not sends:
        try:
            return list(await change_repository.apply(connection, cast("Sequence[PendingChange]", batch)))
        except asyncpg.DivisionByZeroError:
            pass
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


def is_overtaken(error: Exception) -> bool:
    """Whether the statement met something that was committed after it began: a repeat, or a member's removal."""
    return isinstance(error, (asyncpg.UniqueViolationError, asyncpg.DivisionByZeroError, asyncpg.DeadlockDetectedError))


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
        return await send_repository.store(connection, batch, again=again)
    pairing = backups.pair(batch, await backup_repository.list_kept(connection, batch))
    await backup_repository.take(connection, pairing)
    stored = await send_repository.store(connection, pairing.fresh, again=again) if pairing.fresh else []
    outcomes = dict(zip((pending.id for pending in pairing.fresh), stored, strict=True))
    await backup_repository.keep(connection, pairing, outcomes)
    return [_outcome_in(pairing, outcomes, pending) for pending in batch]


def _outcome_in(pairing: Pairing, outcomes: dict[str, Outcome], pending: PendingSend) -> Outcome:
    if (record := pairing.repeats.get(pending.id)) is not None:
        return Repeat(record)
    if (original := pairing.followed.get(pending.id)) is None:
        return outcomes[pending.id]
    # Of the same person in the same room: what was refused to one is refused to the other.
    outcome = outcomes[original.id]
    return Repeat(outcome.record) if isinstance(outcome, Stored) else outcome
