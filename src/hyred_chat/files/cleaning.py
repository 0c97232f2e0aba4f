"""What is kept and what is known, compared: objects that the database knows nothing of, and files that are not there.

A server that is killed leaves objects, and so does a database that was restored from a backup.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeAlias, TypeVar

from hyred_chat.config import Settings
from hyred_chat.db.pool import LEAST_POOL_SIZE, Database
from hyred_chat.errors import ConflictError
from hyred_chat.files import repository
from hyred_chat.files.examination import CONTENT
from hyred_chat.files.opening import open_store
from hyred_chat.files.repository import KnownFile
from hyred_chat.files.stores import Kept, Store

T = TypeVar("T")
R = TypeVar("R")
Say: TypeAlias = Callable[[str], None]

# What is younger may be of an upload or an examination that has not been written down yet.
OLD_SECONDS: Final = 86_400
# Of either kind that are listed; the others are counted.
MAX_LINES: Final = 1000
# Of one run; there may be more.
MAX_FILES: Final = 10_000
_PAGE: Final = 200
# Stores that are far away answer several at once.
_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Leftover:
    """Objects of a file that nobody needs. `is_whole`: nothing of the file is needed."""

    file_id: str
    objects: list[Kept]
    is_whole: bool

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(each.size for each in self.objects)


@dataclass(frozen=True, slots=True)
class Missing:
    """Objects of a file that people may ask for, and which are not kept."""

    file_id: str
    names: list[str]


@dataclass(slots=True)
class Comparison:
    """How store and database compare.

    Attributes:
        kept: how many files there is something of in the store.
        known: how many of these the database knows.
        is_all: whether all were looked at; else there is more of `leftovers` or `missing`.
    """

    kept: int = 0
    known: int = 0
    leftovers: list[Leftover] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    is_all: bool = True


async def compare(database: Database, store: Store, *, progress: Callable[[int], None]) -> Comparison:
    """Look at all that is kept, and at all that is known.

    Args:
        progress: called from time to time with how many files were looked at.

    Raises:
        UnavailableError: the store cannot be used.
    """
    found = Comparison()
    async for page in _pages(store.list_ids()):
        async with database.connection() as connection:
            known = await repository.list_known(connection, page)
        found.kept += len(page)
        found.known += len(known)
        looked = await _all([(each, known.get(each)) for each in page], partial(_find_leftover, store))
        found.leftovers += [each for each in looked if each is not None]
        progress(found.kept)
        if len(found.leftovers) >= MAX_FILES:
            found.is_all = False
            break
    await _find_missing(database, store, found, progress)
    return found


async def delete(store: Store, leftovers: Sequence[Leftover], *, progress: Callable[[int], None]) -> None:
    """Delete what nobody needs. Raises `UnavailableError`."""
    for number, leftover in enumerate(leftovers, 1):
        names = None if leftover.is_whole else [each.name for each in leftover.objects]
        await store.delete(leftover.file_id, names)
        progress(number)


async def _find_leftover(store: Store, file: tuple[str, KnownFile | None]) -> Leftover | None:
    file_id, known = file
    kept = await store.list_kept(file_id)
    if known is None:
        is_old = all(each.age_seconds > OLD_SECONDS for each in kept)
        return Leftover(file_id, kept, is_whole=True) if is_old else None
    if known.state in ("uploading", "processing"):  # it ends within a day
        return None
    needed = _needed(known)
    unneeded = [each for each in kept if each.name not in needed and each.age_seconds > OLD_SECONDS]
    return Leftover(file_id, unneeded, is_whole=False) if unneeded else None


async def _find_missing(database: Database, store: Store, found: Comparison, progress: Callable[[int], None]) -> None:
    last, looked = "", 0
    while True:
        async with database.connection() as connection:
            page = await repository.list_ready(connection, after=last, limit=_PAGE)
        if not page:
            return
        last, looked = page[-1].id, looked + len(page)
        found.missing += [each for each in await _all(page, partial(_miss, store)) if each is not None]
        progress(looked)
        if len(found.missing) >= MAX_FILES:
            found.is_all = False
            return


async def _miss(store: Store, file: KnownFile) -> Missing | None:
    lacking = sorted(_needed(file) - (await store.list_names(file.id)).keys())
    return Missing(file.id, lacking) if lacking else None


def _needed(file: KnownFile) -> set[str]:
    return {CONTENT, *file.previews} if file.state == "ready" and not file.is_removed else set()


async def _all(items: Iterable[T], function: Callable[[T], Awaitable[R]]) -> list[R]:
    """What a function returns of each, a few at once."""
    limit = asyncio.Semaphore(_AT_ONCE)

    async def call(item: T) -> R:
        async with limit:
            return await function(item)

    return await asyncio.gather(*(call(item) for item in items))


async def _pages(ids: AsyncIterator[str]) -> AsyncIterator[list[str]]:
    page: list[str] = []
    async for file_id in ids:
        page.append(file_id)
        if len(page) == _PAGE:
            yield page
            page = []
    if page:
        yield page


async def clean(settings: Settings, url: str, *, deletes: bool, say: Say, note: Say) -> bool:
    """Compare, say what was found, and delete what nobody needs, if it is to be.

    Args:
        url: of the database, whose tables are current.
        say: is given what was found, line by line.
        note: is given how far it is, often.

    Returns:
        Whether all that people may ask for is kept.

    Raises:
        ConflictError: the database knows nothing of what is kept, so it may be another one's; nothing was deleted.
        UnavailableError: the store cannot be used.
    """
    store = open_store(settings)
    try:
        database = await Database.connect(url, schema=settings.database_schema, pool_size=LEAST_POOL_SIZE)
        try:
            found = await compare(database, store, progress=lambda number: note(f"{number:,} files looked at"))
        finally:
            await database.close()
        for line in _describe(found):
            say(line)
        if found.leftovers and deletes:
            if not found.known:
                raise ConflictError("The database knows none of the files that are kept. Are they another one's?")
            await delete(store, found.leftovers, progress=lambda number: note(f"{number:,} files deleted"))
    finally:
        await store.close()
    if found.leftovers:
        say("They were deleted." if deletes else "Nothing was deleted. Add --delete to delete them.")
    if not found.is_all:
        say("There is more: run it again.")
    return not found.missing


def _describe(found: Comparison) -> Iterator[str]:
    for leftover in found.leftovers[:MAX_LINES]:
        what = "unknown" if leftover.is_whole else "unneeded"
        yield f"{what:<9} {leftover.file_id}: {len(leftover.objects)} objects, {leftover.size:,} bytes"
    for missing in found.missing[:MAX_LINES]:
        yield f"{'missing':<9} {missing.file_id}: {', '.join(missing.names)}"
    objects = sum(len(each.objects) for each in found.leftovers)
    size = sum(each.size for each in found.leftovers)
    yield f"{found.kept:,} files are kept, and {found.known:,} of them are known. {len(found.missing):,} are missing."
    yield f"Nobody needs {objects:,} objects of {len(found.leftovers):,} files, {size:,} bytes."
