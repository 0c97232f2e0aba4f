"""What processes tell one another through PostgreSQL: one way to write it down, and one to ask for it.

Whoever changes somebody, or anything of a room but its messages and positions, leaves a row in `node_events`, in the
same transaction. Triggers do it for people and members, whoever changes them. The columns of rooms have none: a trigger
costs every message that updates its room some microseconds, whether it fires or not. There the statement does it.
"""

from typing import Literal, TypeAlias

# user: renamed, disabled, another address. room: its members or looks. pair: a room's two people are kept apart, or no
# more.
Kind: TypeAlias = Literal["user", "room", "pair"]


def note(kind: Kind, source: str, column: str = "id") -> str:
    """SQL that writes events about the ids in a column of `source`, a common table expression."""
    return f"INSERT INTO node_events (kind, subject) SELECT DISTINCT '{kind}', {column} FROM {source}"


def has_changed(room_id: str, horizon: str) -> str:
    """SQL that is true for a room that changed in a transaction that is not older than `horizon`."""
    return f"EXISTS (SELECT FROM node_events event WHERE event.subject = {room_id} AND event.xact >= {horizon})"
