"""The index follows the rooms: what was said, what was said otherwise, and what was taken back.

Messages that this process has stored are indexed a moment later. A sweep compares all rooms with the index, so whatever
was not (the process was killed, another version stored it, the tables were here before the index) is found by every
process that runs. Who indexes a room holds its row of `search_rooms`, and nobody waits for it.

Sending comes first: `Pace` says when the next batch may begin, and how large it may be. What is put off waits in the
tables; in memory are the ids of some rooms alone.
"""

import asyncio
import logging
import math
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
from hyred_chat.search.pace import Pace
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
# Of one transaction. While the server is busy it has an eighth of this.
MAX_ROOMS = 64
MAX_MESSAGES = 256
MAX_BYTES = 262_144
MAX_CHANGED = 200
# Rooms that wait. What does not fit is found by the sweep.
MAX_WAITING = 20_000
# Rooms that the sweep compares in one statement.
SLICE_ROOMS = 2_000
# For so long words are folded in a row, before others get their turn.
FOLDING_SECONDS = 0.001
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

    def __init__(self, database: Database, pace: Pace) -> None:
        self.indexed = self.changed = self.behind = 0
        self.lag_seconds = Histogram()
        self._database = database
        self._pace = pace
        self._known: set[int] = set()
        # Since when rooms wait, by id: for ever, if it was not this process that stored something there.
        self._waiting: Backlog[str, float] = Backlog(
            self._index_waiting,
            complaint="Messages could not be indexed",
            batch_size=MAX_ROOMS,
            gather_seconds=GATHER_SECONDS,
            merge=min,
            limit=MAX_WAITING,
        )
        self._in_work: dict[str, float] = {}

    @property
    def waiting_count(self) -> int:
        """How many rooms wait to be indexed."""
        return len(self._waiting) + len(self._in_work)

    @property
    def share(self) -> float:
        """The part of the time that this may take now."""
        return self._pace.share

    @property
    def longest_wait_seconds(self) -> float:
        """For how long the room has waited that has waited longest for what this process stored in it."""
        now = time.monotonic()
        return max(0.0, now - min((*self._waiting.values(), *self._in_work.values()), default=now))

    def follow(self, room_id: str) -> None:
        """There is something new in a room."""
        if room_id not in self._waiting:
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

    async def index(self, room_ids: Sequence[str]) -> tuple[set[str], Sequence[str]]:
        """Index the next messages of some rooms, of as many as may be indexed at once.

        Returns:
            Those of them that may not be indexed to their end, and the rooms that were left for another time.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        async with self._pace.turn(), self._database.transaction(is_durable=False) as connection:
            count = self._pace.portion(MAX_ROOMS)
            room_ids, later = room_ids[:count], room_ids[count:]
            seqs = await repository.lock_rooms(connection, room_ids)
            limit = max(1, self._pace.portion(MAX_MESSAGES) // max(1, len(seqs)))
            messages = await repository.list_unindexed(connection, seqs, limit=limit, max_bytes=MAX_BYTES)
            if messages:
                terms = await self._fold(connection, messages)
                await repository.add_terms(connection, list(zip(messages, terms, strict=True)))
        self.indexed += len(messages)
        counts = Counter(message.room_id for message in messages)
        is_cut = sum(len(message.content.encode()) for message in messages) >= MAX_BYTES
        unfinished = set(seqs) if is_cut else {room_id for room_id, count in counts.items() if count == limit}
        return unfinished | (set(room_ids) - seqs.keys()), later

    async def index_changed(self) -> bool:
        """Index some changed messages anew; whether there were any. Raises `UnavailableError`."""
        async with self._pace.turn(), self._database.transaction(is_durable=False) as connection:
            places = await repository.take_changed(connection, self._pace.portion(MAX_CHANGED))
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
        """Index the next messages of all rooms that are not indexed to their end; what is left of them waits.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        last_id: str | None = ""
        behind = 0
        while last_id is not None:
            async with self._pace.turn(), self._database.connection() as connection:
                last_id, room_ids = await repository.list_behind(connection, last_id, limit=SLICE_ROOMS)
            behind += len(room_ids)
            self.behind = max(self.behind, behind)
            later: Sequence[str] = room_ids
            while later:
                unfinished, later = await self.index(later)
                for room_id in unfinished:
                    self._waiting.add(room_id, math.inf)
        self.behind = behind

    async def _index_waiting(self, rooms: dict[str, float]) -> None:
        self._in_work, indexed_before = rooms, self.indexed
        try:
            unfinished, later = await self.index(list(rooms))
        finally:
            self._in_work = {}
        for room_id in unfinished:
            self._waiting.add(room_id, rooms[room_id])
        for room_id in reversed(later):
            self._waiting.add_first(room_id, rooms[room_id])
        now = time.monotonic()
        for room_id in rooms.keys() - unfinished - set(later):
            if math.isfinite(rooms[room_id]):
                self.lag_seconds.observe(now - rooms[room_id])
        if unfinished and self.indexed == indexed_before:
            await asyncio.sleep(LOCKED_SECONDS)

    async def _index_all_changed(self) -> None:
        while await self.index_changed():
            pass

    async def _fold(self, connection: Connection, messages: Sequence[Indexable]) -> list[str | None]:
        """The terms of messages, one a line; None of those that cannot be found. Their words are known from now on."""
        terms: list[str | None] = []
        hashes: set[int] = set()
        started_at = time.monotonic()
        for message in messages:
            if message.is_deleted or message.type == "system":
                terms.append(None)
                continue
            words = words_of(message.content, message.type, message.metadata)
            found_by = list_terms(
                words, message.content, message.type, message.sender_id, has_picture=message.has_picture
            )
            terms.append("\n".join(found_by))
            hashes |= hash_all(words.list_words())
            if time.monotonic() - started_at > FOLDING_SECONDS:
                await asyncio.sleep(0)
                started_at = time.monotonic()
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
