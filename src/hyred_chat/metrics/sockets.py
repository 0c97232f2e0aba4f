"""Metrics of sockets."""

from hyred_chat.metrics.registry import Metrics
from hyred_chat.realtime.gateway import Gateway
from hyred_chat.realtime.hub import Hub
from hyred_chat.socketio import SocketServer


def describe_sockets(metrics: Metrics, server: SocketServer, hub: Hub, gateway: Gateway) -> None:
    """Add them."""
    engine = server.engine
    metrics.gauge("hyred_sockets", "Open sockets, by transport.", engine.count_by_transport, labels=["transport"])
    metrics.counter(
        "hyred_sockets_opened_total",
        "Sockets that were opened, by the transport that they began with.",
        lambda: engine.opened,
        labels=["transport"],
    )
    metrics.counter(
        "hyred_sockets_closed_total",
        "Sockets that were closed, by reason. `too slow to read` are slow clients.",
        lambda: engine.ended,
        labels=["reason"],
    )
    metrics.counter(
        "hyred_handshakes_refused_total",
        "Handshakes that were told to come back later, because too many came at once.",
        lambda: engine.pace.refused,
    )
    metrics.gauge("hyred_users_connected", "Users with a socket on this process.", lambda: hub.user_count)
    metrics.counter(
        "hyred_event_refusals_total",
        "Socket events that were refused, sends included, by code.",
        lambda: gateway.refused,
        labels=["code"],
    )
