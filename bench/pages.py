"""What a page costs when there is very much of everything: a million messages, a thousand rooms."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import orjson

from bench import reacted
from bench.archive import Archive, fill, wait_until_searchable
from bench.clients import Client
from bench.database import connection_to, logged_statements
from bench.figures import percentile
from bench.meter import Meter, verdict
from bench.order import BrokenPromiseError
from bench.readers import WARM_UP, Reader, time_requests
from bench.servers import SCHEMA, HyredChat, Person
from bench.settings import Settings, progress
from bench.statements import cost
from bench.table import Section, Target

COUNTED = 5
MAX_MS = 10.0
MAX_STATEMENTS = 2
MAX_ROOMS = 500
MAX_RESUME_MS = 50.0
# Of the search, which reads some thousand messages a second.
SEARCH_TIMEOUT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Page:
    """Something to read, who reads it, and where it is."""

    what: str
    reader: Person
    path: str
    items: int


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """Each page alone, over a connection that stays open, as fast as one person can ask."""
    progress(f"writing {settings.room_messages:,} messages and {settings.user_rooms:,} rooms")
    started_at = perf_counter()
    archive = await fill(
        server, messages=settings.room_messages, rooms=settings.user_rooms, changed=settings.changed_messages
    )
    progress(f"written in {perf_counter() - started_at:.1f} s; waiting for the search")
    async with connection_to(server.cluster, SCHEMA) as connection:
        is_quiet = await wait_until_searchable(connection, SEARCH_TIMEOUT_SECONDS)
    progress("reading pages")
    section = Section(
        title="Pages",
        columns=("page", "items", "KB", "p50 ms", "p99 ms", "statements"),
        rows=[],
        notes=[
            f"A room of {settings.room_messages:,} messages, a user with {settings.user_rooms:,} rooms.",
            f"{settings.page_requests} requests each, over a connection that stays open.",
            f"Somebody resumes after {settings.room_messages:,} changes of {settings.changed_messages:,} messages.",
        ],
    )
    meter = Meter(server)
    for page in pages(archive, settings):
        await add_page(section, server, page, settings.page_requests)
    await add_join(section, server, archive)
    await add_resume(section, server, archive, settings)
    cpu = meter.shares()
    section.notes += [cpu.note(), *verdict(cpu.others)]
    if not is_quiet:
        section.notes.append("The search still read what was sent before: its statements are counted, too.")
    return [section, await reacted.measure(server, settings)]


def pages(archive: Archive, settings: Settings) -> list[Page]:
    """What is read, by whom, and where it is."""
    history = f"/api/chat/rooms/{archive.long.room_id}/messages?limit"
    middle = settings.room_messages // 2
    return [
        Page("history, the latest 50", archive.long.va, f"{history}=50", 50),
        Page("history, 50 from the middle", archive.long.va, f"{history}=50&before={middle}", 50),
        Page("history, 100 from the middle", archive.long.va, f"{history}=100&before={middle}", 100),
        Page("history, 50 from the beginning", archive.long.va, f"{history}=50&before=51", 50),
        Page("room list, the first 50", archive.busy.va, "/api/chat/rooms?limit=50", 50),
        Page("room list, without a limit", archive.busy.va, "/api/chat/rooms", min(settings.user_rooms, MAX_ROOMS)),
    ]


async def add_page(section: Section, server: HyredChat, page: Page, requests: int) -> None:
    """Times one page, counts its statements, and adds its row and targets. Its reader has the app open, too."""
    reader, app = Reader(server.port, page.reader), Client(page.reader.token)
    await app.connect(server.port)
    try:
        body = await asyncio.to_thread(reader.get, page.path)
        if (items := len(orjson.loads(body)["data"])) != page.items:
            raise BrokenPromiseError(f"GET {page.path} answered {items} items instead of {page.items}")
        milliseconds = await asyncio.to_thread(time_requests, reader, page.path, requests)
        async with logged_statements(server.cluster, SCHEMA) as count:
            statements = await asyncio.to_thread(most_statements, reader, page.path, count)
    finally:
        reader.close()
        await app.close()
    p50 = percentile(milliseconds, 50)
    section.rows.append((page.what, items, len(body) / 1000, p50, percentile(milliseconds, 99), statements))
    section.targets += [
        Target(f"ms, p50 of {page.what}", p50, below=MAX_MS),
        Target(f"statements for {page.what}", statements, at_most=MAX_STATEMENTS),
    ]


def most_statements(reader: Reader, path: str, count: Callable[[], Counter[str]]) -> int:
    """The most statements that one request took."""
    costs = []
    for _ in range(COUNTED):
        count()
        reader.get(path)
        costs.append(count().total())
    return max(costs)


async def add_join(section: Section, server: HyredChat, archive: Archive) -> None:
    """Joining the long room sends its latest 50 messages."""
    client = Client(archive.long.co.token)
    await client.connect(server.port)
    try:
        async with logged_statements(server.cluster, SCHEMA) as count:
            statements = await cost(client.join(archive.long.room_id), count)
        milliseconds = []
        for _ in range(WARM_UP):
            started_at = perf_counter()
            await client.join(archive.long.room_id)
            milliseconds.append((perf_counter() - started_at) * 1000)
    finally:
        await client.close()
    section.rows.append(
        ("join_chat of the long room", 50, None, percentile(milliseconds, 50), max(milliseconds), statements)
    )
    section.targets.append(Target("statements for a join of the long room", statements, at_most=3))


async def add_resume(section: Section, server: HyredChat, archive: Archive, settings: Settings) -> None:
    """Coming back after very many changes: the present state of all that has changed, one page after another."""
    room_id = archive.changed.room_id
    client = Client(archive.changed.co.token)
    await client.connect(server.port)
    milliseconds: list[float] = []
    try:
        for _ in range(WARM_UP):
            known, read, more = {"seq": settings.changed_messages, "change": 0}, 0, True
            while more:
                started_at = perf_counter()
                envelope = await client.call("sync", {"rooms": {room_id: known}})
                milliseconds.append((perf_counter() - started_at) * 1000)
                [room] = envelope["data"]["rooms"]
                more = envelope["data"]["more"]
                read += len(room["changed"])
                known = {**known, "change": room["changed"][-1]["change"]}
            if read != settings.changed_messages:
                raise BrokenPromiseError(f"{read} of {settings.changed_messages} messages that have changed came")
    finally:
        await client.close()
    pages = len(milliseconds) // WARM_UP
    items = settings.changed_messages / pages
    section.rows.append(
        (
            f"sync after very many changes, {pages} pages",
            items,
            None,
            percentile(milliseconds, 50),
            max(milliseconds),
            None,
        )
    )
    section.targets.append(Target("ms, the slowest page of changes", max(milliseconds), below=MAX_RESUME_MS))
