"""All SQL about changes of messages. The rooms of what is changed are locked by whoever calls this."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from hyred_chat.db.pool import Connection
from hyred_chat.messages.additions import QUOTED_CHARS
from hyred_chat.messages.changes import (
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
from hyred_chat.notifications.conversations import MAKE_CHANGED_DUE, REWRITE
from hyred_chat.notifications.previews import preview_of
from hyred_chat.notifications.texts import ENGLISH

# What each of these changes is about. LATERAL … LIMIT 1 holds the planner to look-ups in indexes, as for sends.
_LIST_SUBJECTS = f"""
    SELECT wanted.place, {PRESENT_COLUMNS},
           extract(epoch FROM clock_timestamp() - message.created_at)::float8 AS age_seconds,
           (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms,
           CASE WHEN message.change IS NOT NULL THEN (
               SELECT json_agg(json_build_array(emoji, user_id, change) ORDER BY change) FROM message_reactions
               WHERE message_reactions.room_id = message.room_id AND message_reactions.seq = message.seq
           ) END AS reactors
    FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (id, sender_id, client_id, place)
    CROSS JOIN LATERAL (
        SELECT * FROM messages WHERE messages.id = wanted.id
        UNION ALL
        SELECT * FROM messages
        WHERE messages.sender_id = wanted.sender_id AND messages.client_message_id = wanted.client_id
        LIMIT 1
    ) message
"""

# The rooms, and what those who want to change something are in them.
_LIST_ROOMS = """
    SELECT room.id, room.type = 'group' AS is_group, room.is_barred OR room.status = 'blocked' AS is_blocked,
           room.last_change, member.user_id, member.role,
           CASE WHEN $3 THEN (
               SELECT count(*) FROM messages WHERE messages.room_id = room.id AND pinned_at IS NOT NULL
           ) ELSE 0 END AS pinned_count
    FROM (SELECT DISTINCT id, user_id FROM unnest($1::text[], $2::text[]) AS t (id, user_id)) wanted
    CROSS JOIN LATERAL (SELECT * FROM chat_rooms WHERE chat_rooms.id = wanted.id LIMIT 1) room
    LEFT JOIN LATERAL (
        SELECT user_id, role FROM chat_members
        WHERE chat_members.room_id = wanted.id AND chat_members.user_id = wanted.user_id LIMIT 1
    ) member ON true
"""

_LIST_MEMBERS = """
    SELECT wanted.room_id, wanted.user_id
    FROM (SELECT DISTINCT room_id, user_id FROM unnest($1::text[], $2::text[]) AS t (room_id, user_id)) wanted
    CROSS JOIN LATERAL (
        SELECT FROM chat_members
        WHERE chat_members.room_id = wanted.room_id AND chat_members.user_id = wanted.user_id LIMIT 1
    ) member
"""

# All that a batch of changes writes, in one statement: messages as they are now ($1), what they said before ($2), what
# deleted ones said ($3), reactions that were set ($4) and taken back ($5), and rooms ($6). Each is a JSON array.
_WRITE = """
    WITH present AS MATERIALIZED (
        SELECT * FROM json_to_recordset($1) AS t (
            room_id text, seq bigint, change bigint, content text, type text, edited_at timestamptz,
            deleted_at timestamptz, deleted_by text, mentions text[], pinned_at timestamptz, reactions json, digest text
        )
    ), removed AS MATERIALIZED (
        SELECT * FROM json_to_recordset($3) AS t (
            message_id text, room_id text, seq bigint, sender_id text, content text, type text, metadata text,
            versions json, created_at timestamptz, deleted_at timestamptz, deleted_by text
        )
    ), changed AS (
        UPDATE messages SET change = present.change, content = present.content, type = present.type,
            metadata = CASE WHEN present.deleted_at IS NULL THEN metadata END,
            reply_to = CASE WHEN present.deleted_at IS NULL THEN reply_to END,
            edited_at = present.edited_at, deleted_at = present.deleted_at, deleted_by = present.deleted_by,
            mentions = present.mentions, pinned_at = present.pinned_at, reactions = present.reactions,
            sent_digest = decode(present.digest, 'hex')
        FROM present WHERE messages.room_id = present.room_id AND messages.seq = present.seq
    ), kept AS (
        INSERT INTO message_versions (room_id, seq, change, content, created_at)
        SELECT room_id, seq, change, content, created_at FROM json_to_recordset($2) AS t (
            room_id text, seq bigint, change bigint, content text, created_at timestamptz
        )
    ), forgotten AS (
        DELETE FROM message_versions USING removed
        WHERE message_versions.room_id = removed.room_id AND message_versions.seq = removed.seq
        RETURNING message_versions.*
    ), put_away AS (
        INSERT INTO deleted_messages (
            message_id, room_id, seq, sender_id, content, type, metadata, versions, created_at, deleted_at, deleted_by
        )
        SELECT message_id, room_id, seq, sender_id, content, type, metadata::json, coalesce((
            SELECT json_agg(version ORDER BY place) FROM (
                SELECT json_build_object('content', content, 'createdAt', to_char(
                    created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
                )) AS version, change AS place
                FROM forgotten WHERE forgotten.room_id = removed.room_id AND forgotten.seq = removed.seq
                UNION ALL
                SELECT json_build_object('content', value -> 'content', 'createdAt', value -> 'createdAt'),
                    (value ->> 'change')::bigint FROM json_array_elements(removed.versions)
            ) earlier
        ), '[]'), created_at, deleted_at, deleted_by FROM removed
    ), reacted AS (
        INSERT INTO message_reactions (room_id, seq, user_id, emoji, change)
        SELECT room_id, seq, user_id, emoji, change FROM json_to_recordset($4) AS t (
            room_id text, seq bigint, user_id text, emoji text, change bigint
        )
        ON CONFLICT (room_id, seq, user_id, emoji) DO UPDATE SET change = excluded.change
    ), taken_back AS (
        DELETE FROM message_reactions USING json_to_recordset($5) AS t (
            room_id text, seq bigint, user_id text, emoji text
        )
        WHERE message_reactions.room_id = t.room_id AND message_reactions.seq = t.seq
            AND message_reactions.user_id = t.user_id AND message_reactions.emoji = t.emoji
    )
    UPDATE chat_rooms SET last_change = t.last_change, last_changed_at = clock_timestamp()
    FROM json_to_recordset($6) AS t (id text, last_change bigint) WHERE chat_rooms.id = t.id
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
    """Apply changes in their order, one outcome for each. Their rooms are locked in the transaction under way."""
    batch = await _with_members_mentioned(connection, batch)
    rooms = await _list_rooms(connection, batch)
    subjects = await _list_subjects(connection, batch)
    outcomes: list[ChangeOutcome] = []
    for change, subject in zip(batch, subjects, strict=True):
        outcome = decide(change, subject, rooms[change.room_id])
        outcomes.append(outcome)
        if isinstance(outcome, Changed):
            _follow_in_quotes(outcome.record, subjects)
    changed = {id(each): each for each in subjects if each is not None and each.record.change != each.stored.change}
    if changed:
        await _write(connection, list(changed.values()), rooms)
    return outcomes


async def _write(connection: Connection, subjects: Sequence[Subject], rooms: dict[str, Room]) -> None:
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
        [{"id": room.id, "last_change": room.last_change} for room in rooms.values() if room.is_changed],
    )
    await connection.execute(_WRITE, *(orjson.dumps(column).decode() for column in columns))
    said = [each for each in subjects if each.record.content != each.stored.content]
    if said:
        keys = [each.record.room_id for each in said], [each.record.seq for each in said]
        await connection.execute(MAKE_CHANGED_DUE, *keys)
        previews = [preview_of(each.record.type, each.record.content, ENGLISH) for each in said]
        removed = [int(each.removed is not None) for each in said]
        await connection.execute(REWRITE, *keys, [each.record.id for each in said], previews, removed)


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
    return int(result.rpartition(" ")[2]) == limit


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


