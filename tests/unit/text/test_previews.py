"""Text is cut as tests/tables/previews.json says."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.text.previews import MAX_CLUSTER_CHARS, beginning_of, cut
from tests.unit.text.tables import rows_of

PIECES = [
    "a",
    " ",
    "\n",
    "e\u0301",
    "👨\u200d👩\u200d👧\u200d👦",
    "👍🏽",
    "🇩🇪",
    "1\ufe0f\u20e3",
    "한",
    "\u1100\u1161\u11a8",
    "क्ष",
    "ที่",
    "\r\n",
]


@pytest.mark.parametrize(("text", "limit", "expected"), rows_of("previews", "text", "limit", "cut"))
def test_text_is_cut_at_what_people_see_as_a_character(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.integers(1, 60))
def test_a_cut_fits_and_never_goes_through_a_character(text: str, limit: int) -> None:
    shown = cut(text, limit)
    assert len(shown) <= limit
    if shown != text:
        kept = shown.removesuffix("…")
        ends = {match.end() for match in regex.finditer(r"\X", text)} | {0}
        assert len(kept) in ends | {end - 1 for end in ends if text[end - 1 : end].isspace()}


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.integers(1, 60))
def test_a_beginning_is_as_much_as_fits_and_needs_no_more_than_the_next_character(text: str, limit: int) -> None:
    begun = beginning_of(text, limit)
    assert text.startswith(begun)
    assert begun == beginning_of(text[: limit + 1], limit)
    ends = {match.end() for match in regex.finditer(r"\X", text)} | {0}
    assert len(begun) == max(end for end in ends if end <= limit)


@pytest.mark.parametrize("mark", ["\u0301", "\u200d👩", "\ufe0f", "\U000e0061"])
def test_a_character_without_an_end_is_cut_itself(mark: str) -> None:
    shown = cut("a" + mark * 100_000, 140)
    assert 140 - MAX_CLUSTER_CHARS < len(shown) <= 140
