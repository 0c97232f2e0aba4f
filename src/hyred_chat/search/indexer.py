"""The index follows the rooms: what was said, what was said otherwise, and what was taken back.

Messages that this process has stored are indexed a moment later. A sweep compares all rooms with the index, so whatever
was not (the process was killed, another version stored it, the tables were here before the index) is found by every
process that runs. Who indexes a room holds its row of `search_rooms`, and nobody waits for it.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from hyred_chat.backlog import Backlog
from hyred_chat.db.pool import Connection, Database
from hyred_chat.db.transactions import on_commit
from hyred_chat.errors import UnavailableError
from hyred_chat.histograms import Histogram
from hyred_chat.search import repository
from hyred_chat.search.folded import list_terms, words_of
from hyred_chat.search.repository import Indexable
from hyred_chat.search.typos import hash_all

logger = logging.getLogger(__name__)

# How long a message waits for others. With what follows, it is found well within two seconds.
GATHER_SECONDS = 0.2
CHANGES_SECONDS = 0.5
SWEEP_SECONDS = 30.0
RETRY_SECONDS = 1.0
# A room that somebody else indexes just now is tried again after this.
LOCKED_SECONDS = 0.1
# Of one transaction.
MAX_ROOMS = 64
MAX_MESSAGES = 512
MAX_BYTES = 262_144
MAX_CHANGED = 200
# Rooms that wait. What does not fit is found by the sweep.
MAX_WAITING = 20_000
# Rooms that the sweep compares in one statement, and its pause after each.
SLICE_ROOMS = 2_000
PAUSE_SECONDS = 0.05
# Code points that are folded in a row before others get their turn, and the part of the event loop's time that folding
# takes at most.
FOLDED_CHARS = 4_000
SHARE = 0.2
# Words that are known to be known.
MAX_REMEMBERED = 200_000


class Indexer:
    """Keeps the index.

    Attributes:
        indexed: messages that were indexed here.
        changed: changed messages that were indexed again, or taken out.
        lag_seconds: from the time when this process stored a message until it could be found.
        behind: rooms that the last sweep has found to be behind.
    """

    def __init__(self, database: Database) -> None:
        self.indexed = self.changed = self.behind = 0
        self.lag_seconds = Histogram()
        self._database = database
        self._known: set[int] = set()
        self._waiting: Backlog[str, float] = Backlog(
            self._index_waiting,
            complaint="Messages could not be indexed",
            batch_size=MAX_ROOMS,
            gather_seconds=GATHER_SECONDS,
            merge=min,
            limit=MAX_WAITING,
        )

    @property
    def waiting_count(self) -> int:
        """How many rooms wait to be indexed."""
        return len(self._waiting)

    def follow(self, room_id: str) -> None:
        """There is something new in a room."""
        self._waiting.add(room_id, time.monotonic())

    async def run(self) -> None:
        """Work, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._waiting.run())
            for work, pause_seconds, complaint in (
                (self._index_all_changed, CHANGES_SECONDS, "Changed messages could not be indexed; trying again"),
                (self.sweep, SWEEP_SECONDS, "Rooms could not be compared with the index; trying again"),
            ):
                tasks.create_task(_work_forever(work, pause_seconds=pause_seconds, complaint=complaint))

    async def index(self, room_ids: Sequence[str]) -> set[str]:
        """Index the next messages of some rooms; returns the rooms that may not be indexed to their end.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        async with self._database.transaction() as connection:
            seqs = await repository.lock_rooms(connection, room_ids)
            limit = max(1, MAX_MESSAGES // max(1, len(seqs)))
            messages = await repository.list_unindexed(connection, seqs, limit=limit, max_bytes=MAX_BYTES)
            if messages:
                terms = await self._fold(connection, messages)
                await repository.add_terms(connection, list(zip(messages, terms, strict=True)))
        self.indexed += len(messages)
        counts = Counter(message.room_id for message in messages)
        is_cut = sum(len(message.content.encode()) for message in messages) >= MAX_BYTES
        unfinished = set(seqs) if is_cut else {room_id for room_id, count in counts.items() if count == limit}
        return unfinished | (set(room_ids) - seqs.keys())

    async def index_changed(self) -> bool:
        """Index some changed messages anew; whether there were any. Raises `UnavailableError`."""
        async with self._database.transaction() as connection:
            places = await repository.take_changed(connection, MAX_CHANGED)
            if not places:
                return False
            await repository.hold_rooms(connection, list({room_id for room_id, _ in places}))
            changed = await repository.list_changed(connection, places)
            terms = await self._fold(connection, [message for _, message in changed])
            found = [(block, message, each) for (block, message), each in zip(changed, terms, strict=True)]
            await repository.replace_terms(connection, found)
        self.changed += len(changed)
        return True

    async def sweep(self) -> None:
        """Index all rooms that are not indexed to their end. Raises `UnavailableError`."""
        last_id: str | None = ""
        behind = 0
        while last_id is not None:
            async with self._database.connection() as connection:
                last_id, room_ids = await repository.list_behind(connection, last_id, limit=SLICE_ROOMS)
            behind += len(room_ids)
            self.behind = max(self.behind, behind)
            for start in range(0, len(room_ids), MAX_ROOMS):
                await self._index_to_the_end(room_ids[start : start + MAX_ROOMS])
            await asyncio.sleep(PAUSE_SECONDS)
        self.behind = behind

    async def _index_waiting(self, rooms: dict[str, float]) -> None:
        await self._index_to_the_end(list(rooms))
        now = time.monotonic()
        for waiting_since in rooms.values():
            self.lag_seconds.observe(now - waiting_since)

    async def _index_to_the_end(self, room_ids: Sequence[str]) -> None:
        left = set(room_ids)
        while left:
            before = self.indexed
            left = await self.index(sorted(left))
            if self.indexed == before and left:
                await asyncio.sleep(LOCKED_SECONDS)

    async def _index_all_changed(self) -> None:
        while await self.index_changed():
            pass

    async def _fold(self, connection: Connection, messages: Sequence[Indexable]) -> list[str | None]:
        """The terms of messages, one a line; None of those that cannot be found. Their words are known from now on."""
        terms: list[str | None] = []
        hashes: set[int] = set()
        chars, started_at = 0, time.monotonic()
        for message in messages:
            if message.is_deleted or message.type == "system":
                terms.append(None)
                continue
            words = words_of(message.content, message.type, message.metadata)
            terms.append("\n".join(list_terms(words, message.content, message.type, message.sender_id)))
            hashes |= hash_all(words.list_words())
            chars += len(message.content)
            if chars > FOLDED_CHARS:
                await asyncio.sleep((time.monotonic() - started_at) * (1 / SHARE - 1))
                chars, started_at = 0, time.monotonic()
        if new := sorted(hashes - self._known):
            await repository.add_words(connection, new)
            on_commit(connection, lambda: self._remember(new))
        return terms

    def _remember(self, hashes: Sequence[int]) -> None:
        if len(self._known) > MAX_REMEMBERED:
            self._known.clear()
        self._known.update(hashes)


async def _work_forever(work: Callable[[], Awaitable[None]], *, pause_seconds: float, complaint: str) -> None:
    while True:
        try:
            await work()
            await asyncio.sleep(pause_seconds)
        except Exception as error:
            if not isinstance(error, UnavailableError):
                logger.exception(complaint)
            await asyncio.sleep(RETRY_SECONDS)
