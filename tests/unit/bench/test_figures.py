"""The arithmetic of the bench's tables."""

import pytest

from bench.figures import medians, paired_ratio, percentile, ratio


def test_the_50th_percentile_of_an_odd_number_of_values_is_the_middle_one() -> None:
    assert percentile([30.0, 10.0, 20.0], 50) == 20.0


def test_a_percentile_is_a_value_that_was_measured_and_never_between_two() -> None:
    assert percentile([1.0, 2.0], 50) == 1.0
    assert percentile([1.0, 2.0], 51) == 2.0


def test_the_99th_percentile_of_a_hundred_values_leaves_out_only_the_largest() -> None:
    assert percentile(range(1, 101), 99) == 99


def test_the_100th_percentile_is_the_largest_value() -> None:
    assert percentile([5.0, 9.0, 7.0], 100) == 9.0


@pytest.mark.parametrize("percent", [0, -1, 100.5])
def test_a_percentile_out_of_range_is_refused(percent: float) -> None:
    with pytest.raises(ValueError, match="over 0 and at most 100"):
        percentile([1.0], percent)


def test_a_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_medians_are_taken_for_each_column_by_itself() -> None:
    assert medians([[1.0, 30.0], [2.0, 10.0], [3.0, 20.0]]) == [2.0, 20.0]


def test_rounds_with_different_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        medians([[1.0, 2.0], [1.0]])


def test_a_ratio_to_something_that_was_not_measured_is_none() -> None:
    assert ratio(3.0, 2.0) == 1.5
    assert ratio(None, 2.0) is None
    assert ratio(3.0, None) is None
    assert ratio(3.0, 0.0) is None


def test_the_ratio_of_pairs_is_the_median_of_each_pair_s_own() -> None:
    found = paired_ratio([2.0, 40.0, 1.0], [1.0, 10.0, 1.0])
    assert (found.median, found.low, found.high) == (2.0, 1.0, 4.0)


def test_of_twenty_ratios_five_at_either_end_say_nothing_of_the_median() -> None:
    found = paired_ratio(range(1, 21), [1.0] * 20)
    assert (found.median, found.low, found.high) == (10.5, 6.0, 15.0)


def test_no_pairs_and_half_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="no pairs"):
        paired_ratio([], [])
    with pytest.raises(ValueError, match="zip"):
        paired_ratio([1.0], [1.0, 2.0])
