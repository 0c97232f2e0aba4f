"""Metrics of the connections to the database."""

from hyred_chat.db.pool import Database
from hyred_chat.metrics.registry import Metrics


def describe_database(metrics: Metrics, database: Database) -> None:
    """Add them. They are of the shared pool; each lane and the listener have a connection of their own beside it."""
    metrics.gauge(
        "hyred_database_connections",
        "Open connections of the pool, by state.",
        lambda: {"used": database.pool.used_count, "idle": database.pool.idle_count},
        labels=["state"],
    )
    metrics.gauge("hyred_database_connections_max", "The size of the pool.", lambda: database.pool.size)
    metrics.gauge("hyred_database_waiting", "Callers that wait for a connection.", lambda: database.pool.waiting)
    metrics.counter("hyred_database_connects_total", "Connections that the pool opened.", lambda: database.pool.opened)
    metrics.counter(
        "hyred_database_expirations_total",
        "How often the pool gave up all connections, because one had become stale (a failover, a restart).",
        lambda: database.pool.expired,
    )
    metrics.counter(
        "hyred_database_unavailable_total",
        "Requests for a pooled connection or statements on one that failed because the database was not available.",
        lambda: database.unavailable,
    )
