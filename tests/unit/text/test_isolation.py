"""Names are isolated as tests/tables/isolation.json says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.text.isolation import isolate
from tests.unit.text.tables import rows_of


@pytest.mark.parametrize(("text", "isolated"), rows_of("isolation", "text", "isolated"))
def test_a_name_cannot_turn_round_what_stands_beside_it(text: str, isolated: str) -> None:
    assert isolate(text) == isolated


@given(st.text(st.sampled_from("ab \u05d0\u202a\u202c\u202e\u2066\u2067\u2068\u2069")))
def test_every_isolate_ends_within_the_name(name: str) -> None:
    depth = 0
    for character in isolate(name):
        depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
        assert depth >= 0
    assert depth == 0
