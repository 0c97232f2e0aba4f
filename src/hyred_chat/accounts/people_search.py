"""Finding people by name: an index of folded names, and a price on using it."""

import asyncio
import logging
import math
import time
from collections import Counter
from contextlib import suppress

from hyred_chat.accounts import repository
from hyred_chat.accounts.schemas import User
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import BadRequestError, RateLimitedError, UnavailableError
from hyred_chat.text.cleaning import clean
from hyred_chat.text.folding import MAX_TERM_CHARS, parts_of, terms_of

logger = logging.getLogger(__name__)

MAX_QUERY_CHARS = 100
# Of one person, under way: people type one query at a time.
MAX_SEARCHES = 2
RETRY_SECONDS = 1.0
MAX_COUNTED_PARTS = 4
# What a look-up costs, in rows that are read one after the other (docs/decisions/0015-people-search.md).
COST_OF_ASKING = 4
# Folded in one transaction: some milliseconds.
NAMES_AT_ONCE = 200
# Sorts before the space: names that end with what was looked for come before those that go on.
_BEFORE_SPACES = "\x01"
# How long a search waits for names to be folded that have just changed. A host may have changed all of them.
FOLDING_SECONDS = 1.0
# How often the server looks for changed names that nobody has searched for.
LOOK_SECONDS = 30.0


class PeopleSearch:
    """People to start a chat with, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._under_way: Counter[str] = Counter()
        self._folding = asyncio.Lock()

    async def search(self, asker_id: str, query: str, limit: int, *, without_user_id: str = "") -> list[User]:
        """People by the beginnings of words of their names (`text.folding`), without disabled people.

        First those whose name holds the query in its order, then those who have its words in another one; each in the
        order of what was found in the name. An empty query lists everybody, in the order of names.

        Args:
            asker_id: who asks, a person or a back end.
            without_user_id: somebody to leave out.

        Raises:
            BadRequestError: the query is longer than 100 characters.
            RateLimitedError: two searches of whoever asks are under way.
        """
        words = " ".join(clean(query).split())
        if len(words) > MAX_QUERY_CHARS:
            raise BadRequestError(f"query: must be at most {MAX_QUERY_CHARS} characters.")
        if self._under_way[asker_id] >= MAX_SEARCHES:
            raise RateLimitedError(RETRY_SECONDS)
        self._under_way[asker_id] += 1
        try:
            return await self._search(parts_of(words), without_user_id, limit)
        finally:
            self._under_way[asker_id] -= 1
            if not self._under_way[asker_id]:
                del self._under_way[asker_id]

    async def fold_changed_names(self, *, until: float = math.inf) -> None:
        """Have people found by the names they have now: all, or (monotonic time) as many as are done by then.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        while time.monotonic() < until:
            async with self._folding:  # whoever waits here holds no connection
                if not await _fold_some(self._database):
                    return

    async def run(self) -> None:
        """Fold names that have changed, until cancelled."""
        while True:
            try:
                await self.fold_changed_names()
            except UnavailableError:
                logger.warning("Changed names could not be folded. Trying again in %d s", LOOK_SECONDS)
            except Exception:
                logger.exception("Changed names could not be folded. Trying again in %d s", LOOK_SECONDS)
            await asyncio.sleep(LOOK_SECONDS)

    async def _search(self, parts: list[str], without_user_id: str, limit: int) -> list[User]:
        async with self._database.connection() as connection:
            if not await repository.has_changed_names(connection):
                return await find(connection, parts, without_user_id, limit)
        with suppress(UnavailableError):  # somebody else folds names for long: what is folded can be found
            await self.fold_changed_names(until=time.monotonic() + FOLDING_SECONDS)
        async with self._database.connection() as connection:
            return await find(connection, parts, without_user_id, limit)


async def _fold_some(database: Database) -> bool:
    """Whether there were any."""
    async with database.transaction() as connection:
        names = await repository.take_changed_names(connection, NAMES_AT_ONCE)
        terms = {user_id: [] if name is None else indexed_terms(name) for user_id, name in names.items()}
        await repository.replace_terms(connection, terms)
    return bool(names)


def indexed_terms(name: str) -> list[str]:
    """The terms of a name as they are indexed: the whole name after each, so that all Smiths are sorted by it."""
    whole, *others = terms_of(name)
    return [whole, *(f"{term}{_BEFORE_SPACES}{whole}" for term in others)]


async def find(connection: Connection, parts: list[str], without_user_id: str, limit: int) -> list[User]:
    """Those whom the parts of a query find: in the order of the query, then in any; at most three statements."""
    if not parts:
        return await repository.list_everybody(connection, without_user_id=without_user_id, limit=limit)
    joined = "".join(parts)[:MAX_TERM_CHARS]
    found = await repository.search_users(connection, [joined], without_user_id=without_user_id, limit=limit)
    if len(parts) == 1 or len(found) == limit:
        return found
    others = await _find_in_any_order(connection, parts, without_user_id, limit)
    return list({user.id: user for user in (*found, *others)}.values())[:limit]


async def _find_in_any_order(connection: Connection, parts: list[str], without_user_id: str, limit: int) -> list[User]:
    longest = sorted(dict.fromkeys(parts), key=len, reverse=True)
    counts = await repository.count_terms(connection, longest[:MAX_COUNTED_PARTS])
    rarest = longest[counts.index(min(counts))]
    rarest_first = [rarest, *(part for part in longest if part != rarest)]
    search = repository.intersect_users if _are_alike(counts) else repository.search_users
    return await search(connection, rarest_first, without_user_id=without_user_id, limit=limit)


def _are_alike(counts: list[int]) -> bool:
    """Whether reading all terms of all parts costs less than asking for everybody with the rarest about the others."""
    if max(counts) == repository.MAX_CANDIDATES:
        return min(counts) == repository.MAX_CANDIDATES
    return sum(counts) < min(counts) * COST_OF_ASKING
