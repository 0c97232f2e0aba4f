"""All SQL about what processes tell one another."""

from datetime import datetime
from typing import NamedTuple

from hyred_chat.db.command_tags import count_of
from hyred_chat.db.node_events import Kind
from hyred_chat.db.pool import Connection

# Whatever is not visible yet is of a transaction that is in progress now, or begins later: it is not older than the
# horizon, the oldest one in progress.
LIST_EVENTS = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon, clock_timestamp() AS at,
           event.id, event.kind, event.subject, event.xact
    FROM (SELECT 1) AS once LEFT JOIN LATERAL (
        SELECT id, kind, subject, xact FROM node_events WHERE xact >= $1 ORDER BY id LIMIT $2
    ) AS event ON true
"""

# now() and not clock_timestamp(), with which all of the index would be read.
DELETE_OLD = """
    WITH old AS MATERIALIZED (
        SELECT id FROM node_events WHERE at < now() - $1 * interval '1 second'
        ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    DELETE FROM node_events USING old WHERE node_events.id = old.id
"""


class StoredEvent(NamedTuple):
    """A row of `node_events`."""

    id: int
    kind: Kind
    subject: str
    xact: int


class Look(NamedTuple):
    """What a look at the table found.

    Attributes:
        horizon: what is not visible yet is of this transaction or a younger one.
        at: when, by the database's clock.
    """

    horizon: int
    at: datetime
    events: list[StoredEvent]


async def list_events(connection: Connection, *, since: int, limit: int) -> Look:
    """Events of transactions that are not older than `since`, as they were written; one statement."""
    rows = await connection.fetch(LIST_EVENTS, since, limit)
    events = [StoredEvent(row["id"], row["kind"], row["subject"], row["xact"]) for row in rows if row["id"] is not None]
    return Look(rows[0]["horizon"], rows[0]["at"], events)


async def delete_old_events(connection: Connection, *, keep_seconds: float, limit: int) -> bool:
    """Delete some of the events that are older; whether there may be more. One statement."""
    result: str = await connection.execute(DELETE_OLD, keep_seconds, limit)
    return count_of(result) == limit
