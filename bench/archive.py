"""Rooms and histories as large as they get, written straight into the tables: years of chat in seconds."""

import asyncio
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from bench.database import connection_to
from bench.servers import SCHEMA, HyredChat, Pair

if TYPE_CHECKING:
    import asyncpg

MESSAGES_A_ROOM = 20
REACTIONS_A_ROOM = 100_000
# Emoji on each message, where there are a few reactions on each, and where there are many on each of the newest.
FEW_EMOJI, MANY_EMOJI, NEWEST = 2, 20, 50
INSERT_TIMEOUT_SECONDS = 120.0

LONG_ROOM = """
INSERT INTO messages (room_id, seq, id, sender_id, content, created_at)
SELECT $1, n, left(md5($1), 16) || lpad(to_hex(n), 16, '0'), CASE n % 2 WHEN 0 THEN $2 ELSE $3 END,
       'Message ' || n || ' of a conversation that has been going on for a very long time.',
       date_trunc('second', now()) - ($4::bigint - n) * interval '1 second'
FROM generate_series(1, $4::bigint) AS n
"""

# The other sides of the rooms: companies with a name, as the room list shows them.
COMPANIES = """
WITH people AS (
    INSERT INTO users (id, email, role)
    SELECT 'bench-company-' || n, 'bench-company-' || n || '@example.com', 'company'
    FROM generate_series(1, $1::int) AS n
    RETURNING id
)
INSERT INTO companies (user_id, name) SELECT id, 'Company ' || id FROM people
"""

ROOMS = """
INSERT INTO chat_rooms (id, type, direct_key)
SELECT 'bench-room-' || n, 'direct', 'direct:' || least($1, company) || ':' || greatest($1, company)
FROM generate_series(1, $2::int) AS n, LATERAL (SELECT ('bench-company-' || n) COLLATE "C" AS company) AS other
"""

MEMBERS = """
INSERT INTO chat_members (room_id, user_id, last_read_seq)
SELECT 'bench-room-' || n, member, n % $3::int
FROM generate_series(1, $2::int) AS n, LATERAL (VALUES ($1), ('bench-company-' || n)) AS both_sides (member)
"""

MESSAGES = """
INSERT INTO messages (room_id, seq, id, sender_id, content, created_at)
SELECT 'bench-room-' || n, seq, 'bench-message-' || n || '-' || seq, 'bench-company-' || n,
       'Message ' || seq || ' in room ' || n,
       date_trunc('second', now()) - n * interval '1 minute' + seq * interval '1 second'
FROM generate_series(1, $1::int) AS n, generate_series(1, $2::int) AS seq
"""

HEADS = """
UPDATE chat_rooms SET last_seq = head.seq, last_message_at = head.created_at
FROM (
    SELECT DISTINCT ON (room_id) room_id, seq, created_at FROM messages WHERE room_id LIKE $1 ORDER BY room_id, seq DESC
) AS head
WHERE id = head.room_id
"""

# As after very many changes of the same messages: each has the number of its newest one.
CHANGED = """
UPDATE messages SET change = seq * $2::bigint, edited_at = created_at, content = content || ' Edited.'
WHERE room_id = $1
"""
LAST_CHANGE = "UPDATE chat_rooms SET last_change = last_seq * $2::bigint WHERE id = $1"

# 100,000 reactions, of so many people ($5) with each of so many emoji ($4) on each message from $2 to $3.
REACTIONS = """
INSERT INTO message_reactions (room_id, seq, user_id, emoji, change)
SELECT $1, seq, md5(emoji || '-' || person), chr(128512 + emoji), row_number() OVER (ORDER BY seq, emoji, person)
FROM generate_series($2::int, $3::int) AS seq, generate_series(1, $4::int) AS emoji,
     generate_series(1, $5::int) AS person
"""
SUMMARIES = """
UPDATE messages SET change = summary.change, reactions = summary.reactions FROM (
    SELECT seq, max(change) AS change,
           json_agg(json_build_array(emoji, count, people[1:20]) ORDER BY first) AS reactions
    FROM (
        SELECT seq, emoji, count(*) AS count, array_agg(user_id ORDER BY change) AS people, min(change) AS first,
               max(change) AS change
        FROM message_reactions WHERE room_id = $1 GROUP BY seq, emoji
    ) AS each GROUP BY seq
) AS summary
WHERE messages.room_id = $1 AND messages.seq = summary.seq
"""
LAST_REACTION = """
UPDATE chat_rooms SET last_change = (SELECT max(change) FROM message_reactions WHERE room_id = $1) WHERE id = $1
"""

# As when the search has read them: a server that has just been given years of chat is busy with that for minutes.
SEARCHABLE = """
INSERT INTO search_rooms (room_id, indexed_seq) SELECT id, last_seq FROM chat_rooms WHERE id = $1 OR id LIKE $2
ON CONFLICT (room_id) DO UPDATE SET indexed_seq = excluded.indexed_seq
"""

