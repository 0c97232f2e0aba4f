"""Marks are left out of previews as tests/tables/marks.json says."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.text.marks import without_marks
from tests.unit.text.tables import rows_of

PIECES = [
    *("*", "**", "***", "_", "__", "~~", "`", "``", "```", "[", "](", "](https://a.example)", "https://", "www."),
    *("•", ">", "1.", "a", "b_c", "2", "\\", '"', "(", ")", ".", " ", "中", "é", "\n", "\n> ", "\n- ", "\n```\n"),
]


@pytest.mark.parametrize(("text", "plain"), rows_of("marks", "text", "plain"))
def test_a_preview_has_the_words_and_not_the_marks(text: str, plain: str) -> None:
    assert without_marks(text) == plain


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_nothing_is_added_or_moved(text: str) -> None:
    rest = iter(text)
    assert all(character in rest for character in without_marks(text).replace("• ", ""))


@given(st.text(alphabet="abc xyz.,!?é中👍\n", max_size=200))
def test_words_alone_stay_as_they_are(text: str) -> None:
    assert without_marks(text) == text


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join))
def test_what_shows_something_still_does(text: str) -> None:
    assert bool(without_marks(text).strip()) == bool(text.strip())


@pytest.mark.parametrize(
    "part",
    [
        *("*", "**", "*a", "a*", "*a ", " a*", "**a _b", "_a_ ", "~~a", "*_~~", "`", "`a", "`a ", "``a`"),
        *("> ", "> a\n", "- ", "- a\n", "```\n", "```\na\n```\n", "-"),
        *("[", "[a", "[a](https://a", "https://", "https://a*"),
    ],
)
def test_a_hundred_thousand_marks_take_time_in_proportion(part: str) -> None:
    started = time.process_time()
    without_marks(f"a {part * 100_000} b")
    assert time.process_time() - started < 10
