"""Names and words are folded as tests/tables/folding.json says."""

import pytest

from hyred_chat.text.folding import MAX_NAME_CHARS, MAX_TERM_CHARS, parts_of, terms_of
from tests.unit.text.tables import rows_of


def finds(query: str, name: str) -> bool:
    terms, parts = terms_of(name), parts_of(query)
    begins = [any(term.startswith(part) for term in terms) for part in (*parts, "".join(parts)[:MAX_TERM_CHARS])]
    return all(begins[:-1]) or begins[-1]


@pytest.mark.parametrize(("query", "name", "found"), rows_of("folding", "query", "name", "found"))
def test_a_name_is_found_by_what_means_the_same_and_by_nothing_else(query: str, name: str, found: bool) -> None:
    assert finds(query, name) is found, (terms_of(name), parts_of(query))


@pytest.mark.parametrize(("query", "name"), rows_of("folding", "query", "name"))
def test_every_name_is_found_by_itself(query: str, name: str) -> None:
    assert finds(name, name)
    assert finds(query, query)


def test_the_first_term_is_the_whole_name() -> None:
    assert terms_of("(Tomás) de-la  Ríos") == [
        *("tomas de la rios", "tomasdelarios", "de la rios", "delarios", "la rios", "larios", "rios")
    ]


@pytest.mark.parametrize("name", ["ﷺ" * 200, "漢" * 5000, "a b " * 1000, "\u0301" * 1000, "가" * 300, "🌸" * 300])
def test_what_a_name_costs_is_bounded(name: str) -> None:
    terms = terms_of(name)
    assert len(terms) <= 2 * MAX_NAME_CHARS
    assert max(map(len, terms)) <= MAX_TERM_CHARS
    parts = parts_of(name)
    assert len(parts) <= MAX_NAME_CHARS
    assert max(map(len, parts), default=0) <= MAX_TERM_CHARS
