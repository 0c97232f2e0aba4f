"""The arithmetic of the tables: percentiles, medians and ratios."""

from collections.abc import Iterable, Sequence
from math import ceil
from statistics import median


def percentile(values: Iterable[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest value that at least `percent` % of the values do not exceed.

    Nothing is interpolated, so that the answer is always a value that was really measured.

    Raises:
        ValueError: there are no values, or `percent` is not in (0, 100].
    """
    if not 0 < percent <= 100:  # noqa: PLR2004 - per cent
        raise ValueError(f"a percentile is over 0 and at most 100, not {percent}")
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values to take a percentile of")
    return ordered[ceil(len(ordered) * percent / 100) - 1]


def medians(rounds: Sequence[Sequence[float]]) -> list[float]:
    """The median of each column, where every row is one round. Raises ValueError when rows differ in length."""
    return [median(column) for column in zip(*rounds, strict=True)]


def ratio(value: float | None, base: float | None) -> float | None:
    """`value / base`, or None when either was not measured or the base is nothing."""
    return value / base if value is not None and base else None
