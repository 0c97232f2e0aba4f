"""What one process says about itself at `/metrics`, and what two readings say about the time between them."""

import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from prometheus_client.parser import text_string_to_metric_families

# A process that has not answered by then is shown as one that does not.
ANSWER_SECONDS = 2.0
PATH = "/metrics"


class Reading:
    """The metrics of a process at one moment.

    Attributes:
        at: when, by `time.monotonic`.
    """

    def __init__(self, text: str, at: float) -> None:
        self.at = at
        self._samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]

    def sum(self, name: str, **labels: str) -> float:
        """The sum of all samples of this name that have these labels. 0: there are none."""
        return sum(
            sample.value for sample in self._samples if sample.name == name and labels.items() <= sample.labels.items()
        )

    def buckets(self, name: str) -> dict[float, float]:
        """A histogram: how many observations were at most as large as each bound."""
        counts: dict[float, float] = {}
        for sample in self._samples:
            if sample.name == f"{name}_bucket":
                bound = float(sample.labels["le"])
                counts[bound] = counts.get(bound, 0.0) + sample.value
        return counts

    def label(self, name: str, label: str) -> str | None:
        """The value of a label of the sample that is 1."""
        found = (sample.labels[label] for sample in self._samples if sample.name == name and sample.value == 1)
        return next(found, None)


@dataclass(frozen=True, slots=True)
class Interval:
    """The time between two readings of a process."""

    before: Reading
    after: Reading

    def rate(self, name: str, **labels: str) -> float:
        """How much a counter grew each second."""
        seconds = self.after.at - self.before.at
        grown = self.after.sum(name, **labels) - self.before.sum(name, **labels)
        return max(0.0, grown) / seconds if seconds > 0 else 0.0

    def quantile(self, name: str, share: float) -> float | None:
        """A bound that this share of the interval's observations of a histogram did not exceed. None: there were none.

        Within a bucket, observations are taken to be spread evenly, as Prometheus' `histogram_quantile` does.
        """
        before = self.before.buckets(name)
        counts = {bound: count - before.get(bound, 0.0) for bound, count in sorted(self.after.buckets(name).items())}
        total = max(counts.values(), default=0.0)
        if total <= 0:
            return None
        wanted, low, seen = share * total, 0.0, 0.0
        for bound, count in counts.items():
            if count >= wanted:
                if bound == float("inf"):
                    return low
                return low + (bound - low) * (wanted - seen) / (count - seen)
            low, seen = bound, count
        return low


def addresses_of(target: str) -> list[str]:
    """The addresses of `/metrics` that a target stands for: a name that has several addresses is all of them.

    Args:
        target: `host:port`, or a URL.

    Raises:
        ValueError: it is none, or its name has no address.
    """
    parts = urlsplit(target if "//" in target else f"http://{target}")
    try:
        if parts.hostname is None or parts.port is None:
            raise ValueError(f"{target} is no address: write host:port, such as 127.0.0.1:9464.")
        found = socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ValueError(f"{parts.hostname} has no address: {error.strerror or error}.") from None
    hosts = dict.fromkeys(str(address[0]) for *_, address in found)
    path = parts.path if parts.path not in {"", "/"} else PATH
    return [f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{parts.port}{path}" for host in hosts]


async def read(client: httpx.AsyncClient, url: str) -> Reading | None:
    """The metrics at an address; None when they cannot be had."""
    try:
        answer = await client.get(url)
        answer.raise_for_status()
        return Reading(answer.text, time.monotonic())
    except (httpx.HTTPError, ValueError):
        return None


def merge(targets: Iterable[str]) -> list[str]:
    """The addresses of all targets, each once. Raises as `addresses_of` does."""
    return list(dict.fromkeys(address for target in targets for address in addresses_of(target)))
