"""How long after its acknowledgement a message is found, while others are sent all the time."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlencode

import orjson

from bench.clients import close_all
from bench.database import connection_to
from bench.figures import percentile
from bench.latency import PAIRS, Board, Correspondent, drain, offer
from bench.meter import Meter, Shares, verdict
from bench.order import BrokenPromiseError
from bench.readers import Reader
from bench.servers import SCHEMA, HyredChat, Person
from bench.settings import Settings, progress
from bench.table import Section, Target

# Every tenth message has a word by which it is looked for. As many share a word as one page of what is found can hold.
LOOKED_FOR_EVERY = 10
PAGE = 50
LOOK_EVERY_SECONDS = 0.03
PATIENCE_SECONDS = 20.0
MAX_MS = 2000.0

# The one who looks is in all the rooms.
JOIN = "INSERT INTO chat_members (room_id, user_id) SELECT room_id, $2 FROM unnest($1::text[]) room_id"


class Writer(Correspondent):
    """One person of a pair, some of whose messages have a word that is looked for."""

    def text_of(self, number: int) -> str:
        """With the word, where it has one."""
        word = word_of(number)
        return super().text_of(number) if word is None else f"{number:010d} {word} is what this one is found by."


@dataclass(slots=True)
class Search:
    """What one person finds meanwhile.

    Attributes:
        found: when each message was found, by its number.
    """

    board: Board
    found: dict[int, float] = field(default_factory=dict)

    async def run(self, reader: Reader) -> None:
        """Looks again and again for what was acknowledged and not found yet. Ends by being cancelled."""
        while True:
            for word in self.words_missing():
                await asyncio.to_thread(self._look, reader, word)
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def words_missing(self) -> list[str]:
        """Of all that was acknowledged, in the order of their messages."""
        missing = (number for number in self.board.acknowledged if number not in self.found)
        return sorted({word for number in missing if (word := word_of(number)) is not None})

    def _look(self, reader: Reader, word: str) -> None:
        body = reader.get(f"/api/chat/search?{urlencode({'q': word, 'limit': PAGE})}")
        found_at = perf_counter()
        for number in numbers_in(body):
            self.found.setdefault(number, found_at)


def word_of(number: int) -> str | None:
    """The word of a message; None for one that is not looked for. Words with digits are not corrected."""
    return None if number % LOOKED_FOR_EVERY else f"word{number // (LOOKED_FOR_EVERY * PAGE):06d}"


def numbers_in(body: bytes) -> Iterator[int]:
    """The numbers of the messages in an answer of the search."""
    return (int(entry["message"]["content"][:10]) for entry in orjson.loads(body)["data"])


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """Offers messages at random moments to people of its own, and has one of them search."""
    progress(f"found at {settings.offered_per_second} messages/s for {settings.offered_seconds:g} s")
    reader, *pairs = await server.new_pairs(PAIRS + 1)
    async with connection_to(server.cluster, SCHEMA) as connection:
        await connection.execute(JOIN, [pair.room_id for pair in pairs], reader.va.id)
    board = Board()
    search = Search(board)
    people = [Writer(pair, person, board) for pair in pairs for person in (pair.va, pair.co)]
    try:
        for person in people:
            await person.connect(server.port)
            await person.join(person.room_id)
        cpu = await look_while_offering(server, people, search, settings, reader.va)
    finally:
        await close_all([person for person in people if hasattr(person, "transport")])
    return [table(search, settings, cpu)]


async def look_while_offering(
    server: HyredChat, people: list[Writer], search: Search, settings: Settings, reader: Person
) -> Shares:
    """Until everything was found, for a bounded time. Raises BrokenPromiseError when something was not."""
    http = Reader(server.port, reader)
    looking = asyncio.create_task(search.run(http))
    try:
        meter = Meter(server)
        await offer(list(people), search.board, settings)
        cpu = meter.shares()
        await drain(list(people), search.board)
        deadline = perf_counter() + PATIENCE_SECONDS
        while search.words_missing() and not looking.done():
            if perf_counter() > deadline:
                raise BrokenPromiseError(f"{', '.join(search.words_missing())}: some were not found in time")
            await asyncio.sleep(LOOK_EVERY_SECONDS)
    finally:
        looking.cancel()
        [ended] = await asyncio.gather(looking, return_exceptions=True)
        http.close()
    if not isinstance(ended, asyncio.CancelledError):
        raise BrokenPromiseError(f"the search failed: {ended!r}")
    return cpu


def table(search: Search, settings: Settings, cpu: Shares) -> Section:
    """From the acknowledgement on; and what sending felt of the search."""
    board = search.board
    milliseconds = {
        "acknowledged to found": [(at - board.acknowledged[number]) * 1000 for number, at in search.found.items()],
        "sent to received, beside": [(board.received[n] - due) * 1000 for n, due in enumerate(board.due)],
    }
    found = milliseconds["acknowledged to found"]
    return Section(
        title=f"Found at {settings.offered_per_second} messages/s offered",
        columns=("ms", "messages", "p50", "p90", "p99", "most"),
        rows=[
            (what, len(values), *(percentile(values, at) for at in (50, 90, 99, 100)))
            for what, values in milliseconds.items()
        ],
        notes=[
            f"Every {LOOKED_FOR_EVERY}th message has a word, for which a member of all {PAIRS} rooms asks over HTTP,",
            f"again {LOOK_EVERY_SECONDS * 1000:.0f} ms after each answer, until it is found. All were.",
            cpu.note(),
            *verdict(cpu.others),
        ],
        targets=[Target("ms, p99 from acknowledged to found", percentile(found, 99), at_most=MAX_MS)],
    )
