"""Reading a server's metrics, as Prometheus does."""

import asyncio
import time

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.server import Server


class Reading:
    """What `/metrics` said at one moment.

    Attributes:
        names: of all metrics, as their descriptions give them.
        types: the type of each.
    """

    def __init__(self, text: str) -> None:
        described = [line.split() for line in text.splitlines() if line.startswith("# TYPE ")]
        self.types = {name: kind for _, _, name, kind in described}
        self.names = set(self.types)
        self._samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]

    def value(self, name: str, **labels: str) -> float:
        """The sum of all samples of this name that have these labels. 0: there is none."""
        return sum(
            sample.value for sample in self._samples if sample.name == name and labels.items() <= sample.labels.items()
        )


def metrics_url(server: Server) -> str:
    """Where a server says that its metrics are."""
    return next(line.split()[-1] for line in server.log if "Metrics are at" in line)


async def read_metrics(server: Server) -> Reading:
    """The metrics now."""
    return await read_metrics_of(metrics_url(server), patience_seconds=0)


async def read_metrics_of(url: str, *, patience_seconds: float) -> Reading:
    """The metrics at this address, as soon as there are some."""
    deadline = time.monotonic() + patience_seconds
    async with httpx.AsyncClient() as client:
        while True:
            try:
                answer = await client.get(url)
                break
            except httpx.TransportError:
                if time.monotonic() >= deadline:
                    raise
                await asyncio.sleep(0.05)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return Reading(answer.text)
