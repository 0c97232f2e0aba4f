"""Whether Prometheus can read the metrics and nobody else does, and whether traces arrive."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address

import httpx

from hyred_chat.config import ConfigurationError, Settings
from hyred_chat.config.values import origin_of
from hyred_chat.doctor.findings import Finding, ok, problem, warning
from hyred_chat.healthcheck import nearest_address
from hyred_chat.listening import check_metrics_address
from hyred_chat.tracing import find_obstacle, is_wanted, traces_url

TIMEOUT_SECONDS = 2.0


def check_metrics(settings: Settings) -> Iterator[Finding]:
    """The address of the metrics is free, or ours; and it is not open to everybody. Nothing where there is none."""
    if settings.metrics_address is None:
        return
    host, port = settings.metrics_address
    if _is_served_by_us(host, port):
        yield ok("metrics", f"Hyred Chat answers on {host}:{port}.")
    else:
        try:
            check_metrics_address(settings)
        except ConfigurationError as error:
            yield problem("metrics", str(error))
            return
        yield ok("metrics", f"{host}:{port} is free.")
    if _is_open(host):
        yield warning(
            "metrics",
            f"HYRED_METRICS_ADDRESS={host}:{port} may be read from other networks, and asks for no password. Name an "
            "address of your own network, or see to it that only Prometheus reaches the port.",
        )


def check_traces(environment: Mapping[str, str]) -> Iterator[Finding]:
    """What OpenTelemetry's variables ask for can be done, and its collector answers. Nothing where they ask for none.

    Args:
        environment: all variables.
    """
    if not is_wanted(environment):
        return
    if (obstacle := find_obstacle(environment)) is not None:
        yield problem("traces", f"There are none: {obstacle}.")
        return
    url = traces_url(environment)
    origin = str(httpx.URL(url).copy_with(username=None, password=None, path="/", query=None))
    try:
        httpx.post(url, headers={"Content-Type": "application/x-protobuf"}, timeout=TIMEOUT_SECONDS)  # no spans at all
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        yield problem(
            "traces", f"The collector at {origin} does not answer ({error}). Check OTEL_EXPORTER_OTLP_ENDPOINT."
        )
    else:
        yield ok("traces", f"The collector at {origin} answers.")


def _is_served_by_us(host: str, port: int) -> bool:
    url = f"{origin_of('http', nearest_address(host), port)}/metrics"
    try:
        return "hyred_" in httpx.get(url, timeout=TIMEOUT_SECONDS, trust_env=False).text
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


def _is_open(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_unspecified or address.is_global
