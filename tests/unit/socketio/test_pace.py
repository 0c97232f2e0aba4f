"""How many handshakes pass, under a clock of the test's own."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hyred_chat.socketio.pace import Pace
from tests.clocks import FakeClock


def take_all(pace: Pace, address: str) -> int:
    count = 0
    while pace.take(address):
        count += 1
    return count


def test_one_address_gets_half_of_a_second_s_worth_and_another_one_the_rest() -> None:
    pace = Pace(100, FakeClock().time)
    assert take_all(pace, "192.0.2.1") == 50
    assert take_all(pace, "192.0.2.2") == 50
    refused = pace.refused
    assert not pace.take("192.0.2.3")
    assert pace.refused == refused + 1


def test_what_was_taken_comes_back_at_the_rate() -> None:
    clock = FakeClock()
    pace = Pace(100, clock.time)
    for address in ("a", "b"):
        take_all(pace, address)
    clock.now += 0.1
    assert take_all(pace, "c") == 10
    clock.now += 60
    assert take_all(pace, "a") + take_all(pace, "b") == 100


def test_who_is_not_let_in_after_all_takes_nothing_from_anybody() -> None:
    pace = Pace(100, FakeClock().time)
    for _ in range(1000):
        assert pace.take("a")
        pace.give_back("a", pace.window)
    assert take_all(pace, "a") == 50
    assert take_all(pace, "b") == 50


def test_nobody_passes_while_half_a_second_s_worth_is_under_way() -> None:
    pace = Pace(100, FakeClock().time)
    pace.under_way = 49
    assert pace.take("a")
    pace.under_way = 50
    assert not pace.take("b")
    pace.under_way = 49
    assert pace.take("b")


def test_a_rate_of_one_lets_one_through_and_none_lets_all_through() -> None:
    assert take_all(Pace(1, FakeClock().time), "a") == 1
    unlimited = Pace(0, FakeClock().time)
    assert all(unlimited.take("a") for _ in range(10_000))


@given(st.lists(st.tuples(st.floats(0, 3), st.sampled_from("abc")), max_size=300), st.integers(1, 50))
def test_no_more_pass_than_one_second_s_worth_and_the_rate(steps: list[tuple[float, str]], rate: int) -> None:
    clock = FakeClock()
    pace = Pace(rate, clock.time)
    passed = 0
    for seconds, address in steps:
        clock.now += seconds / 10
        passed += pace.take(address)
        assert passed <= rate + clock.now * rate + 1e-6
    assert len(pace._of) <= 3


RATE = 6
ADDRESSES = ("a", "b", "c")


class Handshakes(RuleBasedStateMachine):
    """Handshakes that come, are decided on for a while, and are let in or not, at any time after they passed."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.pace = Pace(RATE, self.clock.time)
        # When who passed that was not let in, or may still not be.
        self.waiting: list[tuple[str, float, int]] = []
        self.deciding: list[str] = []
        # When who passed, besides those who were not let in.
        self.passed: list[tuple[str, float]] = []
        # When who was not let in had passed, and when that was given back.
        self.given_back: list[tuple[float, float]] = []

    @rule(address=st.sampled_from(ADDRESSES), count=st.integers(1, 2 * RATE))
    def come(self, address: str, count: int) -> None:
        for _ in range(count):
            refused = self.pace.refused
            if self.pace.take(address):
                self.waiting.append((address, self.clock.now, self.pace.window))
                self.passed.append((address, self.clock.now))
            else:
                assert self.pace.refused == refused + 1

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def go_away(self, data: st.DataObject) -> None:
        """Some who passed long ago or just now are not let in after all."""
        for _ in range(data.draw(st.integers(1, len(self.waiting)))):
            address, passed_at, window = self.waiting.pop(data.draw(st.integers(0, len(self.waiting) - 1)))
            self.passed.remove((address, passed_at))
            self.given_back.append((passed_at, self.clock.now))
            self.pace.give_back(address, window)

    @precondition(lambda self: self.waiting)
    @rule()
    def begin_to_decide(self) -> None:
        self.deciding.append(self.waiting.pop(0)[0])
        self.pace.under_way += 1

    @precondition(lambda self: self.deciding)
    @rule()
    def let_in(self) -> None:
        self.deciding.pop()
        self.pace.under_way -= 1

    @rule(seconds=st.sampled_from([0.01, 0.1, 0.5, 1.0, 5.0]))
    def pass_by(self, seconds: float) -> None:
        self.clock.pass_by(seconds)

    @rule(addresses=st.permutations(ADDRESSES))
    def flood(self, addresses: list[str]) -> None:
        """One address takes all that it can; who comes from another one passes soon after its own half of a second."""
        while self.deciding:
            self.let_in()
        flooder, other, _ = addresses
        for _ in range(220):
            self.clock.pass_by(0.01)
            self.come(flooder, RATE)
            if self.pace.take(other):
                self.passed.append((other, self.clock.now))
                return
        raise AssertionError(f"{other} waits behind {flooder}")

    @invariant()
    def no_more_pass_than_the_rate(self) -> None:
        """In any time: one second's worth, the rate, and the place of whoever was not let in after all."""
        times = [at for _, at in self.passed]
        for place, since in enumerate(times):
            more = sum(passed_at <= since <= at for passed_at, at in self.given_back)
            assert len(times) - place <= RATE + (self.clock.now - since) * RATE + more + 1e-6

    @invariant()
    def one_address_gets_half(self) -> None:
        for address in ADDRESSES:
            times = [at for of, at in self.passed if of == address]
            for place, since in enumerate(times):
                within = sum(at < since + 1 for at in times[place:])
                assert within <= RATE, "two windows of half a second's worth at most"

    @invariant()
    def counts_are_bounded(self) -> None:
        assert len(self.pace._of) <= len(ADDRESSES)
        assert 0 <= self.pace._level <= RATE

    def teardown(self) -> None:
        """Whatever was before: a second after the last one, everybody may come again."""
        while self.deciding:
            self.let_in()
        self.clock.pass_by(1.01)
        for address in ADDRESSES[:2]:
            assert take_all(self.pace, address) == RATE / 2


TestHandshakes = Handshakes.TestCase
TestHandshakes.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
