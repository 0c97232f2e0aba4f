"""The rules of searching messages: who may look where, what is forgiven, in which order, and at what cost."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import orjson

from hyred_chat.accounts.schemas import User
from hyred_chat.db.pool import Connection, Database
from hyred_chat.db.transactions import transaction_on
from hyred_chat.errors import RateLimitedError
from hyred_chat.histograms import Histogram
from hyred_chat.messages.history import History
from hyred_chat.pages import take_page
from hyred_chat.rooms.service import Rooms
from hyred_chat.search import repository
from hyred_chat.search.cursors import Cursor, decode_cursor, encode_cursor
from hyred_chat.search.folded import has, names_of, term_of_kind, term_of_sender, words_of
from hyred_chat.search.merging import BEGINNING, END, Match, Merge, Wish
from hyred_chat.search.query import Query, parse_query
from hyred_chat.search.repository import Place, Said
from hyred_chat.search.schemas import SearchRequest
from hyred_chat.search.typos import hash_of, list_neighbours
from hyred_chat.text.cleaning import clean

# Under way, of one person and of all at this process: the rest of the connections is for others.
MAX_SEARCHES = 2
SEARCHES_AT_ONCE = 3
RETRY_SECONDS = 1.0
# Of each statement. PostgreSQL ends one that takes longer.
_BEGIN = "BEGIN READ ONLY; SET LOCAL statement_timeout = 3000"
# In the order of relevance, how many of the newest matches are put in order.
POOL = 100
# Words that may have been meant by one that was mistyped.
MAX_VARIANTS = 20


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Found messages in JSON, and the cursor of the page after, or None."""

    found: list[orjson.Fragment]
    next_cursor: str | None


class Search:
    """Messages by their words.

    Attributes:
        seconds: how long searches took.
        refused: how many were one too many.
    """

    def __init__(self, database: Database, rooms: Rooms, history: History, *, page_bytes: int) -> None:
        self.seconds = Histogram()
        self.refused = 0
        self._database = database
        self._rooms = rooms
        self._history = history
        self._page_bytes = page_bytes
        self._under_way: Counter[str] = Counter()
        self._turns = asyncio.Semaphore(SEARCHES_AT_ONCE)

    async def search(self, caller: User, request: SearchRequest) -> FoundPage:
        """A page of what was said in the rooms that the caller is in now.

        A page may hold fewer than `limit` messages, or none, and still have a next one: looking took long.

        Raises:
            AccessDeniedError: the caller is not in the room that is asked about.
            BadRequestError: the cursor is not one of this search.
            RateLimitedError: two searches of the caller are under way.
            UnavailableError: the database cannot be reached, or the search takes too long.
        """
        question = _question_of(caller, request)
        cursor = None if request.cursor is None else decode_cursor(request.cursor, question)
        if request.room_id is not None:
            await self._rooms.get_for_member(request.room_id, caller.id)
        query = parse_query(clean(request.q))
        if query is None:
            return FoundPage([], None)
        async with self._turn(caller.id):
            started_at = time.monotonic()
            async with self._database.connection() as connection, transaction_on(connection, begin=_BEGIN):
                answer = await self._find(connection, query, caller, request, cursor)
            found, following = await self._read(answer, caller)
            self.seconds.observe(time.monotonic() - started_at)
        return FoundPage(found, None if following is None else encode_cursor(following, question))

    @asynccontextmanager
    async def _turn(self, user_id: str) -> AsyncIterator[None]:
        if self._under_way[user_id] >= MAX_SEARCHES:
            self.refused += 1
            raise RateLimitedError(RETRY_SECONDS)
        self._under_way[user_id] += 1
        try:
            async with self._turns:
                yield
        finally:
            self._under_way[user_id] -= 1
            if not self._under_way[user_id]:
                del self._under_way[user_id]

    async def _find(
        self, connection: Connection, query: Query, caller: User, request: SearchRequest, cursor: Cursor | None
    ) -> "Answer":
        """The matches of a page. Where nothing matches, words may have been mistyped."""
        if cursor is not None and cursor.is_forgiving:
            query = await forgive(connection, query)
        answer = await _look(connection, query, caller, request, cursor)
        if cursor is not None or answer.matches or answer.after_all is not None:
            return answer
        forgiving = await forgive(connection, query)
        if forgiving == query:
            return answer
        return await _look(connection, forgiving, caller, request, None, is_forgiving=True)

    async def _read(self, answer: "Answer", caller: User) -> tuple[list[orjson.Fragment], Cursor | None]:
        """The messages as they are now: one that has changed since it was found is left out if it does not match."""
        by_place = {(match.room_id, match.seq): match for match in answer.matches}
        read = await self._history.read_each(list(by_place), caller.id) if by_place else []
        entries: list[tuple[Match, bytes]] = []
        for record, state, message in read:
            metadata = names_of(record.attachments) if record.attachments else record.metadata
            spans = answer.query.find(words_of(record.content, record.type, metadata))
            if spans is not None and record.deleted_at is None:
                entry = {
                    "message": orjson.Fragment(message),
                    "room": orjson.Fragment(state.encode_reference(caller.id)),
                    "highlights": [span for span in spans if span[1] <= len(record.content)],
                }
                entries.append((by_place[record.room_id, record.seq], orjson.dumps(entry)))
        page = take_page((entry for _, entry in entries), self._page_bytes)
        following = answer.after_all
        if len(page) < len(entries):
            following = answer.after(entries[len(page) - 1][0])
        elif 0 < len(read) < len(by_place):
            last, _, _ = read[-1]
            following = answer.after(by_place[last.room_id, last.seq])
        return [orjson.Fragment(entry) for entry in page], following


