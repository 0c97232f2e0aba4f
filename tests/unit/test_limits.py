"""Token buckets: a burst at once, a steady rate after it, and a refusal that says when."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat import limits
from hyred_chat.errors import RateLimitedError
from hyred_chat.limits import RateLimit, RefusalRate


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


def take(limit: RateLimit, key: str = "ana") -> bool:
    try:
        limit.take(key)
    except RateLimitedError:
        return False
    return True


def wait_seconds(limit: RateLimit, key: str = "ana") -> float:
    """What a refusal says."""
    with pytest.raises(RateLimitedError) as caught:
        limit.take(key)
    assert caught.value.details is not None
    return float(caught.value.details["retryAfterMs"]) / 1000


@pytest.mark.usefixtures("clock")
def test_a_burst_may_come_at_once_and_no_more() -> None:
    limit = RateLimit(burst=60, per_minute=600)
    assert [take(limit) for _ in range(61)] == [True] * 60 + [False]


def test_what_was_taken_comes_back_at_the_rate_and_never_above_the_burst(clock: Clock) -> None:
    limit = RateLimit(burst=2, per_minute=60)
    assert [take(limit) for _ in range(3)] == [True, True, False]
    clock.now += 1
    assert [take(limit) for _ in range(2)] == [True, False]
    clock.now += 1000
    assert [take(limit) for _ in range(3)] == [True, True, False]


@pytest.mark.usefixtures("clock")
def test_everybody_has_a_bucket_of_their_own() -> None:
    limit = RateLimit(burst=1, per_minute=60)
    assert take(limit, "ana")
    assert not take(limit, "ana")
    assert take(limit, "bob")


def test_refusals_cost_nothing(clock: Clock) -> None:
    limit = RateLimit(burst=1, per_minute=60)
    take(limit)
    for _ in range(1000):
        clock.now += 0.0009
        assert not take(limit)
    clock.now += 0.2
    assert take(limit)


@given(
    burst=st.integers(1, 1000),
    per_minute=st.integers(1, 100_000),
    steps=st.lists(st.floats(0, 120, allow_nan=False), max_size=20),
)
def test_after_the_time_that_the_refusal_names_there_is_room(burst: int, per_minute: int, steps: list[float]) -> None:
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "monotonic", clock)
        limit = RateLimit(burst=burst, per_minute=per_minute)
        for step in steps:
            while take(limit):
                pass
            clock.now += wait_seconds(limit)
            assert take(limit)
            clock.now += step


def test_a_refusal_names_at_least_a_millisecond_and_at_most_what_it_takes(clock: Clock) -> None:
    limit = RateLimit(burst=1, per_minute=60)
    take(limit)
    assert wait_seconds(limit) == 1.0
    clock.now += 0.9999
    assert wait_seconds(limit) == 0.001


@pytest.mark.usefixtures("clock")
def test_zero_a_minute_is_no_limit_at_all() -> None:
    limit = RateLimit(burst=1, per_minute=0)
    assert all(take(limit) for _ in range(1000))


def test_full_buckets_are_forgotten_and_empty_ones_are_not(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PRUNE_ABOVE", 10)
    limit = RateLimit(burst=2, per_minute=60)
    for number in range(10):
        take(limit, f"old {number}")
    clock.now += 60
    take(limit, "busy")
    take(limit, "busy")
    take(limit, "one more")
    assert set(limit._buckets) == {"busy", "one more"}
    assert not take(limit, "busy")


def test_a_crowd_is_looked_through_now_and_then_and_not_for_each_of_them(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PRUNE_ABOVE", 10)
    limit = RateLimit(burst=2, per_minute=60)
    prunings = 0
    prune = limit._prune

    def count_prunings(now: float) -> None:
        nonlocal prunings
        prunings += 1
        prune(now)

    monkeypatch.setattr(limit, "_prune", count_prunings)
    for number in range(1000):
        take(limit, str(number))
    assert prunings < 10
    clock.now += 60
    for number in range(1100):
        take(limit, f"later {number}")
    assert len(limit._buckets) < 2300


def is_one_too_many(rate: RefusalRate, address: str) -> bool:
    try:
        rate.count(address)
    except RateLimitedError:
        return True
    return False


def test_refusals_are_counted_by_address_and_forgotten_in_time() -> None:
    clock = Clock()
    rate = RefusalRate(burst=20, seconds_each=3, clock=clock)
    assert [is_one_too_many(rate, "192.0.2.1") for _ in range(21)] == [False] * 20 + [True]
    assert not is_one_too_many(rate, "192.0.2.2")
    clock.now += 3
    assert [is_one_too_many(rate, "192.0.2.1") for _ in range(2)] == [False, True]
    clock.now += 60
    assert [is_one_too_many(rate, "192.0.2.1") for _ in range(21)] == [False] * 20 + [True]


def test_the_addresses_that_are_remembered_are_bounded() -> None:
    rate = RefusalRate(burst=20, seconds_each=3, clock=Clock())
    for number in range(limits.MAX_ADDRESSES + 100):
        rate.count(f"address-{number}")
    assert len(rate._forgotten_at) == limits.MAX_ADDRESSES
