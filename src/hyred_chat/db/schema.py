"""The tables, described once. Migrations build the same ones, and a test compares the two.

Everything that a message needs is keyed by room, so that the tables can one day be distributed by `room_id`. Ids are
text: the host's own for users (whatever they look like), `ids.new_id` for what is made here. They are compared byte by
byte (collation "C"), which is what keeps their indexes small and quick.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)

Id = Text(collation="C")
Moment = DateTime(timezone=True)

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", Text, nullable=False),
    Column("role", Text, CheckConstraint("role IN ('va', 'company', 'admin')", name="role"), nullable=False),
    Column("disabled_at", Moment),
    Column("last_seen_at", Moment),
    Column("created_at", Moment, nullable=False, server_default=func.now()),
    Index("users_email_key", func.lower(text("email")), unique=True),
)

va_profiles = Table(
    "va_profiles",
    metadata,
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("avatar_url", Text),
)

companies = Table(
    "companies",
    metadata,
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("logo_url", Text),
)

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
    # `type:user:user` with the two ids sorted: one room for a pair, however many ask at once.
    Column("direct_key", Id, unique=True),
    Column("last_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("last_message_at", Moment),
    Column("created_at", Moment, nullable=False, server_default=func.now()),
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
    Column("muted_until", Moment),
    PrimaryKeyConstraint("room_id", "user_id"),
    # Both columns here too: of somebody in a thousand rooms, one row is found as quickly as of somebody in one.
    Index(None, "user_id", "room_id"),
    postgresql_with={"fillfactor": "50"},
)

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
    PrimaryKeyConstraint("room_id", "seq"),
    UniqueConstraint("id"),
    Index(
        "messages_sender_id_client_message_id_key",
        "sender_id",
        "client_message_id",
        unique=True,
        postgresql_where=text("client_message_id IS NOT NULL"),
    ),
)
