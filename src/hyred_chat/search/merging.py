"""The newest messages that match, of many blocks: exactly, and looking at as little as is needed.

Each block has a bound, a moment before which all that is left of it was said: at first that of its newest message. The
blocks with the newest bounds are looked at first, and that lowers their bounds. What was said since the newest bound is
known, and is read in its order until there are as many matches as are wanted.

A block is looked at in one of two ways. A common word is found by *walking*: the newest messages of each block are
tried one by one. For any other, the *index* says where in a block it is, which costs the same for a message of years
ago.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hyred_chat.db.pool import Connection
from hyred_chat.search import repository
from hyred_chat.search.query import Query
from hyred_chat.search.repository import KEY, Hit, Place, Said

# With fewer blocks than this, the index is quicker whatever is looked for.
MIN_WALKED_BLOCKS = 16
# Of each block at a time; of all together, as far as can be expected; and after all.
WALKED_MESSAGES = 4
MAX_EXPECTED, MAX_WALKED = 6_000, 15_000
# Blocks that are looked at by the first statement, and by any.
FIRST_WALKED_BLOCKS, FIRST_BLOCKS, MAX_BLOCKS = 128, 64, 512
# Hits that are read besides those that are wanted: at first, and when few of those that were read have matched. And
# those that the index gives of a block, at least.
SPARE_HITS, MAX_SPARE_HITS, LEAST_HITS = 4, 128, 4
# What ends a page early: so many messages that were read; so much time, once something was found; so much in any case.
MAX_READ = 500
ENOUGH_SECONDS, PATIENCE_SECONDS = 0.08, 2.5
# Code points that are read in a row before others get their turn.
READ_CHARS = 8_000

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
END = datetime(9999, 12, 31, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What to look for, and where.

    Attributes:
        also: terms that a message has to have besides, as far as the index knows.
        accepts: whether a message may be found, as it is: by its filters.
        is_ranked: whether the matches need their scores.
        since, until: both are included.
    """

    query: Query
    also: Sequence[str]
    accepts: Callable[[Said], bool]
    user_id: str
    room_id: str | None
    since: datetime
    until: datetime
    is_ranked: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A message that matches."""

    place: Place
    room_id: str
    seq: int
    score: int


@dataclass(frozen=True, slots=True)
class Found:
    """Matches, the newest first, and the place before which others may be, or None when these are all."""

    matches: list[Match]
    rest: Place | None


class Merge:
    """One search.

    Args:
        before: the place that the last page ended at.
    """

    def __init__(self, connection: Connection, wish: Wish, before: Place | None) -> None:
        self._connection = connection
        self._wish = wish
        self._before = before
        self._tsquery = wish.query.tsquery(KEY, also=wish.also)
        self._needles = wish.query.list_needles(also=wish.also)
        self._bounds: list[tuple[datetime, int]] = []
        self._hits: list[Hit] = []
        self._read_count = self._chars = 0
        self._walked = self._met = self._matched = 0
        self._is_walking = False
        self._blocks = FIRST_BLOCKS

    async def take(self, count: int) -> Found:
        """The newest `count` matches, or fewer when looking for them takes long.

        Raises:
            UnavailableError: the database cannot be reached, or took too long for one statement.
        """
        started_at = time.monotonic()
        await self._list_bounds()
        matches: list[Match] = []
        spare = SPARE_HITS
        while True:
            known = self._known(count - len(matches) + spare)
            if not known and not self._bounds:
                return Found(matches, None)
            # What is to be ranked has to be the same for the next page.
            patience_seconds = ENOUGH_SECONDS if matches and not self._wish.is_ranked else PATIENCE_SECONDS
            if self._read_count >= MAX_READ or time.monotonic() - started_at > patience_seconds:
                first = known[0].place if known else Place(self._bounds[0][0], 0)
                return Found(matches, first._replace(block=first.block + 1))
            if not known:
                await self._look(count)
                continue
            matches += await self._read(known)
            spare = min(spare * 2, MAX_SPARE_HITS)
            if len(matches) >= count:
                is_all = len(matches) == count and not self._hits and not self._bounds
                return Found(matches[:count], None if is_all else matches[count - 1].place)

    def _known(self, count: int) -> list[Hit]:
        """The next hits before which nothing is unknown."""
        if not self._bounds:
            return self._hits[:count]
        return [hit for hit in self._hits[:count] if hit.place.at >= self._bounds[0][0]]

    async def _list_bounds(self) -> None:
        wish, before = self._wish, self._before
        until = wish.until if before is None else min(wish.until, before.at)
        blocks = await repository.list_blocks(
            self._connection, wish.user_id, wish.room_id, since=wish.since, until=until
        )
        for block, newest_at in blocks:
            # Of the moment at which the last page ended, the blocks before that of its last message are still to come.
            is_past = before is not None and until == before.at and block >= before.block
            self._bounds.append((min(newest_at + _MOMENT, until if is_past else until + _MOMENT), block))
        self._bounds.sort(reverse=True)
        if len(blocks) > MIN_WALKED_BLOCKS and self._needles:
            self._is_walking, self._blocks = True, FIRST_WALKED_BLOCKS

    async def _look(self, count: int) -> None:
        """Look at the blocks with the newest bounds: there may be hits, and their bounds are lower then."""
        chosen, others = self._bounds[: self._blocks], self._bounds[self._blocks :]
        if self._is_walking:
            left = await self._walk(chosen, count)
        else:
            # Mostly the newest few of each block are enough: then its bound is older than what is wanted.
            left = await self._look_up(chosen, max(LEAST_HITS, count * LEAST_HITS // len(chosen)))
        self._bounds = sorted([*left, *others], reverse=True)
        self._hits.sort(key=lambda hit: hit.place, reverse=True)

    async def _walk(self, chosen: Sequence[tuple[datetime, int]], count: int) -> list[tuple[datetime, int]]:
        steps = await repository.walk(
            self._connection, chosen, self._needles, since=self._wish.since, limit=WALKED_MESSAGES
        )
        left = []
        for step in steps:
            self._hits += step.hits
            self._met += len(step.hits)
            self._walked += step.count
            if step.count == WALKED_MESSAGES:
                left.append((step.oldest_at, step.block))
        self._blocks = min(self._blocks * 2, MAX_BLOCKS)
        if not self._met or self._expected(count) > MAX_EXPECTED or self._walked > MAX_WALKED:
            self._is_walking, self._blocks = False, FIRST_BLOCKS
        return left

    def _expected(self, count: int) -> float:
        """How many messages have to be walked in all, as far as can be told: of a phrase, most hits do not match."""
        return self._walked * count / self._met * (self._read_count + 1) / (self._matched + 1)

    async def _look_up(self, chosen: Sequence[tuple[datetime, int]], limit: int) -> list[tuple[datetime, int]]:
        hits = await repository.look_up(
            self._connection, chosen, self._tsquery, self._needles, since=self._wish.since, limit=limit
        )
        counts: dict[int, int] = {}
        oldest_at: dict[int, datetime] = {}
        for hit in hits:
            block = hit.place.block
            counts[block] = counts.get(block, 0) + 1
            oldest_at[block] = min(hit.place.at, oldest_at.get(block, hit.place.at))
        self._hits += hits
        self._blocks = min(self._blocks * 4, MAX_BLOCKS)
        return [(oldest_at[block], block) for block, count in counts.items() if count == limit]

    async def _read(self, known: Sequence[Hit]) -> list[Match]:
        """What these say now, as far as it matches."""
        del self._hits[: len(known)]
        self._read_count += len(known)
        matches = []
        for said in await repository.read(self._connection, known, self._wish.user_id):
            if not self._wish.accepts(said) or not self._wish.query.may_match(said.content, said.metadata):
                continue
            self._chars += len(said.content)
            if self._chars > READ_CHARS:
                self._chars = 0
                await asyncio.sleep(0)
            words = said.words()
            if self._wish.query.find(words) is not None:
                score = self._wish.query.score(words) if self._wish.is_ranked else 0
                matches.append(Match(said.hit.place, said.room_id, said.hit.seq, score))
        self._matched += len(matches)
        return matches
