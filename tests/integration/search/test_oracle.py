"""The search finds what a person finds who reads every message, in the same order."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hyred_chat.search import merging
from hyred_chat.search.query import Query, parse_query
from hyred_chat.text.words import Words
from tests.integration.search.library import Library, Said
from tests.unit.search.test_query import edit_distance_is_one

FRAGMENTS = [
    *("invoice", "invoices", "Rechnung", "straße", "STRASSE", "résumé", "resume", "Σας", "ёлка", "договор", "договоры"),
    *("東京", "東京都", "京都", "に", "タワー", "한국어", "한국", "ภาษา", "ไทย", "नमस्ते", "שלום", "مرحبا"),
    *("jane.doe@mail.example", "invoice-2024.pdf", "getUserName()", "1,234.56", "192.168.0.1", "C++", "👍", "don't"),
    *("the", "to", "a", "and"),
]
WORDS = [
    *FRAGMENTS, "inv", "invocie", "invoise", "nvoice", "договр", "東", "京", "ภาษ", "한", "doe", "mail.example", "2024",
    "username", "1234", "168.0", "-the", "-invoice", "-東京", '"the invoice"', '"東京 タワー"', '-"to a"', "t",
]  # fmt: skip
contents = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6).map(" ".join)
queries = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
conversations = st.lists(st.tuples(st.integers(0, 2), contents), min_size=1, max_size=14)
changes = st.lists(st.tuples(st.integers(0, 13), st.none() | contents), max_size=4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    conversations,
    changes,
    st.lists(queries, min_size=1, max_size=6),
    st.integers(0, 2),
    st.integers(1, 4),
    st.booleans(),
)
async def test_finds_what_reading_everything_finds(  # noqa: PLR0917  # hypothesis passes them by name
    library: Library,
    conversation: list[tuple[int, str]],
    changed: list[tuple[int, str | None]],
    asked: list[str],
    left: int,
    limit: int,
    is_walked: bool,
) -> None:
    merging.MIN_WALKED_BLOCKS = 0 if is_walked else 16  # rooms as few as these are not walked otherwise
    rooms = [await library.add_room("me", "you") for _ in range(3)]
    said = [message for room, content in conversation for message in await library.say(rooms[room], "you", content)]
    await library.index()
    for place, content in changed:
        message = said[place % len(said)]
        if content is None:
            await library.delete(message)
        elif not message.is_deleted:
            await library.edit(message, content)
    await library.leave(rooms[left], "me")
    mine = [room_id for place, room_id in enumerate(rooms) if place != left]
    for q in asked:  # some of what was changed is not indexed anew: what is found is what is there
        found = await library.walk("me", q, limit=limit)
        assert set(found) <= {(each.room_id, each.seq) for each in read_everything(library, mine, q, nearly=True)}
    await library.index()
    for q in asked:
        expected = [(each.room_id, each.seq) for each in read_everything(library, mine, q)]
        assert await library.walk("me", q, limit=limit) == expected, q
    for room_id in rooms:  # the next example has rooms of its own
        await library.execute("DELETE FROM chat_members WHERE room_id = $1", room_id)


def read_everything(library: Library, rooms: list[str], q: str, *, nearly: bool = False) -> list[Said]:
    """By looking at every message. If nothing matches, or with `nearly`, a word of five letters may differ by one."""
    query = parse_query(q)
    if query is None:
        return []
    candidates = library.newest_first(rooms)
    exact = [each for each in candidates if query.find(Words(each.content)) is not None]
    return (not nearly and exact) or [each for each in candidates if matches_nearly(query, Words(each.content))]


def matches_nearly(query: Query, words: Words) -> bool:
    known = words.list_words()
    variants = {
        word: frozenset(each for each in known if len(each) >= 4 and edit_distance_is_one(word, each))
        for word in query.list_mistyped()
    }
    return query.with_variants(variants).find(words) is not None
