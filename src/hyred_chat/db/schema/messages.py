"""Messages, and what happens to them."""

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hyred_chat.db.schema.base import Id, Moment, after_create, metadata
from hyred_chat.db.unread import IS_UNCOUNTED

# No foreign keys here: the one statement that inserts joins on `chat_rooms` and `chat_members`, and two triggers a
# row would be the dearest part of it.
messages = Table(
    "messages",
    metadata,
    Column("room_id", Id, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("id", Id, nullable=False),
    Column("sender_id", Id, nullable=False),
    Column("client_message_id", Text(collation="C")),
    Column("content", Text, nullable=False),
    Column(
        "type",
        Text,
        CheckConstraint("type IN ('text', 'image', 'file', 'system')", name="type"),
        nullable=False,
        server_default="text",
    ),
    # Not jsonb, which writes 1e308 out in 309 digits: what comes back is what was bounded when it came in.
    Column("metadata", JSON),
    Column("created_at", Moment, nullable=False),
    # What has happened to it since, all null in most messages. Who writes these holds the lock of the room, and gives
    # the message the room's next change. docs/decisions/0024-changes.md
    Column("change", BigInteger),
    Column("edited_at", Moment),
    # What it said is not here any more then, but in `deleted_messages`.
    Column("deleted_at", Moment),
    Column("deleted_by", Id),
    # The seq of the message that it answers, in the same room.
    Column("reply_to", BigInteger),
    Column("mentions", ARRAY(Text(collation="C"))),
    Column("pinned_at", Moment),
    # [[emoji, count, [user id, … the first 20]], …], computed from `message_reactions` by every change of them.
    Column("reactions", JSON),
    # The files that it was sent with, as `files/attachments.py` writes them.
    Column("attachments", JSON),
    # Of an edited message: the SHA-256 of the content that it was sent with, by which a repeat is known.
    Column("sent_digest", LargeBinary),
    PrimaryKeyConstraint("room_id", "seq"),
    UniqueConstraint("id"),
    # Partial, so that a plain message is in none of them.
    Index("messages_change_idx", "room_id", "change", postgresql_where=text("change IS NOT NULL")),
    Index("messages_uncounted_idx", "room_id", "seq", postgresql_where=text(IS_UNCOUNTED)),
    Index("messages_pinned_idx", "room_id", "seq", postgresql_where=text("pinned_at IS NOT NULL")),
    Index("messages_mentions_idx", "room_id", "seq", postgresql_where=text("mentions IS NOT NULL")),
    Index(
        "messages_sender_id_client_message_id_key",
        "sender_id",
        "client_message_id",
        unique=True,
        postgresql_where=text("client_message_id IS NOT NULL"),
    ),
)

message_reactions = Table(
    "message_reactions",
    metadata,
    Column("room_id", Id, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("user_id", Id, nullable=False),
    Column("emoji", Text(collation="C"), nullable=False),
    # The change that set it: the order in which people reacted.
    Column("change", BigInteger, nullable=False),
    PrimaryKeyConstraint("room_id", "seq", "user_id", "emoji"),
)

# What messages said before they were edited.
message_versions = Table(
    "message_versions",
    metadata,
    Column("room_id", Id, nullable=False),
    Column("seq", BigInteger, nullable=False),
    # The change by which it was replaced.
    Column("change", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
    # Since when it said that.
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("room_id", "seq", "change"),
)

# What deleted messages said, for moderators, for HYRED_DELETED_DAYS.
deleted_messages = Table(
    "deleted_messages",
    metadata,
    Column("message_id", Id, primary_key=True),
    Column("room_id", Id, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("sender_id", Id, nullable=False),
    Column("content", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("metadata", JSON),
    # [{content, createdAt}], oldest first.
    Column("versions", JSON, nullable=False),
    # How its files were described: names, kinds, sizes.
    Column("attachments", JSON),
    Column("created_at", Moment, nullable=False),
    Column("deleted_at", Moment, nullable=False),
    Column("deleted_by", Id, nullable=False),
    Index("deleted_messages_deleted_at_idx", "deleted_at"),
)

# Messages that first-design clients sent without a `clientMessageId`, for some minutes: what their second copies are
# known by, at whichever node and however often servers were restarted. docs/decisions/0023-second-copies.md says how.
legacy_sends = Table(
    "legacy_sends",
    metadata,
    Column("message_id", Id, primary_key=True),
    Column("room_id", Id, nullable=False),
    Column("sender_id", Id, nullable=False),
    # Of type and content (messages/backups.py).
    Column("digest", LargeBinary, nullable=False),
    Column("door", Text, CheckConstraint("door IN ('socket', 'rest')", name="door"), nullable=False),
    # Of the first byte, by the clock of the database.
    Column("arrived_at", Moment, nullable=False),
    # The send that turned out to be its copy. Each message has one.
    Column("copy_id", Id),
    Index("legacy_sends_digest_idx", "room_id", "sender_id", "digest"),
    Index("legacy_sends_arrived_at_idx", "arrived_at"),
)

# A message that is to be stored: statements take an array of these.
SENT_MESSAGE = """
    CREATE TYPE sent_message AS (
        room_id text COLLATE "C", id text COLLATE "C", sender_id text COLLATE "C",
        client_message_id text COLLATE "C", content text, type text, metadata text
    )
"""
after_create(SENT_MESSAGE)
