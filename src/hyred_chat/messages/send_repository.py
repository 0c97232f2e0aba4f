"""All SQL about storing sends, but for what may be a copy (`backup_repository.py`)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias, cast

import orjson

from hyred_chat.db.pool import Connection
from hyred_chat.errors import AccessDeniedError, ChatError, MessageDeletedError, NotFoundError, RoomBlockedError
from hyred_chat.messages.additions import Additions
from hyred_chat.messages.attached import content_of, type_of
from hyred_chat.messages.change_repository import list_members
from hyred_chat.messages.files import encode_attachments, lock_files, note_sent, take_files
from hyred_chat.messages.records import MessageRecord
from hyred_chat.messages.rows import PRESENT_COLUMNS, QUOTE, QUOTED_PERSON, quote_of, record_of
from hyred_chat.messages.sends import Outcome, PendingSend, Referral, Refused, Repeat, Stored
from hyred_chat.messages.store_statement import STORE_BATCH, STORE_BATCH_LOCKING_FIRST, STORE_REFERRING
from hyred_chat.moments import millis_to_wire
from hyred_chat.rooms.state import NO_ACCESS

# A room's id and a seq.
Place: TypeAlias = tuple[str, int]

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


async def store(connection: Connection, batch: Sequence[PendingSend], *, again: bool) -> list[Outcome]:
    """Store sends, one outcome for each, in order; committed, unless a transaction is under way.

    One statement, and one more when there is a repeat. When some answer a message, mention people or have files, up to
    five more, and their rooms are locked.

    Args:
        again: whether an earlier attempt may have been committed.
    """
    if all(pending.referral is None for pending in batch):
        return await store_plain(connection, batch, again=again)
    return await _store_referring(connection, batch, again=again)


async def store_plain(
    connection: Connection, batch: Sequence[PendingSend], *, again: bool, locks_first: bool = False
) -> list[Outcome]:
    """Likewise of sends that refer to nothing.

    Args:
        again: as above.
        locks_first: whether to lock the rooms before anything is read. The connection has `DEFINE_STORE_BATCH`.
    """
    sends = [(s.room_id, s.id, s.sender_id, s.client_message_id, s.content, s.type, s.metadata) for s in batch]
    rows = await connection.fetch(STORE_BATCH_LOCKING_FIRST if locks_first else STORE_BATCH, sends, again)
    return await _outcomes_of(connection, batch, rows)


async def _outcomes_of(connection: Connection, batch: Sequence[PendingSend], rows: Sequence[Any]) -> list[Outcome]:
    """What became of each send, by its row. What was stored before is read as it is now, all of it by one statement."""
    repeats = [(row["repeat_room_id"], row["repeat_seq"]) for row in rows if row[0] == "repeat"]
    present = await _list_present(connection, repeats) if repeats else {}
    return [_outcome_of(pending, row, present) for pending, row in zip(batch, rows, strict=True)]


async def _list_present(connection: Connection, places: Sequence[Place]) -> dict[Place, MessageRecord]:
    """Messages by their rooms and seqs, without those that went with their rooms."""
    rows = await connection.fetch(_LIST_PRESENT, [room_id for room_id, _ in places], [seq for _, seq in places])
    return {(record.room_id, record.seq): record for record in map(record_of, rows)}


async def _store_referring(connection: Connection, batch: Sequence[PendingSend], *, again: bool) -> list[Outcome]:
    """Likewise of sends of which some answer a message, mention people or have files. Their rooms are locked."""
    referrals = await _list_referrals(connection, batch)
    refused = {place for place, referral in enumerate(referrals) if isinstance(referral, Refused)}
    refused -= await _list_sent(connection, batch, refused)  # a repeat is none of what is refused
    fresh = [place for place in range(len(batch)) if place not in refused]
    found = [None if isinstance(referral, Refused) else referral for referral in referrals]
    sends = [
        (s.room_id, s.id, s.sender_id, s.client_message_id, *_said(s, found[place]), s.metadata)
        for place, s in ((place, batch[place]) for place in fresh)
    ]
    seqs = [None if (each := found[place]) is None or each.quote is None else each.quote.seq for place in fresh]
    mentions = [
        None if (each := found[place]) is None or not each.mentions else orjson.dumps(each.mentions).decode()
        for place in fresh
    ]
    files = [None if (each := found[place]) is None else encode_attachments(each.attachments) for place in fresh]
    rows = await connection.fetch(STORE_REFERRING, sends, again, seqs, mentions, files) if fresh else []
    outcomes = await _outcomes_of(connection, [batch[place] for place in fresh], rows)
    for place, outcome, row in zip(fresh, outcomes, rows, strict=True):
        if isinstance(outcome, Stored) and row["outcome"] == "fresh":
            record = outcome.record
            record.content, record.type = _said(batch[place], found[place])
            record.additions = found[place]
    new = [outcome.record for outcome in outcomes if isinstance(outcome, Stored)]
    await note_sent(connection, [(file.id, each.id, each.seq) for each in new for file in each.attachments])
    stored = dict(zip(fresh, outcomes, strict=True))
    return [stored[place] if place in stored else cast("Refused", referrals[place]) for place in range(len(batch))]


async def _list_referrals(connection: Connection, batch: Sequence[PendingSend]) -> list[Additions | Refused | None]:
    """What each send refers to, if it does; at most three statements."""
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
    wanted = [file.id for pending in batch if pending.referral for file in pending.referral.attachments]
    files = await lock_files(connection, wanted)
    referrals: list[Additions | Refused | None] = []
    for place, pending in enumerate(batch):
        referral = pending.referral
        if referral is None or (pending.room_id, pending.sender_id) not in members:
            # Whoever is no member learns nothing of what is there.
            has_files = referral is not None and referral.attachments
            referrals.append(Refused(AccessDeniedError(NO_ACCESS)) if has_files else None)
            continue
        try:
            additions = _refer(pending, referral, answered.get(place), members, files)
        except ChatError as error:
            referrals.append(Refused(error))
            continue
        for file in () if additions is None else additions.attachments:
            files[file.id] = {**files[file.id], "message_id": pending.id}  # for other sends of the batch
        referrals.append(additions)
    return referrals


def _refer(
    pending: PendingSend,
    referral: Referral,
    answered: Any,
    members: Collection[tuple[str, str]],
    files: Mapping[str, Any],
) -> Additions | None:
    """What a send refers to, of what there is."""
    if referral.reply_to is not None and answered is None:
        raise NotFoundError("There is no such message in this conversation to answer.")
    if answered is not None and answered["is_deleted"]:
        raise MessageDeletedError("The message to answer was deleted.")
    quote = None if answered is None else quote_of(orjson.loads(answered["quote"]))
    mentions = [each for each in dict.fromkeys(referral.mentions) if (pending.room_id, each) in members]
    attachments = take_files(
        files, referral.attachments, room_id=pending.room_id, sender_id=pending.sender_id, message_id=pending.id
    )
    if not (quote or mentions or attachments):
        return None
    return Additions(quote=quote, mentions=mentions, attachments=attachments)


def _said(pending: PendingSend, additions: Additions | None) -> tuple[str, str]:
    """The content and the type of a message, which its files decide where it has any."""
    if additions is None or not additions.attachments:
        return pending.content, pending.type
    return pending.content or content_of(additions.attachments), type_of(additions.attachments)


async def _list_sent(connection: Connection, batch: Sequence[PendingSend], places: Collection[int]) -> set[int]:
    """Those of the sends at these places that were stored before; one statement, or none."""
    wanted = sorted(places)
    if not wanted:
        return set()
    columns = [batch[place].sender_id for place in wanted], [batch[place].client_message_id for place in wanted]
    return {wanted[row["place"] - 1] for row in await connection.fetch(_LIST_SENT, *columns)}


def _outcome_of(pending: PendingSend, row: Any, present: Mapping[Place, MessageRecord]) -> Outcome:
    if row[0] == "fresh":  # by place: this is for every message
        return Stored(pending.as_record(row[1], millis_to_wire(row[2])))
    if row["outcome"] == "no member":
        return Refused(AccessDeniedError(NO_ACCESS))
    record = present.get((row["repeat_room_id"], row["repeat_seq"]))
    if record is None:  # also what went with its room since
        return Refused(RoomBlockedError("This conversation is closed: nothing can be sent here."))
    # Our own id: this very send was committed by an attempt whose answer was lost, and nobody has seen it yet.
    return Stored(record) if record.id == pending.id else Repeat(record)
