"""The arithmetic of the tables: percentiles, medians and ratios."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, comb
from statistics import median

UNSURE = 0.05


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


@dataclass(frozen=True, slots=True)
class PairedRatio:
    """How much larger one thing is than another, of pairs that were measured right after one another.

    Attributes:
        median: of the ratios.
        low: from here to `high` lies the true median, 95 times of 100, whatever the ratios are spread like. Of fewer
            than six pairs: the least and the greatest ratio.
    """

    median: float
    low: float
    high: float


def paired_ratio(values: Sequence[float], bases: Sequence[float]) -> PairedRatio:
    """Of each value to the base in the same place. Raises ValueError when there are none, or not as many."""
    ratios = sorted(value / base for value, base in zip(values, bases, strict=True))
    if not ratios:
        raise ValueError("no pairs to compare")
    count = len(ratios)
    # How many may be left out at either end: each ratio lies below the true median by the toss of a coin.
    left_out, chance = 0, 1 / 2**count
    while chance <= UNSURE / 2:
        left_out += 1
        chance += comb(count, left_out) / 2**count
    at = max(0, left_out - 1)
    return PairedRatio(median(ratios), ratios[at], ratios[count - 1 - at])
