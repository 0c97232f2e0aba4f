"""Text is cleaned as tests/tables/cleaning.json says."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.text.cleaning import clean, clean_line
from tests.unit.text.tables import rows_of

SPECIAL = "\x1b[]m;0\r\n\x85\u2028\u200b\u2800\U000e0041\U0001f3f4"
ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from(SPECIAL))


@pytest.mark.parametrize(("text", "message"), rows_of("cleaning", "text", "message"))
def test_what_cannot_be_shown_is_taken_out_or_becomes_a_line_break(text: str, message: str | None) -> None:
    assert (clean(text) or None) == message


@pytest.mark.parametrize(("text", "line"), rows_of("cleaning", "text", "line"))
def test_a_name_or_title_is_one_line_that_turns_nothing_round(text: str, line: str | None) -> None:
    assert (clean_line(text) or None) == line


@given(ANY_TEXT)
def test_clean_text_stays_as_it_is_and_holds_no_control_characters(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert clean_line(clean_line(text)) == clean_line(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in cleaned if c not in "\n\t")
    assert not set(clean_line(text)) & set("\n\t")


@given(st.text(st.characters(categories=["L", "N", "P"]), min_size=1))
def test_letters_digits_and_punctuation_are_left_alone(text: str) -> None:
    assert clean(text) == text or all(unicodedata.name(c, "").endswith("FILLER") for c in text)


@pytest.mark.parametrize(
    "piece",
    [
        "\x9d",
        "\x90;",
        "\x1b]",
        "\x1b[",
        "\x1b[0m",
        "\x9b1",
        "\x1b",
        "x\x0b",
        "\r",
        "\U000e0041",
        "a\U000e0041",
        "\u200b",
        " ",
    ],
    ids=ascii,
)
def test_cleaning_costs_as_much_for_each_character_however_many_there_are(piece: str) -> None:
    began = time.process_time()
    clean(piece * 100_000)
    assert time.process_time() - began < 2  # some hundredths; were it quadratic, minutes
