"""What two readings of a process say about the time between them."""

import pytest

from hyred_chat.top.readings import Interval, Reading, addresses_of, merge


def reading(at: float, stored: float, counts: tuple[float, float, float]) -> Reading:
    half, one, all_ = counts
    return Reading(
        f"""\
# TYPE hyred_acknowledgements_total counter
hyred_acknowledgements_total{{outcome="stored"}} {stored}
hyred_acknowledgements_total{{outcome="refused"}} 7
# TYPE hyred_acknowledgement_seconds histogram
hyred_acknowledgement_seconds_bucket{{le="0.5"}} {half}
hyred_acknowledgement_seconds_bucket{{le="1.0"}} {one}
hyred_acknowledgement_seconds_bucket{{le="+Inf"}} {all_}
hyred_acknowledgement_seconds_sum 1
hyred_acknowledgement_seconds_count {all_}
# TYPE hyred_redis_state gauge
hyred_redis_state{{state="connected"}} 0
hyred_redis_state{{state="deaf"}} 1
""",
        at,
    )


def test_a_rate_is_what_a_counter_grew_each_second() -> None:
    interval = Interval(reading(10.0, 100, (0, 0, 0)), reading(12.0, 150, (0, 0, 0)))
    assert interval.rate("hyred_acknowledgements_total", outcome="stored") == 25
    assert interval.rate("hyred_acknowledgements_total", outcome="refused") == 0


def test_a_process_that_was_started_anew_has_no_negative_rate() -> None:
    interval = Interval(reading(10.0, 100, (0, 0, 0)), reading(12.0, 3, (0, 0, 0)))
    assert interval.rate("hyred_acknowledgements_total", outcome="stored") == 0


def test_a_quantile_is_of_the_interval_and_not_of_all_time() -> None:
    interval = Interval(reading(0, 0, (100, 100, 100)), reading(2, 0, (100, 110, 110)))
    assert interval.quantile("hyred_acknowledgement_seconds", 0.5) == 0.75
    assert Interval(interval.after, interval.after).quantile("hyred_acknowledgement_seconds", 0.5) is None


def test_what_is_beyond_all_bounds_counts_as_the_last_one() -> None:
    interval = Interval(reading(0, 0, (0, 0, 0)), reading(2, 0, (0, 0, 4)))
    assert interval.quantile("hyred_acknowledgement_seconds", 0.5) == 1.0


def test_a_state_is_the_one_that_is_set() -> None:
    assert reading(0, 0, (0, 0, 0)).label("hyred_redis_state", "state") == "deaf"
    assert reading(0, 0, (0, 0, 0)).label("hyred_nothing", "state") is None


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("127.0.0.1:9464", "http://127.0.0.1:9464/metrics"),
        ("http://127.0.0.1:9464", "http://127.0.0.1:9464/metrics"),
        ("https://127.0.0.1:9464/own", "https://127.0.0.1:9464/own"),
        ("[::1]:9464", "http://[::1]:9464/metrics"),
    ],
)
def test_a_target_is_an_address_or_a_url(target: str, url: str) -> None:
    assert addresses_of(target) == [url]


@pytest.mark.parametrize("target", ["127.0.0.1", "nobody.invalid:9464", "127.0.0.1:port", ""])
def test_what_is_no_target_is_said_to_be_none(target: str) -> None:
    with pytest.raises(ValueError, match=r"address|[Pp]ort"):
        addresses_of(target)


def test_a_process_that_two_targets_name_is_shown_once() -> None:
    assert merge(["127.0.0.1:9464", "http://127.0.0.1:9464/"]) == ["http://127.0.0.1:9464/metrics"]
