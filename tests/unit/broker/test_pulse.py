"""When a connection is probed, when it is given up, and when the next attempt is made."""

import random

from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.broker.pulse import DEAF_SECONDS, HEALTHY_SECONDS, MAX_DELAY_SECONDS, Backoff, Beat, Pulse

LOOK_SECONDS = 0.5


def look_until(pulse: Pulse, start: float, end: float) -> list[tuple[float, Beat]]:
    steps = round((end - start) / LOOK_SECONDS)
    times = [start + LOOK_SECONDS * (step + 1) for step in range(steps)]
    return [(now, beat) for now in times if (beat := pulse.look(now)) is not Beat.NOTHING]


def test_it_is_probed_at_once_and_then_every_two_seconds() -> None:
    beats = look_until(Pulse(100.0), 100.0, 105.5)
    assert beats == [(100.5, Beat.PROBE), (102.5, Beat.PROBE), (104.5, Beat.PROBE)]


def test_it_is_deaf_after_six_seconds_without_a_probe_that_came_back() -> None:
    pulse = Pulse(0.0)
    look_until(pulse, 0.0, 3.0)
    pulse.heard(3.0)
    beats = look_until(pulse, 3.0, 3.0 + DEAF_SECONDS)
    assert beats[-1] == (9.0, Beat.DEAF)
    assert all(beat is Beat.PROBE for _, beat in beats[:-1])


def test_it_is_never_deaf_while_probes_come_back() -> None:
    pulse = Pulse(0.0)
    for second in range(60):
        assert {beat for _, beat in look_until(pulse, second, second + 1)} <= {Beat.PROBE}
        pulse.heard(second + 1)


def test_a_process_that_did_not_run_is_told_apart_from_deafness() -> None:
    pulse = Pulse(0.0)
    assert pulse.look(3.1) is Beat.STOPPED


@given(st.integers())
def test_delays_grow_up_to_a_bound_and_are_never_the_same_for_all(seed: int) -> None:
    backoff = Backoff(random.Random(seed))  # noqa: S311
    delays = [backoff.next_delay(0) for _ in range(20)]
    assert all(0 <= delay <= min(0.05 * 2**number, MAX_DELAY_SECONDS) for number, delay in enumerate(delays))
    assert len(set(delays)) == len(delays)


def test_after_ten_good_seconds_the_next_delay_is_a_short_one_again() -> None:
    backoff = Backoff(random.Random(1))  # noqa: S311
    for _ in range(10):
        backoff.next_delay(HEALTHY_SECONDS - 1)
    assert backoff.next_delay(HEALTHY_SECONDS) <= 0.05