async def _list_rooms(connection: Connection, batch: Sequence[PendingChange]) -> dict[str, Room]:
    rooms: dict[str, Room] = {}
    counts_pins = any(isinstance(change.wanted, Pin | Delete) for change in batch)
    columns = [change.room_id for change in batch], [change.sender_id for change in batch]
    for row in await connection.fetch(_LIST_ROOMS, *columns, counts_pins):
        room = rooms.setdefault(
            row["id"],
            Room(row["id"], row["is_group"], row["is_blocked"], row["last_change"], row["pinned_count"]),
        )
        if row["user_id"] is not None:
            room.roles[row["user_id"]] = row["role"]
    for change in batch:  # one that was deleted meanwhile has no messages either
        rooms.setdefault(
            change.room_id, Room(change.room_id, is_group=False, is_blocked=True, last_change=0, pinned_count=0)
        )
    return rooms


async def _list_subjects(connection: Connection, batch: Sequence[PendingChange]) -> list[Subject | None]:
    """What each is about: several may be about the same."""
    columns = (
        [change.message_id for change in batch],
        [change.sender_id for change in batch],
        [change.client_message_id for change in batch],
    )
    subjects: dict[str, Subject] = {}
    by_place: dict[int, Subject] = {}
    for row in await connection.fetch(_LIST_SUBJECTS, *columns):
        if (subject := subjects.get(row["id"])) is None:
            reactors: dict[str, dict[str, int]] = {}
            for emoji, user_id, change in orjson.loads(row["reactors"] or "[]"):
                reactors.setdefault(emoji, {})[user_id] = change
            now = millis_to_wire(row["now_ms"])
            subject = subjects[row["id"]] = Subject(record_of(row), row["age_seconds"], now, reactors)
        by_place[row["place"] - 1] = subject
    return [by_place.get(place) for place in range(len(batch))]


def _follow_in_quotes(record: MessageRecord, subjects: Sequence[Subject | None]) -> None:
    """Have other messages of the batch that quote this one quote it as it is."""
    for subject in subjects:
        if subject is None or subject.record.room_id != record.room_id:
            continue
        additions = subject.record.additions
        if additions is not None and additions.quote is not None and additions.quote.seq == record.seq:
            content = record.content[:QUOTED_CHARS]
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
