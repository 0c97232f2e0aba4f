"""All SQL of the search for messages: what is looked up, and what is written to its index.

`search_keys(block, terms)` is the index: each term of a message behind the number of its block.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from hyred_chat.db.pool import Connection
from hyred_chat.search.folded import words_of
from hyred_chat.text.words import APART, Words

# Of a room, in each block. The trigger `note_changed_message` knows it too.
BLOCK_MESSAGES = 1024
# Stands for the number of a block in what is asked of many. No text holds it.
KEY = "\x02"
# Of a row of messages: what the names of its files are in, `APART` between them, those that were attached or what the
# sender said of one; and whether one of those that were attached is a picture.
FILES = f"""
    CASE WHEN attachments IS NULL THEN metadata ELSE (
        SELECT json_build_object('name', string_agg(value ->> 'name', '{APART}'))
        FROM json_array_elements(attachments)
    ) END AS metadata,
    CASE WHEN attachments IS NULL THEN false ELSE (
        SELECT coalesce(bool_or(value ->> 'kind' = 'image'), false) FROM json_array_elements(attachments)
    ) END AS has_picture
"""


class Place(NamedTuple):
    """Where a message is among all others: by these, in their order, results are sorted, the newest first.

    In a block there are no two messages of the same moment.
    """

    at: datetime
    block: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that may match."""

    place: Place
    seq: int


@dataclass(frozen=True, slots=True)
class Step:
    """The newest messages of a block: how many there were, when the oldest was said, and those that may match."""

    block: int
    count: int
    oldest_at: datetime
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says that somebody may read."""

    hit: Hit
    room_id: str
    sender_id: str
    content: str
    type: str
    metadata: str | None
    has_picture: bool

    def words(self) -> Words:
        """Its words."""
        return words_of(self.content, self.type, self.metadata)


@dataclass(frozen=True, slots=True)
class Indexable:
    """A message as the index needs it. What was deleted says nothing."""

    room_id: str
    seq: int
    created_at: datetime
    sender_id: str
    content: str
    type: str
    metadata: str | None
    has_picture: bool
    is_deleted: bool

    @property
    def first_seq(self) -> int:
        """The first message of its block."""
        return (self.seq - 1) // BLOCK_MESSAGES * BLOCK_MESSAGES + 1


_LIST_BLOCKS = """
    SELECT block.no, block.newest_at
    FROM chat_members member
    CROSS JOIN LATERAL (
        SELECT no, oldest_at, newest_at FROM search_blocks WHERE room_id = member.room_id OFFSET 0
    ) block
    WHERE member.user_id = $1 AND member.room_id = coalesce($2, member.room_id)
        AND block.newest_at >= $3 AND block.oldest_at <= $4
"""

# The newest messages of each block before a moment, and which of them have all of some terms, or of their beginnings.
# No term has a character that means something to LIKE.
_WALK = """
    SELECT wanted.no, found.* FROM unnest($1::int[], $2::timestamptz[]) AS wanted (no, at)
    CROSS JOIN LATERAL (
        SELECT count(*) AS count, min(created_at) AS oldest_at,
               array_agg(created_at) FILTER (WHERE is_hit) AS ats, array_agg(seq) FILTER (WHERE is_hit) AS seqs
        FROM (
            SELECT created_at, seq, E'\\n' || terms || E'\\n' LIKE ALL ($3::text[]) AS is_hit
            FROM message_terms WHERE block = wanted.no AND created_at < wanted.at AND created_at >= $4
            ORDER BY created_at DESC LIMIT $5
        ) newest
    ) found
"""

# Of each block its newest hits before a moment. OFFSET 0 holds the planner to one look-up in the index for each: it may
# not think of going through the blocks by time instead.
_LOOK_UP = f"""
    SELECT wanted.no, found.* FROM unnest($1::int[], $2::timestamptz[]) AS wanted (no, at)
    CROSS JOIN LATERAL (
        SELECT created_at, seq FROM (
            SELECT created_at, seq, terms FROM message_terms
            WHERE search_keys(block, terms) @@ replace($3, '{KEY}', to_hex(wanted.no))::tsquery OFFSET 0
        ) hit
        WHERE created_at < wanted.at AND created_at >= $4 AND E'\\n' || terms || E'\\n' LIKE ALL ($6::text[])
        ORDER BY created_at DESC LIMIT $5
    ) found
