"""Rooms, who is in them, and who has blocked whom."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    text,
)

from hyred_chat.db.schema.base import Id, Moment, metadata

chat_rooms = Table(
    "chat_rooms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("type", Text, CheckConstraint("type IN ('direct', 'support', 'group')", name="type"), nullable=False),
    Column(
        "status",
        Text,
        CheckConstraint("status IN ('active', 'archived', 'blocked')", name="status"),
        nullable=False,
        server_default="active",
    ),
    Column("title", Text),
    Column("avatar_url", Text),
    # A file of the room that is its picture while it is not removed, and where there is no address besides.
    Column("avatar_file_id", Id),
    # `type:user:user` with the two ids sorted: one room for a pair, however many ask at once.
    Column("direct_key", Id, unique=True),
    Column("last_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("last_message_at", Moment),
    Column("created_at", Moment, nullable=False, server_default=func.now()),
    # Until this moment every member, besides the one named, has a notification that will be looked at: a message that
    # comes before it has nothing to write down. docs/decisions/0011-notifications.md says why that is exact.
    Column("covered_until", Moment),
    Column("covered_besides", Id),
    # The person who opened it; null when that was the host.
    Column("created_by", Id),
    # Of a room of two: they are kept apart. One has blocked the other, or the host this room or another one of theirs.
    Column("is_barred", Boolean, nullable=False, server_default=text("false")),
    # The number of the newest change of a message, and when it was made. docs/decisions/0024-changes.md
    Column("last_change", BigInteger, nullable=False, server_default=text("0")),
    Column("last_changed_at", Moment),
    Index(
        "chat_rooms_created_by_idx",
        "created_by",
        "created_at",
        postgresql_where=text("created_by IS NOT NULL"),
    ),
    # Every message updates its room, so there is room on the page for the next version (heap-only tuples).
    postgresql_with={"fillfactor": "50"},
)

chat_members = Table(
    "chat_members",
    metadata,
    Column("room_id", Id, ForeignKey("chat_rooms.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("role", Text, nullable=False, server_default="member"),
    Column("joined_at", Moment, nullable=False, server_default=func.now()),
    Column("last_read_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("last_delivered_seq", BigInteger, nullable=False, server_default=text("0")),
    # When the member read last, from behind the one position up to the other. Writing moves the position without it.
    Column("read_from_seq", BigInteger),
    Column("read_until_seq", BigInteger),
    Column("read_at", Moment),
    Column("muted_until", Moment),
    Column("has_written", Boolean, nullable=False, server_default=text("false")),
    # Somebody else opened the room for the two: it is not listed before there is a message in it.
    Column("is_hidden", Boolean, nullable=False, server_default=text("false")),
    # What others see of the positions while the two are kept apart; null: the positions.
    Column("shown_read_seq", BigInteger),
    Column("shown_delivered_seq", BigInteger),
    # The newest message when the member archived the room for themselves (db/archive.py), and their read position when
    # they marked it as unread: it is while they read no further. Neither is written by a message.
    Column("archived_seq", BigInteger),
    Column("marked_unread_seq", BigInteger),
    # What the member has begun to write, and when they wrote it or a message ended it. Not there: nothing.
    Column("draft", Text),
    Column("draft_reply_to", Id),
    Column("draft_at", Moment),
    PrimaryKeyConstraint("room_id", "user_id"),
    # Both columns here too: of somebody in a thousand rooms, one row is found as quickly as of somebody in one.
    Index(None, "user_id", "room_id"),
    postgresql_with={"fillfactor": "50"},
)

# Whom people have blocked. What it does to their rooms is `chat_rooms.is_barred` (rooms/apart.py).
user_blocks = Table(
    "user_blocks",
    metadata,
    Column("blocker_id", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("blocked_id", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Moment, nullable=False, server_default=func.clock_timestamp()),
    PrimaryKeyConstraint("blocker_id", "blocked_id"),
    Index(None, "blocked_id", "blocker_id"),
)
