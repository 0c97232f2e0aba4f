"""The metrics of one process, by name."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from hyred_chat.histograms import Histogram

# One value, or one for each value of the label, or of both labels in their order.
Values: TypeAlias = float | Mapping[str, float] | Mapping[tuple[str, str], float]
Histograms: TypeAlias = Histogram | Mapping[str, Histogram]


class Metrics:
    """Metrics that are read when they are asked for.

    Names follow Prometheus' conventions: `hyred_` in front, the unit behind (`_seconds`, `_bytes`), `_total` behind
    counters. A name can be given once.

    Attributes:
        registry: what prometheus_client exposes.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()

    def counter(self, name: str, description: str, read: Callable[[], Values], *, labels: Iterable[str] = ()) -> None:
        """Add something that only grows. `name` ends in `_total`."""
        self._add(lambda: CounterMetricFamily(name, description, labels=tuple(labels)), read)

    def gauge(self, name: str, description: str, read: Callable[[], Values], *, labels: Iterable[str] = ()) -> None:
        """Add something that goes up and down."""
        self._add(lambda: GaugeMetricFamily(name, description, labels=tuple(labels)), read)

    def histogram(self, name: str, description: str, histograms: Histograms, *, labels: Iterable[str] = ()) -> None:
        """Add a histogram, or one for each value of a label."""

        def describe() -> HistogramMetricFamily:
            return HistogramMetricFamily(name, description, labels=tuple(labels))

        def fill(family: HistogramMetricFamily) -> None:
            by_label = {(): histograms} if isinstance(histograms, Histogram) else histograms
            for label, histogram in by_label.items():
                family.add_metric(_as_labels(label), histogram.buckets(), histogram.total)

        self.registry.register(_Reading(describe, fill))

    def _add(
        self,
        describe: Callable[[], CounterMetricFamily] | Callable[[], GaugeMetricFamily],
        read: Callable[[], Values],
    ) -> None:
        def fill(family: CounterMetricFamily | GaugeMetricFamily) -> None:
            values = read()
            by_label = values if isinstance(values, Mapping) else {(): values}
            for label, value in by_label.items():
                family.add_metric(_as_labels(label), value)

        self.registry.register(_Reading(describe, fill))


class _Reading(Collector):
    """One metric: its description, and how it is filled when somebody asks."""

    def __init__(self, describe: Callable[[], Metric], fill: Callable[..., None]) -> None:
        self._describe = describe
        self._fill = fill

    def describe(self) -> Iterable[Metric]:
        return [self._describe()]

    def collect(self) -> Iterable[Metric]:
        family = self._describe()
        self._fill(family)
        return [family]


def _as_labels(label: str | tuple[str, ...]) -> tuple[str, ...]:
    return (label,) if isinstance(label, str) else label
