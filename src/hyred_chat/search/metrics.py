"""Metrics of the search for messages, and of its index."""

from hyred_chat.metrics.registry import Metrics
from hyred_chat.search.indexer import Indexer
from hyred_chat.search.service import Search


def describe_search(metrics: Metrics, search: Search, indexer: Indexer) -> None:
    """Add them."""
    metrics.histogram("hyred_search_seconds", "Time for each search for messages.", search.seconds)
    metrics.counter(
        "hyred_searches_refused_total",
        "Searches for messages refused because two of the same person were under way.",
        lambda: search.refused,
    )
    metrics.counter(
        "hyred_search_indexed_total",
        "Messages indexed by this process, new ones and changed ones.",
        lambda: {"new": indexer.indexed, "changed": indexer.changed},
        labels=["kind"],
    )
    metrics.histogram(
        "hyred_search_lag_seconds",
        "Time from the storing of a message by this process until it can be found, for each room of a batch.",
        indexer.lag_seconds,
    )
    metrics.gauge(
        "hyred_search_longest_wait_seconds",
        "For how long the room has waited that has waited longest for the index, of what this process stored.",
        lambda: indexer.longest_wait_seconds,
    )
    metrics.gauge(
        "hyred_search_share",
        "The part of the time that the index may take now. It falls while the event loop is busy with many messages.",
        lambda: indexer.share,
    )
    metrics.gauge(
        "hyred_search_rooms_waiting",
        "Rooms with messages that cannot be found yet: stored by this process, or found by the last sweep.",
        lambda: {"stored": indexer.waiting_count, "swept": indexer.behind},
        labels=["found_by"],
    )
