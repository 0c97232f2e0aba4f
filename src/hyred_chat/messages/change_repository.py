"""All SQL about changes of messages: `change_statement.py` has the two statements that make them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from hyred_chat.db.command_tags import count_of
from hyred_chat.db.pool import Connection
from hyred_chat.messages.additions import QUOTED_CHARS
from hyred_chat.messages.attached import in_short
from hyred_chat.messages.change_statement import LIST_SUBJECTS, WRITE
from hyred_chat.messages.changes import (
    VERSION_BYTES,
    ChangeOutcome,
    Delete,
    Edit,
    PendingChange,
    Pin,
    Room,
    Subject,
    decide,
)
from hyred_chat.messages.records import MessageRecord
from hyred_chat.messages.rows import PRESENT_COLUMNS, record_of
from hyred_chat.messages.sends import Changed
from hyred_chat.moments import millis_to_wire, to_wire
from hyred_chat.notifications.previews import preview_of
from hyred_chat.notifications.texts import ENGLISH
from hyred_chat.text.previews import beginning_of

_LIST_MEMBERS = """
    SELECT wanted.room_id, wanted.user_id
    FROM (SELECT DISTINCT room_id, user_id FROM unnest($1::text[], $2::text[]) AS t (room_id, user_id)) wanted
    CROSS JOIN LATERAL (
        SELECT FROM chat_members
        WHERE chat_members.room_id = wanted.room_id AND chat_members.user_id = wanted.user_id LIMIT 1
    ) member
"""

_LIST_CHANGED = f"""
    SELECT {PRESENT_COLUMNS} FROM (
        SELECT messages.*, place FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
            WITH ORDINALITY AS wanted (room, after, until, until_seq, place)
        CROSS JOIN LATERAL (
            SELECT * FROM messages
            WHERE room_id = wanted.room AND change > wanted.after AND change <= wanted.until AND seq <= wanted.until_seq
            ORDER BY change LIMIT $5
        ) messages
    ) message ORDER BY message.place, message.change LIMIT $5
"""

_LIST_VERSIONS = """
    SELECT content, created_at FROM message_versions WHERE room_id = $1 AND seq = $2 ORDER BY change
"""

_LIST_REACTORS = """
    SELECT wanted.place, emoji, user_id
    FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted (room_id, seq, place)
    JOIN message_reactions ON message_reactions.room_id = wanted.room_id AND message_reactions.seq = wanted.seq
"""
# Of some people: looked up in the index, however many others there are. OFFSET 0 holds the planner to a look-up for
# each message; in a table that it knows little of, it would rather read all that these people have ever reacted with.
LIST_SOME_REACTORS = """
    SELECT wanted.place, found.emoji, found.user_id
    FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted (room_id, seq, place)
    CROSS JOIN LATERAL (
        SELECT emoji, user_id FROM message_reactions
        WHERE message_reactions.room_id = wanted.room_id AND message_reactions.seq = wanted.seq
            AND message_reactions.user_id = ANY($3::text[])
        OFFSET 0
    ) found
"""

_FIND_ROOM = """
    SELECT message.room_id, message.sender_id FROM (
        SELECT * FROM messages WHERE id = $1
        UNION ALL
        SELECT * FROM messages WHERE sender_id = $2 AND client_message_id = $3
        LIMIT 1
    ) message
    WHERE $4 OR EXISTS (SELECT FROM chat_members WHERE room_id = message.room_id AND user_id = $2)
