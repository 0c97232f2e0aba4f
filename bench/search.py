"""Finding messages among very many: each kind of query, as somebody with a thousand rooms asks them, over HTTP."""

import asyncio
import random
from collections.abc import Callable, Iterator
from time import perf_counter
from urllib.parse import urlencode

import orjson

from bench.figures import percentile
from bench.library import STARTED_AT, Library
from bench.meter import Meter, verdict
from bench.readers import Reader
from bench.servers import HyredChat
from bench.settings import Settings, progress
from bench.table import Section, Target

MAX_MS = 100.0
QUERIES = 15
MEGABYTE = 1_000_000

Make = Callable[[], dict[str, str]]


async def measure(server: HyredChat, settings: Settings) -> list[Section]:
    """Every kind of query, and what the index takes."""
    progress(f"writing {settings.searched_messages:,} messages with their index")
    [pair] = await server.new_pairs(1)
    library = Library(pair.va, settings.searched_messages, settings.user_rooms)
    await library.write(server)
    progress("searching")
    meter = Meter(server)
    section = await search(server, library)
    cpu = meter.shares()
    section.notes += [cpu.note(), *verdict(cpu.others)]
    return [section, sizes(library)]


async def search(server: HyredChat, library: Library) -> Section:
    """Ask all queries in turn, each kind as often as the others."""
    chance = random.Random(2)  # noqa: S311 - no secret
    section = Section(
        title="Search",
        columns=("query", "found", "p50 ms", "p95 ms", "most ms", "CPU ms"),
        rows=[],
        notes=[f"{library.messages:,} messages, of which the reader sees those of {len(library.rooms):,} rooms."],
    )
    asked = [(what, make()) for what, make in kinds(library, chance) for _ in range(QUERIES)]
    chance.shuffle(asked)
    reader = Reader(server.port, library.reader)
    try:
        times: dict[str, list[tuple[float, float, int]]] = {}
        for what, query in asked:
            used = server.all_cpu_seconds()
            milliseconds, count = await asyncio.to_thread(ask, reader, query)
            cpu = (server.all_cpu_seconds() - used) * 1000
            times.setdefault(what, []).append((milliseconds, cpu, count))
    finally:
        reader.close()
    for what, _ in kinds(library, chance):
        section.rows.append(row_of(what, times[what]))
    everything = [each for of_kind in times.values() for each in of_kind]
    section.rows.append(row_of("all", everything))
    section.targets.append(Target("ms, p95 of all", percentile([each for each, _, _ in everything], 95), below=MAX_MS))
    return section


def row_of(what: str, times: list[tuple[float, float, int]]) -> tuple[str, float, float, float, float, float]:
    """What was found, how long it took, and the processor time of the server and its database, on average."""
    milliseconds, cpu, found = zip(*times, strict=True)
    count = len(times)
    p50, p95 = percentile(milliseconds, 50), percentile(milliseconds, 95)
    return what, sum(found) / count, p50, p95, max(milliseconds), sum(cpu) / count


def ask(reader: Reader, query: dict[str, str]) -> tuple[float, int]:
    """Milliseconds, and how many were found."""
    path = f"/api/chat/search?{urlencode(query)}"
    started_at = perf_counter()
    body = reader.get(path)
    milliseconds = (perf_counter() - started_at) * 1000
    return milliseconds, len(orjson.loads(body)["data"])


def kinds(library: Library, chance: random.Random) -> Iterator[tuple[str, Make]]:
    """What is asked."""
    latin, cyrillic, japanese = (library.languages[name].words for name in ("latin", "cyrillic", "japanese"))

    def word(first: int, last: int, words: list[str] = latin) -> str:
        return words[chance.randrange(first, last)]

    def mistyped() -> str:
        while True:
            right = word(500, 20_000)
            if len(right) >= 6:  # noqa: PLR2004 - long enough to be forgiven
                at = chance.randrange(1, len(right) - 2)
                return right[:at] + right[at + 1] + right[at] + right[at + 2 :]

    def phrase() -> str:
        while True:
            words = chance.choice(library.samples).split()
            if len(words) > 3:  # noqa: PLR2004 - some to choose from
                at = chance.randrange(len(words) - 2)
                return f'"{" ".join(words[at : at + 2])}"'

    month = {
        "from": f"{STARTED_AT.year + 1}-03-01T00:00:00Z",
        "until": f"{STARTED_AT.year + 1}-04-01T00:00:00Z",
    }
    yield "a word that nobody wrote", lambda: {"q": f"{word(500, 900)}qqzz{word(0, 9)}"}
    yield "a rare word", lambda: {"q": word(30_000, 60_000)}
    yield "a word in between", lambda: {"q": word(800, 6_000)}
    yield "a common word", lambda: {"q": word(0, 30)}
    yield "one letter", lambda: {"q": chance.choice("etaoinshrdxzq")}
    yield "two letters", lambda: {"q": chance.choice("etaoinshrd") + chance.choice("etaoxz")}
    yield "two words in between", lambda: {"q": f"{word(800, 6_000)} {word(800, 6_000)}"}
    yield "a common and a rare word", lambda: {"q": f"{word(0, 30)} {word(20_000, 60_000)}"}
    yield "three words", lambda: {"q": f"{word(0, 30)} {word(0, 30)} {word(300, 3_000)}"}
    yield "a common word without another", lambda: {"q": f"{word(0, 30)} -{word(0, 30)}"}
    yield "a phrase that was written", lambda: {"q": phrase()}
    yield "a phrase of common words", lambda: {"q": f'"{word(0, 60)} {word(0, 60)}"'}
    yield "a mistyped word", lambda: {"q": mistyped()}
    yield "one Japanese character", lambda: {"q": chance.choice(japanese[:40])[0]}
    yield "some Japanese characters", lambda: {"q": word(50, 20_000, japanese) + word(0, 50, japanese)}
    yield "a common word of others", lambda: {"q": word(0, 30, cyrillic)}
    yield "a common word, with a link", lambda: {"q": word(0, 30), "has": "link"}
    yield "a common word of somebody", lambda: {
        "q": word(0, 30), "senderId": f"searched-co-{chance.randrange(len(library.rooms))}",
    }  # fmt: skip
    yield "a common word, of a month", lambda: {"q": word(0, 30), **month}
    yield "a word in between, in one room", lambda: {"q": word(800, 6_000), "roomId": chance.choice(library.rooms)}
    yield "a word in between, by relevance", lambda: {"q": word(800, 6_000), "order": "relevance"}
    yield "a common word, by relevance", lambda: {"q": word(0, 30), "order": "relevance"}


def sizes(library: Library) -> Section:
    """What everything takes."""
    return Section(
        title="The index of the search",
        columns=("relation", "MB", "bytes a message"),
        rows=[(name, size / MEGABYTE, size / library.messages) for name, size in sorted(library.sizes.items())],
        notes=[f"The index was built in {library.seconds['index of terms']:.0f} s."],
    )
