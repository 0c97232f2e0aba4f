"""Metrics are read when somebody asks, and each name is given once."""

from collections import Counter

import pytest
from prometheus_client import generate_latest

from hyred_chat.histograms import Histogram
from hyred_chat.metrics.registry import Metrics


def test_values_are_those_of_the_moment_at_which_they_are_read() -> None:
    metrics = Metrics()
    refused: Counter[str] = Counter()
    lag = Histogram((1.0,))
    metrics.counter("hyred_refused_total", "By code.", lambda: refused, labels=["code"])
    metrics.counter("hyred_pairs_total", "By two.", lambda: {("a", "b"): 2.0}, labels=["one", "other"])
    metrics.gauge("hyred_rooms", "Rooms.", lambda: len(refused))
    metrics.histogram("hyred_lag_seconds", "Lag.", lag)
    metrics.histogram("hyred_push_seconds", "Pushes.", {"fcm": lag}, labels=["channel"])
    refused["conflict"] += 3
    lag.observe(0.5)
    text = generate_latest(metrics.registry).decode()
    assert 'hyred_refused_total{code="conflict"} 3.0' in text
    assert 'hyred_pairs_total{one="a",other="b"} 2.0' in text
    assert "hyred_rooms 1.0" in text
    assert 'hyred_lag_seconds_bucket{le="1.0"} 1.0' in text
    assert 'hyred_push_seconds_sum{channel="fcm"} 0.5' in text


def test_a_name_cannot_be_given_twice() -> None:
    metrics = Metrics()
    metrics.gauge("hyred_rooms", "Rooms.", lambda: 1)
    with pytest.raises(ValueError, match="hyred_rooms"):
        metrics.gauge("hyred_rooms", "Other rooms.", lambda: 2)
