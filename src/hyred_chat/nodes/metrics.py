"""Metrics of keeping up with other processes."""

import time

from hyred_chat.metrics.registry import Metrics
from hyred_chat.nodes.events import NodeEvents
from hyred_chat.realtime.nodes import Nodes
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


def describe_broker(metrics: Metrics, nodes: Nodes) -> None:
    """Add what passes through the broker, where there is one."""
    broker = nodes.broker
    counters = broker.counters
    metrics.gauge(
        "hyred_redis_state",
        "1 for the state that the connections to Redis are in, 0 for the others.",
        lambda: {state.value: float(broker.state is state) for state in type(broker.state)},
        labels=["state"],
    )
    metrics.counter(
        "hyred_redis_frames_total",
        "Frames between processes: published, received, dropped because they could not be published in time, refused.",
        lambda: {
            "published": counters.published,
            "received": counters.received,
            "dropped": counters.dropped,
            "refused": counters.refused,
        },
        labels=["outcome"],
    )
    metrics.gauge("hyred_redis_frames_waiting", "Frames that wait to be published.", lambda: broker.waiting_frames)
    metrics.gauge("hyred_redis_waiting_bytes", "The size of these.", lambda: broker.waiting_bytes)
    metrics.counter("hyred_redis_reconnects_total", "Attempts to connect again.", lambda: counters.reconnects)
    metrics.counter(
        "hyred_redis_deaf_seconds_total",
        "Time for which frames may have been missed.",
        lambda: counters.deaf_seconds,
    )
    metrics.histogram(
        "hyred_crossing_seconds",
        "Time from storing a message at another process to taking it at this one, by the clocks of both.",
        nodes.crossing_seconds,
    )