"""

# What hits say now, if somebody is in their room now, and they were not deleted. LATERAL … LIMIT 1 holds the planner to
# one look-up in each index for each hit.
_READ = f"""
    SELECT place, message.*
    FROM unnest($1::int[], $2::bigint[]) WITH ORDINALITY AS hit (block, seq, place)
    CROSS JOIN LATERAL (SELECT room_id FROM search_blocks WHERE no = hit.block LIMIT 1) block
    CROSS JOIN LATERAL (
        SELECT 1 FROM chat_members WHERE room_id = block.room_id AND user_id = $3 LIMIT 1
    ) member
    CROSS JOIN LATERAL (
        SELECT room_id, sender_id, content, type, {FILES} FROM messages
        WHERE room_id = block.room_id AND seq = hit.seq AND deleted_at IS NULL LIMIT 1
    ) message
    ORDER BY place
"""

# A row for each room, before it is locked. In the order of the ids, as everybody writes them.
_ADD_ROOMS = """
    INSERT INTO search_rooms (room_id) SELECT id FROM unnest($1::text[]) AS t (id)
    WHERE NOT EXISTS (SELECT 1 FROM search_rooms WHERE room_id = id)
    ORDER BY id ON CONFLICT DO NOTHING
"""
_LOCK_ROOMS = """
    SELECT room_id, indexed_seq FROM search_rooms WHERE room_id = ANY($1::text[])
    ORDER BY room_id FOR NO KEY UPDATE {waiting}
"""

_INDEXABLE = f"room_id, seq, created_at, sender_id, content, type, {FILES}, deleted_at IS NOT NULL AS is_deleted"

# The next messages of some rooms, up to so many of each and so many bytes in all; one at least.
_LIST_UNINDEXED = f"""
    SELECT * FROM (
        SELECT found.*, coalesce(sum(octet_length(content)) OVER (
            ORDER BY place, seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS bytes_before
        FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS wanted (room, after, place)
        CROSS JOIN LATERAL (
            SELECT {_INDEXABLE} FROM messages WHERE room_id = wanted.room AND seq > wanted.after ORDER BY seq LIMIT $3
        ) found
    ) AS measured WHERE bytes_before < $4 ORDER BY room_id, seq
"""

# Without a conflict, which would take a number for every attempt. Who is here holds the room.
_PUT_BLOCKS = """
    WITH wanted AS MATERIALIZED (
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::timestamptz[])
            AS t (room_id, first_seq, oldest_at, newest_at)
    ), grown AS (
        UPDATE search_blocks SET newest_at = wanted.newest_at FROM wanted
        WHERE search_blocks.room_id = wanted.room_id AND search_blocks.first_seq = wanted.first_seq
        RETURNING search_blocks.no, search_blocks.room_id, search_blocks.first_seq
    ), added AS (
        INSERT INTO search_blocks (room_id, first_seq, oldest_at, newest_at)
        SELECT * FROM wanted WHERE NOT EXISTS (
            SELECT 1 FROM search_blocks present
            WHERE present.room_id = wanted.room_id AND present.first_seq = wanted.first_seq
        )
        RETURNING no, room_id, first_seq
    )
    SELECT * FROM grown UNION ALL SELECT * FROM added
"""
_ADD_TERMS = """
    INSERT INTO message_terms (block, seq, created_at, terms)
    SELECT * FROM unnest($1::int[], $2::bigint[], $3::timestamptz[], $4::text[])
"""
_MOVE_ROOMS = """
    UPDATE search_rooms SET indexed_seq = moved.seq
    FROM unnest($1::text[], $2::bigint[]) AS moved (room_id, seq) WHERE search_rooms.room_id = moved.room_id
"""
_ADD_WORDS = """
    INSERT INTO known_words (hash) SELECT hash FROM unnest($1::bigint[]) AS t (hash)
    WHERE NOT EXISTS (SELECT 1 FROM known_words known WHERE known.hash = t.hash)
    ORDER BY hash ON CONFLICT DO NOTHING
"""

_TAKE_CHANGED = """
    WITH taken AS MATERIALIZED (
        SELECT id, room_id, seq FROM changed_messages ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
    )
    DELETE FROM changed_messages USING taken WHERE changed_messages.id = taken.id
    RETURNING taken.room_id, taken.seq
"""
_LIST_CHANGED = f"""
    SELECT message.*, block.no
    FROM unnest($1::text[], $2::bigint[]) AS wanted (room, place)
    CROSS JOIN LATERAL (
        SELECT {_INDEXABLE} FROM messages WHERE room_id = wanted.room AND seq = wanted.place LIMIT 1
    ) message
    CROSS JOIN LATERAL (
        SELECT no FROM search_blocks
        WHERE room_id = wanted.room
            AND first_seq = (wanted.place - 1) / {BLOCK_MESSAGES} * {BLOCK_MESSAGES} + 1
        LIMIT 1
    ) block
    WHERE EXISTS (SELECT 1 FROM search_rooms WHERE room_id = wanted.room AND indexed_seq >= wanted.place)
"""
# What somebody takes out just now is left to them: it is noted down once more by their transaction.
_REPLACE_TERMS = """
    WITH wanted AS MATERIALIZED (
        SELECT * FROM unnest($1::int[], $2::bigint[], $3::timestamptz[], $4::text[])
            AS t (block, seq, created_at, terms)
    ), free AS MATERIALIZED (
        SELECT present.block, present.created_at, wanted.terms FROM wanted
        JOIN message_terms present ON present.block = wanted.block AND present.created_at = wanted.created_at
        ORDER BY 1, 2 FOR UPDATE OF present SKIP LOCKED
    ), gone AS (
        DELETE FROM message_terms USING free
        WHERE message_terms.block = free.block AND message_terms.created_at = free.created_at AND free.terms IS NULL
    ), changed AS (
        UPDATE message_terms SET terms = free.terms FROM free
        WHERE message_terms.block = free.block AND message_terms.created_at = free.created_at AND free.terms IS NOT NULL
    )
    INSERT INTO message_terms (block, seq, created_at, terms)
    SELECT * FROM wanted WHERE terms IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM message_terms present
        WHERE present.block = wanted.block AND present.created_at = wanted.created_at
    )