# Whether there is a room, or a message that has changed, that the search has still to read.
IS_SEARCHABLE = """
SELECT NOT EXISTS (SELECT FROM changed_messages) AND NOT EXISTS (
    SELECT FROM chat_rooms LEFT JOIN search_rooms ON room_id = id WHERE last_seq > coalesce(indexed_seq, 0)
)
"""
LOOK_EVERY_SECONDS = 0.1

# What PostgreSQL does by itself within a minute.
CLEAN = "VACUUM (ANALYZE) messages, chat_rooms, chat_members, users, companies, message_reactions"


@dataclass(frozen=True, slots=True)
class Archive:
    """Where the large things are: pairs of which one's room is long, one's VA has many rooms, one has edited much."""

    long: Pair
    busy: Pair
    changed: Pair


@dataclass(frozen=True, slots=True)
class Reacted:
    """Rooms of as many messages: without reactions; with a few on each; with very many on each of the newest."""

    plain: Pair
    few_each: Pair
    many_each: Pair


async def fill(server: HyredChat, *, messages: int, rooms: int, changed: int) -> Archive:
    """Writes what is large, for people whom the server has not met yet.

    Args:
        messages: of the long room. The room with changes has had as many changes.
        rooms: of the user with many rooms.
        changed: messages of the room with changes.
    """
    long, busy, edited = await server.new_pairs(3)
    async with connection_to(server.cluster, SCHEMA) as connection:
        timeout = INSERT_TIMEOUT_SECONDS
        # As long ago: no server is told of any of it, and reads rooms anew because of that.
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(LONG_ROOM, long.room_id, long.va.id, long.co.id, messages, timeout=timeout)
        await connection.execute(HEADS, long.room_id, timeout=timeout)
        others = rooms - 1  # the pair's own room is one of them
        await connection.execute(COMPANIES, others)
        await connection.execute(ROOMS, busy.va.id, others)
        await connection.execute(MEMBERS, busy.va.id, others, MESSAGES_A_ROOM)
        await connection.execute(MESSAGES, others, MESSAGES_A_ROOM)
        await connection.execute(HEADS, "bench-room-%", timeout=timeout)
        await connection.execute(LONG_ROOM, edited.room_id, edited.va.id, edited.co.id, changed, timeout=timeout)
        await connection.execute(HEADS, edited.room_id, timeout=timeout)
        await connection.execute(CHANGED, edited.room_id, messages // changed)
        await connection.execute(LAST_CHANGE, edited.room_id, messages // changed)
        for room_id in (long.room_id, edited.room_id):
            await connection.execute(SEARCHABLE, room_id, "bench-room-%")
        await connection.execute(CLEAN, timeout=timeout)
    return Archive(long, busy, edited)


async def wait_until_searchable(connection: "asyncpg.Connection[asyncpg.Record]", timeout_seconds: float) -> bool:
    """Waits until the search has read all messages, as they are now. Returns whether it has.

    What earlier measures have sent, it reads when they are over. Its statements would be counted with those of pages.
    """
    deadline = perf_counter() + timeout_seconds
    while not await connection.fetchval(IS_SEARCHABLE):
        if perf_counter() > deadline:
            return False
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    return True


async def fill_reacted(server: HyredChat, *, messages: int) -> Reacted:
    """Writes three rooms of so many messages, of which two have 100,000 reactions."""
    pairs = plain, few_each, many_each = await server.new_pairs(3)
    people = REACTIONS_A_ROOM // messages // FEW_EMOJI, REACTIONS_A_ROOM // NEWEST // MANY_EMOJI
    async with connection_to(server.cluster, SCHEMA) as connection:
        timeout = INSERT_TIMEOUT_SECONDS
        await connection.execute("SET session_replication_role = replica")
        for pair in pairs:
            await connection.execute(LONG_ROOM, pair.room_id, pair.va.id, pair.co.id, messages, timeout=timeout)
            await connection.execute(HEADS, pair.room_id, timeout=timeout)
            await connection.execute(SEARCHABLE, pair.room_id, pair.room_id)
        few, many = few_each.room_id, many_each.room_id
        await connection.execute(REACTIONS, few, 1, messages, FEW_EMOJI, people[0], timeout=timeout)
        first = messages - NEWEST + 1
        await connection.execute(REACTIONS, many, first, messages, MANY_EMOJI, people[1], timeout=timeout)
        for room_id in (few, many):
            await connection.execute(SUMMARIES, room_id, timeout=timeout)
            await connection.execute(LAST_REACTION, room_id, timeout=timeout)
        await connection.execute(CLEAN, timeout=timeout)
    return Reacted(plain, few_each, many_each)
