"""What makes two people one pair."""

import itertools

from hyred_chat.accounts.pairs import pair_key


def test_a_pair_is_the_same_whoever_of_the_two_asks() -> None:
    assert pair_key("direct", "bea", "ana") == pair_key("direct", "ana", "bea") == "direct:ana:bea"


def test_ids_are_ordered_by_their_bytes() -> None:
    assert pair_key("direct", "a", "B") == "direct:B:a"
    assert pair_key("direct", "\U0001f600", "\uffee") == "direct:\uffee:\U0001f600"


def test_no_two_pairs_are_alike() -> None:
    ids = ["a", "b", "c", "a:b", "b:c", "a:b:c", "a%3Ab", ":", "::", "%", "%3A", "a:", ":a"]
    keys = [pair_key("direct", *pair) for pair in itertools.combinations(ids, 2)]
    assert len(set(keys)) == len(keys)
