"""Metrics of HTTP: connections and requests."""

from collections.abc import Mapping

from hyred_chat.http.admission import Admission
from hyred_chat.http.forwarding import Forwarding
from hyred_chat.http.observed import ObservedRequests
from hyred_chat.metrics.registry import Metrics


def describe_connections(metrics: Metrics, admission: Admission) -> None:
    """Add those of the connections to the server."""
    metrics.gauge(
        "hyred_connections",
        "Open TCP connections, whatever they carry: WebSockets, polls and other requests.",
        lambda: admission.connection_count,
    )
    metrics.counter(
        "hyred_connections_refused_total",
        "TCP connections past a bound: of an address, or of all.",
        lambda: admission.refused,
    )


def describe_forwarding(metrics: Metrics, forwarding: Forwarding) -> None:
    """Add what is asked of other nodes, and by them."""
    metrics.gauge(
        "hyred_forwarded_connections",
        "Connections that are being passed on to other servers: polls, and WebSockets that were polls at first.",
        lambda: forwarding.current,
    )
    metrics.counter(
        "hyred_forwarded_requests_total",
        "Requests for sessions of other servers, by what became of them.",
        lambda: {str(outcome): count for outcome, count in forwarding.outcomes.items()},
        labels=["outcome"],
    )
    metrics.counter(
        "hyred_forwarded_requests_served_total",
        "Requests for sessions of this process that other servers have passed on.",
        lambda: forwarding.served,
    )


def describe_requests(metrics: Metrics, requests: ObservedRequests, refused: Mapping[str, int]) -> None:
    """Add those of the REST API. `refused` counts refusals by code."""
    metrics.counter(
        "hyred_http_responses_total",
        "Responses to HTTP requests, long-polling apart, by status.",
        lambda: {str(status): count for status, count in requests.answered.items()},
        labels=["status"],
    )
    metrics.counter(
        "hyred_http_refusals_total", "Requests that the REST API refused, by code.", lambda: refused, labels=["code"]
    )
    metrics.histogram(
        "hyred_http_request_seconds", "How long HTTP requests took, long-polling apart.", requests.seconds
    )
