"""A query finds in a text what the documented rules say, by an oracle that knows nothing of the product."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from hyred_chat.search.query import parse_query
from hyred_chat.text.words import Words
from tests.unit.search.oracle import folded, is_found
from tests.unit.search.vocabulary import ask_about, say

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
