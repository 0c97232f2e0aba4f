"""How long a lane waits for more while other nodes store: for nearly all whom it told, and never for long."""

import pytest

from hyred_chat.messages.gathering import LEAST_STORED, MAX_SECONDS, Gathering, Neighbours


def test_a_lane_shares_while_others_have_stored_since_its_latest_batch_was_begun() -> None:
    neighbours = Neighbours()
    gathering = Gathering(neighbours, batch_size=128)
    assert not gathering.is_shared
    neighbours.stored += 1
    assert gathering.is_shared
    gathering.begin()
    assert not gathering.is_shared


def test_nearly_all_who_write_are_waited_for_as_long_as_the_batch_before_took() -> None:
    gathering = Gathering(Neighbours(), batch_size=128)
    gathering.end(40, 8, now=100.0, seconds=0.004)
    for waiting in (8, 20, 41):
        wanted, seconds = gathering.wanted(waiting, now=100.001)
        assert wanted == 42  # of 48 who write, however many of them have written again
        assert seconds == pytest.approx(0.003)
    assert gathering.wanted(42, now=100.001)[1] == 0
    assert gathering.wanted(8, now=100.005)[1] == 0


def test_a_slow_batch_makes_nobody_wait_longer_than_the_bound() -> None:
    gathering = Gathering(Neighbours(), batch_size=128)
    gathering.end(40, 0, now=100.0, seconds=3.0)
    assert gathering.wanted(1, now=100.0)[1] == pytest.approx(MAX_SECONDS)


def test_after_a_few_messages_nobody_waits() -> None:
    gathering = Gathering(Neighbours(), batch_size=128)
    gathering.end(LEAST_STORED - 1, 10, now=100.0, seconds=0.01)
    assert gathering.wanted(0, now=100.0)[1] == 0


def test_no_more_is_waited_for_than_a_batch_holds() -> None:
    gathering = Gathering(Neighbours(), batch_size=64)
    gathering.end(64, 64, now=100.0, seconds=0.01)
    assert gathering.wanted(63, now=100.0)[0] == 64
    assert gathering.wanted(64, now=100.0)[1] == 0
