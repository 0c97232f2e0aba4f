"""What a query finds in a text, and where."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.search.query import Query, parse_query
from hyred_chat.search.typos import list_neighbours
from hyred_chat.text.folding import fold
from hyred_chat.text.words import Words
from tests.unit.search.oracle import is_one_letter_off


def query_of(text: str) -> Query:
    query = parse_query(text)
    assert query is not None
    return query


def found(query: str, text: str) -> list[str] | None:
    """What would be highlighted."""
    spans = query_of(query).find(Words(text))
    return None if spans is None else [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("query", "text", "highlighted"),
    [
        ("resumé", "My Résumé is here", ["Résumé"]),
        ("resu", "My Résumé is here", ["Résu"]),
        ("straße", "DIE STRASSE", ["STRASSE"]),
        ("STRASSE", "Die Straße.", ["Straße"]),
        ("cafe\u0301", "Two cafés", ["café"]),
        ("two words", "words, and then two", ["words", "two"]),
        ("ЁЛКА", "ёлки и елка", ["елка"]),
        ("東", "明日東京に行く", ["東"]),
        ("東京", "明日東京に行く", ["東京"]),
        ("カタカナ", "ひらがなとかたかな", ["かたかな"]),
        ("한구", "저는 한국어를 배워요", ["한국"]),
        ("ภาษา", "เรียนภาษาไทย", ["ภาษา"]),
        ("นำ", "ดื่มน้ำเย็น", ["น้ำ"]),
        ("น้ํา", "ดื่มน้ำเย็น", ["น้ำ"]),
        ("佐佐木", "佐々木さん", ["佐々木"]),
        ("jane.doe@mail.example", "Ask Jane.Doe@mail.example now", ["Jane.Doe@mail.example"]),
        ("doe@mail", "Ask jane.doe@mail.example now", ["doe@mail"]),
        ("mail.example", "Ask jane.doe@mail.example now", ["mail.example"]),
        ("janedoe", "Ask jane.doe@mail.example now", ["jane.doe"]),
        ("jane+tag@mail.example", "jane+tag@mail.example", ["jane+tag@mail.example"]),
        ("1234.56", "It is 1,234.56 in all", ["1,234.56"]),
        ("2024", "invoice-2024-final.pdf", ["2024"]),
        ("invoice-2024", "invoice_2024_final.pdf", ["invoice_2024"]),
        ("final.pdf", "invoice-2024-final.pdf", ["final.pdf"]),
        ("username", "call getUserName() twice", ["UserName"]),
        ("getuser", "call getUserName() twice", ["getUser"]),
        ("get_user_name", "call getUserName() twice", ["getUserName"]),
        ("192.168.0.1", "ping 192.168.0.1 please", ["192.168.0.1"]),
        ("c++", "in C++ or C", ["C++", "C"]),
        ("dont", "I don't know", ["don't"]),
        ("don\u2019t", "I dont know", ["dont"]),
        ("👍", "ok 👍🏽", ["👍🏽"]),
        ("state-of-the-art", "the state of the art", ["state", "of", "the", "art"]),
        ('"quick brown"', "The quick, brown fox", ["quick, brown"]),
        ("“quick brown”", "The quick brown fox", ["quick brown"]),
        ('"東京 タワー"', "東京 タワーに", ["東京 タワー"]),
        ('"javascript"', "all JavaScript", ["JavaScript"]),
        ('"unclosed phrase', "an unclosed phrase", ["unclosed phrase"]),
        ("fox -dog", "the fox", ["fox"]),
    ],
)
def test_finds(query: str, text: str, highlighted: list[str]) -> None:
    spans = query_of(query).find(Words(text))
    assert spans is not None
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == "".join(highlighted).replace(" ", "")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("sume", "My Résumé"),
        ("two words", "two of them"),
        ("京東", "明日東京に行く"),
        ("東都", "東京都"),
        ('"quick brown"', "brown and quick"),
        ('"quick bro"', "quick brown"),
        ("fox -dog", "the fox and the dogs"),
        ('fox -"the dog"', "the fox and the dog"),
        ("fox -東京", "fox 東京"),
        ("1234.56", "1234 and 56.7"),
        ("c++", "C and c"),
        ("นา", "ดื่มน้ำ"),
        ("น้ำ", "ทำนา"),
        ("ກໍ", "ກາ"),
    ],
)
def test_does_not_find(query: str, text: str) -> None:
    assert found(query, text) is None


def test_a_minus_takes_out_nothing_but_what_follows_it() -> None:
    assert found('fox -"the dog"', "the fox, a dog") == ["fox"]
    assert found("fox -東京", "fox 京都") == ["fox"]


@pytest.mark.parametrize("query", ["", " ", "-", '"', '""', "-fox", "?!", "- -", "\u0301"])
def test_a_query_of_nothing_looks_for_nothing(query: str) -> None:
    assert parse_query(query) is None


def test_the_longest_texts_are_bounded() -> None:
    for text in ("京" * 100_000, "a" * 100_000, "a." * 50_000, "e" + "\u0301" * 100_000, "x1" * 50_000):
        terms = Words(text).list_terms()
        assert len(terms) <= 20_000
        assert sum(map(len, terms)) <= 200_000
        assert query_of(text[:200]).find(Words(text)) is not None


def test_thai_and_lao_am_are_indexed_as_earlier_versions_have_indexed_them() -> None:
    """They took it for aa, which stays in the index: the text tells the two apart."""
    assert Words("น้ำ ນໍ້າ ກໍ").list_terms() == ["นา", "า", "ນາ", "າ", "ກ"]
    assert query_of("น้ำ").list_needles() == ["\nนา"]


SCRIPTS = [
    *("ab", "Ab", "abc", "ABC", "é", "ße", "ﬁ", "x1", "12", "Σας", "δ", "ёж", "их"),
    *("東", "京", "東京", "々", "カ", "か", "ガ", "한", "국", "하", "नि", "मी", "שלום", "نور", "ـ"),
    *("ไท", "ย", "ที่", "น้ำ", "า", "ດໍາ"),
    *(" ", " ", "\n", ".", "-", "_", "@", "'", "\u2019", '"', "+", "👍", "🏽", "\u0301", "\u200b", "  ", "、", "/"),
]
texts = st.lists(st.sampled_from(SCRIPTS), max_size=12).map("".join)


@given(texts, texts)
def test_whatever_matches_has_the_terms_that_the_index_is_asked_for(text: str, query: str) -> None:
    parsed = parse_query(query)
    if parsed is not None and parsed.find(Words(text)) is not None:
        assert holds(parsed.tsquery("k"), Words(text).list_terms()), (parsed, Words(text).list_terms())


@given(texts, texts)
def test_whatever_matches_is_taken_apart(text: str, query: str) -> None:
    parsed = parse_query(f'"{query}"')
    if parsed is not None and parsed.find(Words(text)) is not None:
        assert parsed.may_match(text, None)


@given(texts)
def test_every_part_of_a_text_finds_it(text: str) -> None:
    words = Words(text)
    for part in words.parts:
        start, end = words.span(part.start, part.end)
        piece = parse_query(text[start:end])
        assert piece is not None
        assert piece.find(words) is not None, text[start:end]


@given(texts, st.text(alphabet="abcxé12", min_size=1, max_size=4))
def test_a_word_is_found_where_a_plain_comparison_finds_it(text: str, word: str) -> None:
    plain = any(
        fold(text[start:]).startswith(fold(word))
        for start in range(len(text))
        if start == 0 or text[start - 1] in " \n"
    )
    if plain and not text.startswith("\u0301"):
        assert query_of(word).find(Words(text)) is not None


@given(texts, texts)
def test_highlights_are_in_order_apart_and_within_the_text(text: str, query: str) -> None:
    parsed = parse_query(query)
    spans = None if parsed is None else parsed.find(Words(text))
    for start, end in spans or ():
        assert 0 <= start < end <= len(text)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans or ()))


def holds(tsquery: str, terms: list[str]) -> bool:
    """What PostgreSQL would say, by way of Python."""

    def asked(match: re.Match[str]) -> str:
        term = match[1].replace("''", "'").replace("\\\\", "\\")
        return str(any(each.startswith(term) if match[2] else each == term for each in terms))

    expression = re.sub(r"'k ((?:[^']|'')*)'(:\*)?", asked, tsquery)
    return bool(eval(expression.replace("&", " and ").replace("|", " or ").replace("!", " not ")))  # noqa: S307


@given(st.text(alphabet="abcжи", min_size=4, max_size=7), st.text(alphabet="abcжи", min_size=4, max_size=7))
def test_neighbours_are_the_words_that_differ_by_one_letter(one: str, other: str) -> None:
    if not other.isascii() and one.isascii():
        return  # letters of another script are not what anybody meant
    assert (other in list_neighbours(one)) == is_one_letter_off(one, other)
