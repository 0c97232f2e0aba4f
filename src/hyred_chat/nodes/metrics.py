"""Metrics of keeping up with other processes."""

import time

from hyred_chat.metrics.registry import Metrics
from hyred_chat.nodes.events import NodeEvents
from hyred_chat.rooms.sweep import Sweep


def describe_nodes(metrics: Metrics, sweep: Sweep, events: NodeEvents) -> None:
    """Add them."""
    metrics.histogram(
        "hyred_sweep_seconds", "Time to compare the rooms of everybody connected here, pauses included.", sweep.seconds
    )
    metrics.counter("hyred_sweep_rooms_total", "Rooms in memory that were compared.", lambda: sweep.compared)
    metrics.counter(
        "hyred_sweep_found_total", "Rooms of which the database knew more than this process.", lambda: sweep.found
    )
    metrics.counter(
        "hyred_node_events_total",
        "Changes of people and rooms that were applied, of this process and of others, by kind.",
        lambda: {str(kind): count for kind, count in events.applied.items()},
        labels=["kind"],
    )
    metrics.counter(
        "hyred_revalidations_total",
        "Times that changes may have been missed, and everything in memory was compared, at start included.",
        lambda: events.revalidations,
    )
    metrics.gauge(
        "hyred_node_events_age_seconds",
        "Time since this process looked for changes.",
        lambda: time.monotonic() - events.polled_at,
    )