@dataclass(frozen=True, slots=True)
class Answer:
    """The matches of a page.

    Attributes:
        query: what was looked for in the end.
        pool: in the order of relevance, the place before which the matches are that were put in order.
        after_all: where the next page begins, or None.
    """

    query: Query
    is_forgiving: bool
    matches: list[Match]
    pool: Place | None
    after_all: Cursor | None

    def after(self, match: Match) -> Cursor:
        """Where the next page begins when this one ends with `match`."""
        if self.pool is None:
            return Cursor(self.is_forgiving, match.place)
        return Cursor(self.is_forgiving, self.pool, match.score, match.place)


async def forgive(connection: Connection, query: Query) -> Query:
    """The query with the words that may have been meant, of those that somebody has written."""
    numbers = {word: {hash_of(each): each for each in list_neighbours(word)} for word in query.list_mistyped()}
    known = await repository.list_known(connection, [number for each in numbers.values() for number in each])
    variants = {
        word: frozenset(sorted(each[number] for number in known & each.keys())[:MAX_VARIANTS])
        for word, each in numbers.items()
    }
    return query.with_variants(variants)


async def _look(
    connection: Connection,
    query: Query,
    caller: User,
    request: SearchRequest,
    cursor: Cursor | None,
    *,
    is_forgiving: bool = False,
) -> Answer:
    is_forgiving = is_forgiving or (cursor is not None and cursor.is_forgiving)
    before = None if cursor is None else cursor.before
    merge = Merge(connection, _wish_of(query, caller, request), before)
    if request.order == "newest":
        found = await merge.take(request.limit)
        after_all = None if found.rest is None else Cursor(is_forgiving, found.rest)
        return Answer(query, is_forgiving, found.matches, None, after_all)
    found = await merge.take(POOL)
    ranked = sorted(found.matches, key=_rank, reverse=True)
    if cursor is not None and cursor.score >= 0:
        ranked = [match for match in ranked if _rank(match) < (cursor.score, cursor.place)]
    if before is None and found.matches:  # what is said from now on moves nothing from page to page
        newest = found.matches[0].place
        before = newest._replace(block=newest.block + 1)
    answer = Answer(query, is_forgiving, ranked[: request.limit], before, None)
    if len(ranked) > request.limit:
        return replace(answer, after_all=answer.after(ranked[request.limit - 1]))
    return replace(answer, after_all=None if found.rest is None else Cursor(is_forgiving, found.rest))


def _rank(match: Match) -> tuple[int, Place]:
    return match.score, match.place


def _wish_of(query: Query, caller: User, request: SearchRequest) -> Wish:
    also = []
    if request.sender_id is not None:
        also.append(term_of_sender(request.sender_id))
    if request.has is not None:
        also.append(term_of_kind(request.has))

    def accepts(said: Said) -> bool:
        is_theirs = request.sender_id is None or said.sender_id == request.sender_id
        return is_theirs and (
            request.has is None or has(said.content, said.type, request.has, has_picture=said.has_picture)
        )

    return Wish(
        query=query,
        also=also,
        accepts=accepts,
        user_id=caller.id,
        room_id=request.room_id,
        since=request.since or BEGINNING,
        until=request.until or END,
        is_ranked=request.order == "relevance",
    )


def _question_of(caller: User, request: SearchRequest) -> bytes:
    """Everything that a cursor depends on."""
    return orjson.dumps([caller.id, request.model_dump(mode="json", exclude={"cursor", "limit"})])