"""

_LIST_BEHIND = """
    SELECT max(id) AS last_id, array_agg(id ORDER BY id) FILTER (WHERE is_behind) AS behind FROM (
        SELECT room.id, room.last_seq > coalesce(indexed.indexed_seq, 0) AS is_behind
        FROM chat_rooms room
        LEFT JOIN LATERAL (SELECT indexed_seq FROM search_rooms WHERE room_id = room.id LIMIT 1) indexed ON true
        WHERE room.id > $1 ORDER BY room.id LIMIT $2
    ) slice
"""


async def list_blocks(
    connection: Connection, user_id: str, room_id: str | None, *, since: datetime, until: datetime
) -> list[tuple[int, datetime]]:
    """The blocks of somebody's rooms, or of one of them, that have messages in a time: (number, newest message)."""
    rows = await connection.fetch(_LIST_BLOCKS, user_id, room_id, since, until)
    return [(row["no"], row["newest_at"]) for row in rows]


async def walk(
    connection: Connection,
    bounds: Sequence[tuple[datetime, int]],
    needles: Sequence[str],
    *,
    since: datetime,
    limit: int,
) -> list[Step]:
    """The newest `limit` messages of each block, before a moment and not before `since`.

    Args:
        needles: beginnings of terms that hits have, with a line break in front.
    """
    patterns = [f"%{needle}%" for needle in needles]
    rows = await connection.fetch(_WALK, *_columns(bounds), patterns, since, limit)
    return [
        Step(row["no"], row["count"], row["oldest_at"], [
            Hit(Place(at, row["no"]), seq) for at, seq in zip(row["ats"] or (), row["seqs"] or (), strict=True)
        ])
        for row in rows
    ]  # fmt: skip


async def look_up(
    connection: Connection,
    bounds: Sequence[tuple[datetime, int]],
    tsquery: str,
    needles: Sequence[str],
    *,
    since: datetime,
    limit: int,
) -> list[Hit]:
    """The newest hits of each block in the index, up to `limit`, before a moment and not before `since`.

    Args:
        tsquery: with `KEY` where the number of the block belongs.
        needles: as for `walk`.
    """
    rows = await connection.fetch(_LOOK_UP, *_columns(bounds), tsquery, since, limit, _patterns(needles))
    return [Hit(Place(row["created_at"], row["no"]), row["seq"]) for row in rows]


async def read(connection: Connection, hits: Sequence[Hit], user_id: str) -> list[Said]:
    """What hits say now, in their order; those are left out that `user_id` may not read, and deleted ones."""
    rows = await connection.fetch(_READ, [hit.place.block for hit in hits], [hit.seq for hit in hits], user_id)
    return [
        Said(
            hit=hits[row["place"] - 1],
            room_id=row["room_id"],
            sender_id=row["sender_id"],
            content=row["content"],
            type=row["type"],
            metadata=row["metadata"],
            has_picture=row["has_picture"],
        )
        for row in rows
    ]


async def list_known(connection: Connection, hashes: Sequence[int]) -> set[int]:
    """Those of these numbers that are numbers of words that somebody wrote."""
    rows = await connection.fetch(
        "SELECT hash FROM unnest($1::bigint[]) AS t (hash) WHERE EXISTS"
        " (SELECT 1 FROM known_words known WHERE known.hash = t.hash OFFSET 0)",
        hashes,
    )
    return {row["hash"] for row in rows}


