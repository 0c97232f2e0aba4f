"""Millions of messages in several languages, with their index, written straight into the tables.

Words are made up, with the frequencies of real ones (Zipf): some are in every third message, most in one of a million.
Each room has a language. Nobody in the reader's rooms writes `CYRILLIC`, which many others do.
"""

import itertools
import random
from datetime import UTC, datetime
from time import perf_counter
from typing import TYPE_CHECKING

from bench.database import connection_to
from bench.servers import SCHEMA, HyredChat, Person
from bench.settings import progress
from hyred_chat.search.folded import term_of_sender
from hyred_chat.search.repository import BLOCK_MESSAGES
from hyred_chat.search.typos import hash_all
from hyred_chat.text.words import Words

if TYPE_CHECKING:
    import asyncpg

# Of most rooms, and of one in ten.
FEW_MESSAGES, MANY_MESSAGES = 600, 5_000
AVERAGE_MESSAGES = (9 * FEW_MESSAGES + MANY_MESSAGES) / 10
WORDS, SENTENCES = 60_000, 100_000
STATEMENT_TIMEOUT_SECONDS = 6 * 3600.0
STARTED_AT = datetime(2024, 1, 1, tzinfo=UTC)

LATIN = "etaoinshrdlucmfwypvbgkqjxz"
SPANISH = "eaosrnidlctumpbgvyqhfzjñxkw"
CYRILLIC = "оеаинтсрвлкмдпуяызбгчйхжшю"
JAPANESE = "日本人大年会中国東京行生月時上下分出前高学間後見小新入立部事実力通知物者山田川水木金土火電話番号"
LETTERS = {"latin": LATIN, "spanish": SPANISH, "cyrillic": CYRILLIC, "japanese": JAPANESE}
# Of the reader's rooms, and of those of others.
SPOKEN = ({"latin": 75, "spanish": 15, "japanese": 10}, {"latin": 65, "spanish": 15, "cyrillic": 10, "japanese": 10})


class Language:
    """Words, the most common first, and messages of them."""

    def __init__(self, name: str, count: int, chance: random.Random) -> None:
        letters = LETTERS[name]
        self.name = name
        self.is_solid = name == "japanese"
        self._chance = chance
        weights = [1 / (place + 2) for place in range(len(letters))]
        words: dict[str, None] = {}
        while len(words) < count:
            length = chance.randint(1, 3) if self.is_solid else max(1, round(chance.gauss(2 + len(words) ** 0.16, 1.3)))
            words["".join(chance.choices(letters, weights=weights, k=min(length, 14)))] = None
        self.words = list(words)
        self._cumulative = list(itertools.accumulate(1 / (place + 3) for place in range(count)))

    def say(self) -> tuple[str, list[str]]:
        """A message, and what it is found by."""
        count = min(60, 1 + int(self._chance.expovariate(1 / 10)))
        words = self._chance.choices(self.words, cum_weights=self._cumulative, k=count)
        content = ("" if self.is_solid else " ").join(words)
        return content, Words(content).list_terms()


