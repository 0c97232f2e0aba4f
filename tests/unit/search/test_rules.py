"""A query finds in a text what the documented rules say, by an oracle that knows nothing of the product."""

from random import Random

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from hyred_chat.search.folded import words_of
from hyred_chat.search.query import parse_query
from hyred_chat.text.words import APART, Words
from tests.unit.search.oracle import folded, is_found
from tests.unit.search.vocabulary import WORDS, ask_about, say

# What is one word to everybody, in all the ways in which people write it.
SAME = [
    ("résumé", "RÉSUMÉ", "re\u0301sume\u0301", "resume", "Ｒｅｓｕｍｅ"),
    ("straße", "STRASSE", "Straße", "STRAẞE"),
    ("bjørn", "BJØRN", "bjorn"),
    ("łódź", "LODZ", "Łódz"),
    ("σας", "ΣΑΣ", "Σασ", "σάς"),
    ("ёлка", "ЕЛКА", "Ёлка"),
    ("مُحَمَّد", "محمد", "مـحـمـد"),
    ("أحمد", "احمد", "آحمد"),
    ("שָׁלוֹם", "שלום"),
    ("カタカナ", "かたかな", "ｶﾀｶﾅ"),
    ("ไม่", "ไม"),
    ("น้ำ", "นำ", "น้ํา", "นํ้า"),
    ("ດຳ", "ດໍາ"),
    ("👍🏽", "👍", "👍🏿"),
    ("٢٠٢٤", "2024", "２０２４"),
]


def finds(query: str, text: str) -> bool:
    parsed = parse_query(query)
    return parsed is not None and parsed.find(Words(text)) is not None


def test_what_is_one_word_to_everybody_finds_itself_however_it_is_written() -> None:
    for forms in SAME:
        for query in forms:
            for written in forms:
                assert is_found(query, [f"a {written} b"]), ("the oracle", query, written)
                assert finds(query, f"a {written} b"), (query, written)


def text_and_query(chance: Random) -> tuple[str, str]:
    text = say(chance)
    return text, ask_about(chance, [text])


asked = st.randoms(use_true_random=False).map(text_and_query)


@settings(max_examples=1000, deadline=None)
@given(asked)
def test_a_query_finds_a_text_exactly_where_the_rules_say(text: tuple[str, str]) -> None:
    content, query = text
    assert finds(query, content) == is_found(query, [content])


def message_and_query(chance: Random) -> tuple[list[str], str]:
    """What a message says and the names of its files, two words each, and two words that follow one another there."""
    words = [chance.choice(WORDS) for _ in range(6)]
    at = chance.randrange(5)
    wish = chance.choice(['"{} {}"', "{}-{}", "{}{}", f'{words[0]} -"{{}} {{}}"'])
    return [" ".join(words[start : start + 2]) for start in (0, 2, 4)], wish.format(*words[at : at + 2])


@settings(max_examples=1000, deadline=None)
@given(st.randoms(use_true_random=False).map(message_and_query))
def test_a_query_finds_nothing_over_the_end_of_a_text_or_of_the_name_of_a_file(asked: tuple[list[str], str]) -> None:
    [content, *names], query = asked
    parsed = parse_query(query)
    words = words_of(content, "file", orjson.dumps({"name": APART.join(names)}).decode())
    assert (parsed is not None and parsed.find(words) is not None) == is_found(query, [content, *names])


@settings(max_examples=500, deadline=None)
@given(asked)
def test_highlights_begin_with_what_was_looked_for(text: tuple[str, str]) -> None:
    content, query = text
    parsed = parse_query(query)
    sought = "".join(folded(each) for each in query)
    for start, end in (parsed and parsed.find(Words(content))) or ():
        assert 0 <= start < end <= len(content)
        shown = "".join(folded(each) for each in content[start:end])
        assert shown[0] in sought, (content[start:end], query)
