"""Reading a server's metrics, as Prometheus does."""

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
    async with httpx.AsyncClient() as client:
        answer = await client.get(metrics_url(server))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return Reading(answer.text)