class Library:
    """What was written.

    Attributes:
        reader: is in `rooms`, and has written every other message there.
        languages: by name.
        samples: sentences that were written.
        sizes: bytes by relation.
        seconds: how long each statement took.
    """

    def __init__(self, reader: Person, messages: int, rooms: int) -> None:
        self.reader = reader
        self.messages = messages
        self._chance = random.Random(1)  # noqa: S311 - no secret
        self.languages = {name: Language(name, WORDS, self._chance) for name in LETTERS}
        self.rooms = [f"searched-{number}" for number in range(rooms)]
        self.samples: list[str] = []
        self.sizes: dict[str, int] = {}
        self.seconds: dict[str, float] = {}

    async def write(self, server: HyredChat) -> None:
        """Write everything."""
        async with connection_to(server.cluster, SCHEMA) as connection:
            for statement in PREPARE:
                await connection.execute(statement)
            await self._copy_sentences(connection)
            await self._copy_rooms(connection)
            for what, statement in WRITE.items():
                started_at = perf_counter()
                await connection.execute(statement, timeout=STATEMENT_TIMEOUT_SECONDS)
                self.seconds[what] = perf_counter() - started_at
                progress(f"{what}: {self.seconds[what]:.0f} s")
            self.messages = await connection.fetchval("SELECT count(*) FROM messages WHERE room_id LIKE 'searched-%'")
            self.sizes = {row["relname"]: row["bytes"] for row in await connection.fetch(SIZES)}

    async def _copy_sentences(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        rows = []
        for language in self.languages.values():
            for number in range(SENTENCES):
                content, terms = language.say()
                rows.append((language.name, number, content, "\n".join(terms)))
        self.samples = [content for name, _, content, _ in rows if name == "latin"]
        await connection.copy_records_to_table("searched_sentences", records=rows)
        words = {each for language in self.languages.values() if not language.is_solid for each in language.words}
        hashes = sorted(hash_all(words))
        await connection.copy_records_to_table("known_words", records=[(number,) for number in hashes])

    async def _copy_rooms(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Each with its language, its two writers, and how many messages it is to have."""
        count = max(len(self.rooms), round(self.messages / AVERAGE_MESSAGES))
        rows = []
        for number in range(count):
            is_of_reader = number < len(self.rooms)
            spoken = SPOKEN[0 if is_of_reader else 1]
            [language] = self._chance.choices(list(spoken), weights=list(spoken.values()))
            one = self.reader.id if is_of_reader else f"searched-va-{number}"
            other = f"searched-co-{number}"
            size = FEW_MESSAGES if number % 10 else MANY_MESSAGES
            size = max(1, round(size * self.messages / (count * AVERAGE_MESSAGES)))
            rows.append((number, language, one, other, term_of_sender(one), term_of_sender(other), size, is_of_reader))
        await connection.copy_records_to_table("searched_rooms", records=rows)


# What is only read needs no log, and indexes are built quicker than they grow.
PREPARE = (
    "SET maintenance_work_mem = '1GB'",
    "SET work_mem = '512MB'",
    "SET max_parallel_maintenance_workers = 2",
    "SET synchronous_commit = off",
    "SET session_replication_role = replica",
    "ALTER TABLE messages DROP CONSTRAINT messages_pkey",
    "ALTER TABLE messages DROP CONSTRAINT messages_id_key",
    "ALTER TABLE message_terms DROP CONSTRAINT message_terms_pkey",
    "DROP INDEX message_terms_keys_idx",
    "ALTER TABLE messages SET UNLOGGED",
    "ALTER TABLE message_terms SET UNLOGGED",
    """
    CREATE UNLOGGED TABLE searched_sentences (language text, number int, content text, terms text,
        PRIMARY KEY (language, number))
    """,
    """
    CREATE UNLOGGED TABLE searched_rooms (number int PRIMARY KEY, language text, one text, other text,
        one_term text, other_term text, size int, is_of_reader bool)
    """,
)

# One row a message, in the order of time.
SAID = """
CREATE UNLOGGED TABLE searched_said AS
SELECT row_number() OVER (ORDER BY at) AS number, room, seq, at FROM (
    SELECT number AS room, seq, date_trunc('milliseconds', timestamptz '2024-01-01 00:00Z'
        + (seq - 0.5 + 0.4 * random()) / size * interval '700 days') AS at
    FROM searched_rooms, generate_series(1, size) AS seq
) AS said ORDER BY at
"""
SENTENCE = f"""
    FROM searched_said said
    JOIN searched_rooms room ON room.number = said.room
    JOIN searched_sentences sentence ON sentence.language = room.language
        AND sentence.number = (hashint8(said.number) & 2147483647) % {SENTENCES}
"""
WRITE = {
    "who says what when": SAID,
    "blocks": f"""
        INSERT INTO search_blocks (room_id, first_seq, oldest_at, newest_at)
        SELECT 'searched-' || room, min(seq), min(at), max(at) FROM searched_said
        GROUP BY room, (seq - 1) / {BLOCK_MESSAGES} ORDER BY min(at)
    """,  # noqa: S608 - constants
    "messages": f"""
        INSERT INTO messages (room_id, seq, id, sender_id, content, created_at)
        SELECT 'searched-' || room.number, seq, lpad(to_hex(said.number), 32, '0'),
               CASE seq % 2 WHEN 0 THEN one ELSE other END, content, at {SENTENCE}
    """,
    "terms": f"""
        INSERT INTO message_terms (block, seq, created_at, terms)
        SELECT block.no, seq, at, terms || E'\\n' || CASE seq % 2 WHEN 0 THEN one_term ELSE other_term END {SENTENCE}
        JOIN search_blocks block ON block.room_id = 'searched-' || room.number
            AND block.first_seq = (seq - 1) / {BLOCK_MESSAGES} * {BLOCK_MESSAGES} + 1
    """,
    "rooms": """
        INSERT INTO chat_rooms (id, type, last_seq, last_message_at)
        SELECT 'searched-' || number, 'direct', size, (
            SELECT max(newest_at) FROM search_blocks WHERE room_id = 'searched-' || number
        ) FROM searched_rooms
    """,
    "indexed": "INSERT INTO search_rooms (room_id, indexed_seq) SELECT id, last_seq FROM chat_rooms"
    " ON CONFLICT (room_id) DO UPDATE SET indexed_seq = excluded.indexed_seq",
    "people": """
        INSERT INTO users (id, email, role)
        SELECT other, other || '@mail.example', 'company' FROM searched_rooms WHERE is_of_reader
    """,
    "names": "INSERT INTO companies (user_id, name) SELECT other, other FROM searched_rooms WHERE is_of_reader",
    "members": """
        INSERT INTO chat_members (room_id, user_id)
        SELECT 'searched-' || number, member FROM searched_rooms, LATERAL (VALUES (one), (other)) AS pair (member)
        WHERE is_of_reader
    """,
    "key of messages": "ALTER TABLE messages ADD CONSTRAINT messages_pkey PRIMARY KEY (room_id, seq)",
    "ids of messages": "ALTER TABLE messages ADD CONSTRAINT messages_id_key UNIQUE (id)",
    "key of terms": "ALTER TABLE message_terms ADD CONSTRAINT message_terms_pkey PRIMARY KEY (block, created_at)",
    "index of terms": """
        CREATE INDEX message_terms_keys_idx ON message_terms
        USING gin (search_keys(block, terms)) WITH (fastupdate = off)
    """,
    "statistics": "VACUUM (ANALYZE)",
}
SIZES = """
SELECT relname, pg_relation_size(oid) AS bytes FROM pg_class
WHERE relnamespace = current_schema()::regnamespace
    AND relname IN ('messages', 'messages_pkey', 'messages_id_key', 'message_terms', 'message_terms_pkey',
                    'message_terms_keys_idx', 'search_blocks', 'known_words')
"""
