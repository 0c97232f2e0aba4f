"""How many handshakes pass, under a clock of the test's own."""

from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.socketio.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def take_all(pace: Pace, address: str) -> int:
    count = 0
    while pace.take(address):
        count += 1
    return count


def test_one_address_gets_half_of_a_second_s_worth_and_another_one_the_rest() -> None:
    pace = Pace(100, Clock())
    assert take_all(pace, "192.0.2.1") == 50
    assert take_all(pace, "192.0.2.2") == 50
    refused = pace.refused
    assert not pace.take("192.0.2.3")
    assert pace.refused == refused + 1


def test_what_was_taken_comes_back_at_the_rate() -> None:
    clock = Clock()
    pace = Pace(100, clock)
    for address in ("a", "b"):
        take_all(pace, address)
    clock.now += 0.1
    assert take_all(pace, "c") == 10
    clock.now += 60
    assert take_all(pace, "a") + take_all(pace, "b") == 100


def test_who_is_not_let_in_after_all_takes_nothing_from_anybody() -> None:
    pace = Pace(100, Clock())
    for _ in range(1000):
        assert pace.take("a")
        pace.give_back("a")
    assert take_all(pace, "a") == 50
    assert take_all(pace, "b") == 50


def test_nobody_passes_while_half_a_second_s_worth_is_under_way() -> None:
    pace = Pace(100, Clock())
    pace.under_way = 49
    assert pace.take("a")
    pace.under_way = 50
    assert not pace.take("b")
    pace.under_way = 49
    assert pace.take("b")


def test_a_rate_of_one_lets_one_through_and_none_lets_all_through() -> None:
    assert take_all(Pace(1, Clock()), "a") == 1
    unlimited = Pace(0, Clock())
    assert all(unlimited.take("a") for _ in range(10_000))


@given(st.lists(st.tuples(st.floats(0, 3), st.sampled_from("abc")), max_size=300), st.integers(1, 50))
def test_no_more_pass_than_one_second_s_worth_and_the_rate(steps: list[tuple[float, str]], rate: int) -> None:
    clock = Clock()
    pace = Pace(rate, clock)
    passed = 0
    for seconds, address in steps:
        clock.now += seconds / 10
        passed += pace.take(address)
        assert passed <= rate + (clock.now - 1000.0) * rate + 1e-6
    assert len(pace._of) <= 3