async def lock_rooms(connection: Connection, room_ids: Sequence[str]) -> dict[str, int]:
    """How far rooms are indexed, by id; those that somebody else indexes are left out. Held until the commit."""
    await connection.execute(_ADD_ROOMS, sorted(room_ids))
    rows = await connection.fetch(_LOCK_ROOMS.format(waiting="SKIP LOCKED"), room_ids)
    return {row["room_id"]: row["indexed_seq"] for row in rows}


async def hold_rooms(connection: Connection, room_ids: Sequence[str]) -> None:
    """Hold rooms until the commit, once nobody else does."""
    await connection.fetch(_LOCK_ROOMS.format(waiting=""), room_ids)


async def list_unindexed(
    connection: Connection, indexed: dict[str, int], *, limit: int, max_bytes: int
) -> list[Indexable]:
    """The messages that follow, of each room up to `limit`, in their order."""
    rows = await connection.fetch(_LIST_UNINDEXED, list(indexed), list(indexed.values()), limit, max_bytes)
    return [_indexable(row) for row in rows]


async def add_terms(connection: Connection, messages: Sequence[tuple[Indexable, str | None]]) -> None:
    """Write down what messages are found by, None: by nothing, and that they are indexed. Who calls holds the rooms."""
    times: dict[tuple[str, int], list[datetime]] = {}
    for message, _ in messages:
        times.setdefault((message.room_id, message.first_seq), []).append(message.created_at)
    rows = await connection.fetch(
        _PUT_BLOCKS,
        [room_id for room_id, _ in times],
        [first_seq for _, first_seq in times],
        [min(each) for each in times.values()],
        [max(each) for each in times.values()],
    )
    numbers = {(row["room_id"], row["first_seq"]): row["no"] for row in rows}
    found = [
        (numbers[message.room_id, message.first_seq], message.seq, message.created_at, terms)
        for message, terms in messages
        if terms is not None
    ]
    if found:
        await connection.execute(_ADD_TERMS, *(list(column) for column in zip(*found, strict=True)))
    last = {message.room_id: message.seq for message, _ in messages}
    await connection.execute(_MOVE_ROOMS, list(last), list(last.values()))


async def add_words(connection: Connection, hashes: Sequence[int]) -> None:
    """Know words from now on: the transaction waits for the disk, for who calls remembers that they are known."""
    await connection.execute("SET LOCAL synchronous_commit = on")
    await connection.execute(_ADD_WORDS, hashes)


async def take_changed(connection: Connection, limit: int) -> list[tuple[str, int]]:
    """The messages that changed first, each once: (room, seq). Nobody else gets them unless this is rolled back."""
    rows = await connection.fetch(_TAKE_CHANGED, limit)
    return list(dict.fromkeys((row["room_id"], row["seq"]) for row in rows))


async def list_changed(connection: Connection, places: Sequence[tuple[str, int]]) -> list[tuple[int, Indexable]]:
    """Those of these messages that are in the index: (block, message)."""
    rows = await connection.fetch(_LIST_CHANGED, [room_id for room_id, _ in places], [seq for _, seq in places])
    return [(row["no"], _indexable(row)) for row in rows]


async def replace_terms(connection: Connection, messages: Sequence[tuple[int, Indexable, str | None]]) -> None:
    """Write down what messages of these blocks are found by from now on. Who calls holds the rooms."""
    rows = [(block, message.seq, message.created_at, terms) for block, message, terms in messages]
    if rows:
        await connection.execute(_REPLACE_TERMS, *(list(column) for column in zip(*rows, strict=True)))


async def list_behind(connection: Connection, after: str, *, limit: int) -> tuple[str | None, list[str]]:
    """Of the next rooms in the order of their ids, those that are not indexed to their end, and the last id of all."""
    row = await connection.fetchrow(_LIST_BEHIND, after, limit)
    return (None, []) if row is None else (row["last_id"], row["behind"] or [])


def _patterns(needles: Sequence[str]) -> list[str]:
    return [f"%{needle}%" for needle in needles]


def _columns(bounds: Sequence[tuple[datetime, int]]) -> tuple[list[int], list[datetime]]:
    return [block for _, block in bounds], [at for at, _ in bounds]


def _indexable(row: Any) -> Indexable:
    return Indexable(
        room_id=row["room_id"],
        seq=row["seq"],
        created_at=row["created_at"],
        sender_id=row["sender_id"],
        content=row["content"],
        type=row["type"],
        metadata=row["metadata"],
        has_picture=row["has_picture"],
        is_deleted=row["is_deleted"],
    )
