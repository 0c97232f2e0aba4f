"""The tables, described once. Migrations build the same ones, and a test compares the two.

Everything that a message needs is keyed by room, so that the tables can one day be distributed by `room_id`. Ids are
text: the host's own for users (whatever they look like), `ids.new_id` for what is made here. They are compared byte by
byte (collation "C"), which is what keeps their indexes small and quick.
"""

from hyred_chat.db.schema import files, messages, moderation, nodes, notifications, people, rooms, search
from hyred_chat.db.schema.base import metadata

__all__ = ["files", "messages", "metadata", "moderation", "nodes", "notifications", "people", "rooms", "search"]
