"""The search finds what a person finds who reads every message, in the same order.

Who reads knows the documented rules alone (`tests/unit/search/oracle.py`).
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hyred_chat.files.attachments import Attachment
from hyred_chat.search import merging
from tests.integration.search.library import Library, Said
from tests.unit.search import vocabulary
from tests.unit.search.oracle import is_found

T = TypeVar("T")

PEOPLE = ("me", "you", "them")
# Who is in which room besides: groups, one's room with somebody whom one has blocked, and a room of others.
ROOMS = (("group", "me", "you", "them"), ("group", "me", "you"), ("direct", "me", "you"), ("group", "you", "them"))
PICTURE_ENDINGS = (".jpg", ".png")
LINKS = ("https://", "www.")
MINE = range(3)
QUERIES = 10

# Most messages have it, so that filters alone decide.
COMMON = "common"


@dataclass
class Message:
    """A message as it is written, and what becomes of it: `edited` is another content, or `is_deleted`."""

    room: int
    sender: str
    content: str
    names: list[str] = field(default_factory=list)
    edited: str | None = None
    is_deleted: bool = False


@dataclass
class Search:
    """A query with its filters, by their names; times are the numbers of messages."""

    q: str
    room: int | None
    sender: str | None
    has: str | None
    since: int | None
    until: int | None
    is_ranked: bool


@dataclass
class World:
    """What is said, what is asked, which of one's rooms one leaves, and how long pages are."""

    conversation: list[Message]
    asked: list[Search]
    left: int
    limit: int
    is_walked: bool


def world_of(chance: Random) -> World:
    conversation = [message_of(chance) for _ in range(chance.randint(5, 20))]
    texts = [text for each in conversation for text in (each.content, each.edited, *each.names) if text]
    texts += [" ".join([each.content, *each.names]) for each in conversation if each.names]
    asked = [search_of(chance, texts, len(conversation)) for _ in range(QUERIES)]
    return World(conversation, asked, chance.randint(0, 1), chance.randint(1, 4), chance.random() < 0.5)


def message_of(chance: Random) -> Message:
    def sentence() -> str:
        return f"{vocabulary.say(chance)} {chance.choice([COMMON, COMMON, ''])}"

    def name() -> str:
        return chance.choice(vocabulary.WORDS) + chance.choice([".pdf", *PICTURE_ENDINGS])

    return Message(
        room=chance.randrange(len(ROOMS)),
        sender=chance.choice(PEOPLE),
        content=sentence(),
        names=[name() for _ in range(chance.choice([0, 0, 1, 2, 3]))],
        edited=sentence() if chance.random() < 0.25 else None,
        is_deleted=chance.random() < 0.15,
    )


def search_of(chance: Random, texts: list[str], count: int) -> Search:
    def maybe(value: T) -> T | None:
        return value if chance.random() < 0.3 else None

    return Search(
        q=vocabulary.ask_about(chance, texts) if chance.random() < 0.7 else COMMON,
        room=maybe(chance.randint(0, 2)),
        sender=maybe(chance.choice(PEOPLE)),
        has=maybe(chance.choice(["file", "image", "link"])),
        since=maybe(chance.randrange(count)),
        until=maybe(chance.randrange(count)),
        is_ranked=chance.random() < 0.2,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=True).map(world_of))
async def test_finds_what_reading_everything_finds(library: Library, world: World) -> None:
    merging.MIN_WALKED_BLOCKS = 0 if world.is_walked else 16  # rooms as few as these are not walked otherwise
    rooms = [await library.add_room(*members, kind=kind) for kind, *members in ROOMS]
    await library.execute(
        "INSERT INTO user_blocks (blocker_id, blocked_id) VALUES ('me', 'you') ON CONFLICT DO NOTHING"
    )
    said = [await say(library, rooms, message) for message in world.conversation]
    await library.index()
    await change(library, world.conversation, said)
    await library.leave(rooms[world.left], "me")
    reader = Reader(library, rooms, [rooms[place] for place in MINE if place != world.left], said)
    asked = [search for search in world.asked if search.room != world.left]
    for search in asked:  # some of what was changed is not indexed anew: what is found is what is there
        found = await walk(library, search, rooms, said, world.limit)
        assert set(found) <= set(reader.read(search, nearly=True))
    await library.index()
    for search in asked:
        expected, found = reader.read(search), await walk(library, search, rooms, said, world.limit)
        if search.is_ranked:
            assert sorted(found) == sorted(expected), search
        else:
            assert found == expected, search
    for room_id in rooms:  # the next example has rooms of its own
        await library.execute("DELETE FROM chat_members WHERE room_id = $1", room_id)


async def change(library: Library, conversation: list[Message], said: list[Said]) -> None:
    for message, place in zip(conversation, said, strict=True):
        if message.edited is not None:
            await library.edit(place, message.edited)
        if message.is_deleted:
            await library.delete(place)


async def say(library: Library, rooms: list[str], message: Message) -> Said:
    files = [file_of(name) for name in message.names]
    kind = "text"
    if files:
        kind = "image" if all(each.kind == "image" for each in files) else "file"
    [said] = await library.say(rooms[message.room], message.sender, message.content, kind=kind, files=files)
    return said


def file_of(name: str) -> Attachment:
    kind = "image" if name.endswith(PICTURE_ENDINGS) else "pdf"
    return Attachment("0" * 32, name, 1, "application/octet-stream", kind, b"key")


async def walk(
    library: Library, search: Search, rooms: list[str], said: list[Said], limit: int
) -> list[tuple[str, int]]:
    """The places of all that is found."""
    fields: dict[str, Any] = {
        "room_id": None if search.room is None else rooms[search.room],
        "sender_id": search.sender,
        "has": search.has,
        "since": None if search.since is None else said[search.since].at,
        "until": None if search.until is None else said[search.until].at,
        "order": "relevance" if search.is_ranked else "newest",
    }
    return await library.walk("me", search.q, limit=limit, **fields)


@dataclass
class Reader:
    """Somebody who looks at every message of some rooms."""

    library: Library
    rooms: list[str]
    mine: list[str]
    said: list[Said]

    def read(self, search: Search, *, nearly: bool = False) -> list[tuple[str, int]]:
        """What is found. If nothing matches, or with `nearly`, a long word may differ by one letter."""
        meant = [each for each in self.library.newest_first(self.mine) if self._is_meant(search, each)]
        found = [] if nearly else [each for each in meant if is_found(search.q, texts_of(each))]
        found = found or [each for each in meant if is_found(search.q, texts_of(each), nearly=True)]
        return [(each.room_id, each.seq) for each in found]

    def _is_meant(self, search: Search, message: Said) -> bool:
        """Whether the filters let it through."""
        pictures = [each.name.endswith(PICTURE_ENDINGS) for each in message.files]
        has = {
            None: True,
            "image": any(pictures),
            "file": not all(pictures),
            "link": any(beginning in message.content for beginning in LINKS),
        }
        return (
            (search.room is None or message.room_id == self.rooms[search.room])
            and search.sender in (None, message.sender_id)
            and (search.since is None or message.at >= self.said[search.since].at)
            and (search.until is None or message.at <= self.said[search.until].at)
            and has[search.has]
        )


def texts_of(message: Said) -> list[str]:
    return [message.content, *(each.name for each in message.files)]
