"""Observations fall into buckets, bounds included."""

from hyred_chat.histograms import Histogram


def test_an_observation_counts_in_every_bucket_whose_bound_it_does_not_exceed() -> None:
    histogram = Histogram((1.0, 2.5))
    for value in (0.0, 1.0, 1.1, 2.5, 99.0):
        histogram.observe(value)
    assert histogram.buckets() == [("1.0", 2.0), ("2.5", 4.0), ("+Inf", 5.0)]
    assert histogram.count == 5
    assert histogram.total == 103.6