"""

_DELETE_OLD = """
    WITH old AS MATERIALIZED (
        SELECT message_id FROM deleted_messages WHERE deleted_at < now() - $1 * interval '1 second'
        ORDER BY deleted_at LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    DELETE FROM deleted_messages USING old WHERE deleted_messages.message_id = old.message_id
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Changes of a room: those with `after` < change <= `until`, of messages up to `until_seq`."""

    room_id: str
    after: int
    until: int
    until_seq: int


async def apply(connection: Connection, batch: Sequence[PendingChange]) -> list[ChangeOutcome]:
    """Apply changes in their order, one outcome for each; committed, unless a transaction is under way.

    Two statements: one reads, and one writes if there is something to write. One more where somebody is mentioned.

    Raises:
        asyncpg.DivisionByZeroError: what was read was not so any more when it was to be written, and nothing was. It
            can not happen while the rooms are locked.
    """
    batch = await _with_members_mentioned(connection, batch)
    subjects, rooms = await _list_subjects(connection, batch)
    outcomes: list[ChangeOutcome] = []
    for change, subject in zip(batch, subjects, strict=True):
        outcome = decide(change, subject, rooms[change.room_id])
        outcomes.append(outcome)
        if isinstance(outcome, Changed):
            _follow_in_quotes(outcome.record, subjects)
    changed = {id(each): each for each in subjects if each is not None and each.record.change != each.stored.change}
    if changed:
        await _write(connection, list(changed.values()), [room for room in rooms.values() if room.is_changed])
    return outcomes


async def _write(connection: Connection, subjects: Sequence[Subject], rooms: Sequence[Room]) -> None:
    columns = (
        [_present(each.record) for each in subjects],
        [
            {"room_id": each.record.room_id, "seq": each.record.seq, **_version(version)}
            for each in subjects
            if each.removed is None
            for version in each.versions
        ],
        [_removed(each) for each in subjects if each.removed is not None],
        [row for each in subjects for row in _reacted(each)],
        [row for each in subjects for row in _taken_back(each)],
        [
            {
                "id": room.id,
                "read_change": room.read_change,
                "is_blocked": room.is_blocked,
                "last_change": room.last_change,
            }
            for room in rooms
        ],
        [
            {"room_id": room.id, "user_id": user_id, "role": role}
            for room in rooms
            for user_id, role in room.roles.items()
        ],
        [_said(each) for each in subjects if each.removed is not None or each.record.content != each.stored.content],
    )
    await connection.execute(WRITE, *(orjson.dumps(column).decode() for column in columns))


async def list_members(connection: Connection, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these pairs (room id, user id) that are members; no statement for none."""
    if not pairs:
        return set()
    rows = await connection.fetch(_LIST_MEMBERS, [room_id for room_id, _ in pairs], [user_id for _, user_id in pairs])
    return {(row["room_id"], row["user_id"]) for row in rows}


async def list_changed(connection: Connection, stretches: Sequence[Stretch], *, limit: int) -> list[MessageRecord]:
    """The present state of messages that have changed, by stretch and in the order of `change`; one statement."""
    columns = (
        [each.room_id for each in stretches],
        [each.after for each in stretches],
        [each.until for each in stretches],
        [each.until_seq for each in stretches],
    )
    return [record_of(row) for row in await connection.fetch(_LIST_CHANGED, *columns, limit)]


async def list_last_changes(connection: Connection, room_ids: Sequence[str]) -> dict[str, int]:
    """The newest change of each room; one statement."""
    rows = await connection.fetch("SELECT id, last_change FROM chat_rooms WHERE id = ANY($1::text[])", list(room_ids))
    return {row["id"]: row["last_change"] for row in rows}


async def learn_reactors(
    connection: Connection, records: Sequence[MessageRecord], user_ids: Sequence[str] | None = None
) -> None:
    """Have in reactions of many who else has reacted, among these people or (None) all; one statement, or none."""
    many = [
        (record, reactions)
        for record in records
        if record.additions is not None
        and (reactions := [each for each in record.additions.reactions if each.count > len(each.user_ids)])
    ]
    if not many:
        return
    keys = [record.room_id for record, _ in many], [record.seq for record, _ in many]
    people: dict[tuple[int, str], set[str]] = {}
    if user_ids is None:
        rows = await connection.fetch(_LIST_REACTORS, *keys)
    else:
        rows = await connection.fetch(LIST_SOME_REACTORS, *keys, list(user_ids))
    for row in rows:
        people.setdefault((row["place"] - 1, row["emoji"]), set()).add(row["user_id"])
    for place, (_, reactions) in enumerate(many):
        for reaction in reactions:
            reaction.others = people.get((place, reaction.emoji), set())


async def list_versions(connection: Connection, record: MessageRecord) -> list[tuple[str, str]]:
    """What a message said before, as (content, since when), oldest first; one statement."""
    rows = await connection.fetch(_LIST_VERSIONS, record.room_id, record.seq)
    return [(row["content"], to_wire(row["created_at"])) for row in rows]


async def find_room(
    connection: Connection, user_id: str, *, message_id: str | None, client_message_id: str | None, is_admin: bool
) -> tuple[str, str] | None:
    """The room and the sender of a message that `user_id` may see: by its id, or of what they sent; one statement.

    Args:
        is_admin: whether they may see it without being a member.
    """
    row = await connection.fetchrow(_FIND_ROOM, message_id, user_id, client_message_id, is_admin)
    return None if row is None else (row["room_id"], row["sender_id"])


async def delete_old(connection: Connection, *, keep_seconds: float, limit: int) -> bool:
    """Forget what some of the messages said that were deleted long ago; whether there may be more. One statement."""
    result: str = await connection.execute(_DELETE_OLD, keep_seconds, limit)
    return count_of(result) == limit


async def _with_members_mentioned(connection: Connection, batch: Sequence[PendingChange]) -> Sequence[PendingChange]:
    pairs = [
        (change.room_id, user_id)
        for change in batch
        if isinstance(change.wanted, Edit)
        for user_id in change.wanted.mentions or ()
    ]
    members = await list_members(connection, pairs)
    for change in batch if pairs else ():
        edit = change.wanted
        if isinstance(edit, Edit) and edit.mentions:
            mentions = tuple(each for each in dict.fromkeys(edit.mentions) if (change.room_id, each) in members)
            change.wanted = Edit(edit.content, mentions, edit.if_change)
    return batch


async def _list_subjects(
    connection: Connection, batch: Sequence[PendingChange]
) -> tuple[list[Subject | None], dict[str, Room]]:
    """What each is about (several may be about the same), and all rooms."""
    columns = (
        [change.message_id for change in batch],
        [change.sender_id for change in batch],
        [change.client_message_id for change in batch],
    )
    counts_pins = any(isinstance(change.wanted, Pin | Delete) for change in batch)
    subjects: dict[str, Subject] = {}
    by_place: dict[int, Subject] = {}
    rooms: dict[str, Room] = {}
    is_edited = any(isinstance(change.wanted, Edit) for change in batch)
    for row in await connection.fetch(LIST_SUBJECTS, *columns, counts_pins, is_edited, VERSION_BYTES):
        place = row["place"] - 1
        if (room := rooms.get(row["room_id"])) is None:
            room = Room(row["room_id"], row["is_group"], row["is_blocked"], row["last_change"], row["pinned_count"])
            rooms[room.id] = room
        if row["role"] is not None:
            room.roles[batch[place].sender_id] = row["role"]
        if (subject := subjects.get(row["id"])) is None:
            reactors: dict[str, dict[str, int]] = {}
            for emoji, user_id, change in orjson.loads(row["reactors"] or "[]"):
                reactors.setdefault(emoji, {})[user_id] = change
            now = millis_to_wire(row["now_ms"])
            subject = subjects[row["id"]] = Subject(record_of(row), row["age_seconds"], now, reactors)
            subject.former_bytes = row["former_bytes"] or 0
        by_place[place] = subject
    for wanted in batch:  # one that was deleted meanwhile has no messages either
        rooms.setdefault(
            wanted.room_id, Room(wanted.room_id, is_group=False, is_blocked=True, last_change=0, pinned_count=0)
        )
    return [by_place.get(place) for place in range(len(batch))], rooms


def _follow_in_quotes(record: MessageRecord, subjects: Sequence[Subject | None]) -> None:
    """Have other messages of the batch that quote this one quote it as it is."""
    for subject in subjects:
        if subject is None or subject.record.room_id != record.room_id:
            continue
        additions = subject.record.additions
        if additions is not None and additions.quote is not None and additions.quote.seq == record.seq:
            content = beginning_of(record.content, QUOTED_CHARS)
            additions.quote = replace(additions.quote, content=content, type=record.type, deleted_at=record.deleted_at)


def _present(record: MessageRecord) -> dict[str, Any]:
    additions = record.additions
    assert additions is not None  # noqa: S101  # it has a change
    reactions = [[each.emoji, each.count, each.user_ids] for each in additions.reactions]
    return {
        "room_id": record.room_id,
        "seq": record.seq,
        "change": additions.change,
        "content": record.content,
        "type": record.type,
        "edited_at": additions.edited_at,
        "deleted_at": additions.deleted_at,
        "deleted_by": additions.deleted_by,
        "mentions": additions.mentions or None,
        "pinned_at": additions.pinned_at,
        "reactions": reactions or None,
        "digest": None if additions.sent_digest is None else additions.sent_digest.hex(),
    }


def _said(subject: Subject) -> dict[str, Any]:
    record = subject.record
    return {
        "room_id": record.room_id,
        "seq": record.seq,
        "id": record.id,
        "preview": preview_of(record.type, record.content, ENGLISH, in_short(record.content, record.attachments)),
        "is_deleted": subject.removed is not None,
    }


def _version(version: Any) -> dict[str, Any]:
    return {"change": version.change, "content": version.content, "created_at": version.created_at}


def _removed(subject: Subject) -> dict[str, Any]:
    removed, additions = subject.removed, subject.additions
    assert removed is not None  # noqa: S101  # the caller has looked
    return {
        "message_id": removed.id,
        "room_id": removed.room_id,
        "seq": removed.seq,
        "sender_id": removed.sender_id,
        "content": removed.content,
        "type": removed.type,
        "metadata": removed.metadata,
        "versions": [
            {"content": each.content, "createdAt": each.created_at, "change": each.change} for each in subject.versions
        ],
        "files": [each.id for each in removed.attachments],
        "attachments": [each.describe(None) for each in removed.attachments] or None,
        "created_at": removed.created_at,
        "deleted_at": additions.deleted_at,
        "deleted_by": additions.deleted_by,
    }


def _reacted(subject: Subject) -> list[dict[str, Any]]:
    return [
        {
            "room_id": subject.record.room_id,
            "seq": subject.record.seq,
            "user_id": user_id,
            "emoji": emoji,
            "change": change,
        }
        for emoji, people in subject.reactors.items()
        for user_id, change in people.items()
        if subject.stored_reactors.get(emoji, {}).get(user_id) != change
    ]


def _taken_back(subject: Subject) -> list[dict[str, Any]]:
    return [
        {"room_id": subject.record.room_id, "seq": subject.record.seq, "user_id": user_id, "emoji": emoji}
        for emoji, people in subject.stored_reactors.items()
        for user_id in people
        if user_id not in subject.reactors.get(emoji, {})
    ]
