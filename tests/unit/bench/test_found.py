"""Looking for messages in the bench: which are looked for, by which word, and what counts as found."""

import orjson

from bench.found import LOOKED_FOR_EVERY, PAGE, Search, numbers_in, word_of
from bench.latency import Board


def test_every_tenth_message_has_a_word_and_no_more_have_the_same_than_fit_on_a_page() -> None:
    words = [word_of(number) for number in range(10_000)]
    assert [number for number, word in enumerate(words) if word is not None] == list(range(0, 10_000, LOOKED_FOR_EVERY))
    found = [word for word in words if word is not None]
    assert {found.count(word) for word in found} == {PAGE}


def test_what_was_acknowledged_and_not_found_is_missing() -> None:
    board = Board()
    search = Search(board, found={0: 1.0})
    assert search.words_missing() == []
    board.acknowledged = {0: 0.5, 5: 0.5, 10: 0.5, 510: 0.6}
    assert search.words_missing() == [word_of(10), word_of(510)]


def test_what_was_found_is_told_by_the_number_it_begins_with() -> None:
    body = orjson.dumps({"data": [{"message": {"content": "0000000120 word000000 is it."}}]})
    assert list(numbers_in(body)) == [120]
