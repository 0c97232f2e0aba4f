"""What people are told, and on which devices."""

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    func,
    text,
)

from hyred_chat.db.schema.base import Id, Moment, metadata

device_tokens = Table(
    "device_tokens",
    metadata,
    Column("id", Id, primary_key=True),
    # One row a token, and so one person: whoever registers it last.
    Column("token", Id, nullable=False, unique=True),
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("platform", Text, CheckConstraint("platform IN ('android', 'ios', 'web')", name="platform"), nullable=False),
    # A browser's subscription to Web Push has keys, and its token is the address that pushes go to.
    Column("p256dh", Text),
    Column("auth", Text),
    Column("app_version", Text),
    Column("locale", Text),
    Column("time_zone", Text),
    Column("seen_at", Moment, nullable=False, server_default=func.now()),
    Index(None, "user_id"),
)

notification_preferences = Table(
    "notification_preferences",
    metadata,
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    # {type: {push, inApp}}; what is not there is on.
    Column("types", JSON, nullable=False),
    # HH:MM in the person's own time zone; both or neither.
    Column("quiet_from", Text),
    Column("quiet_until", Text),
    Column("time_zone", Text),
    Column("preview", Boolean, nullable=False, server_default=text("true")),
)

# What the host asked to tell people, once for however many.
notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("type", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("send_at", Moment, nullable=False),
    Column("idempotency_key", Id, unique=True),
    # Of the request, to tell a repeat from another request with the same key.
    Column("digest", Text, nullable=False),
    Column("unknown_user_ids", ARRAY(Text), nullable=False),
    Column("created_at", Moment, nullable=False, server_default=func.now()),
    Index("notices_send_at_idx", "send_at"),
)

# The notifications of people, and the queue of pushes: one row is both. A conversation's notification is one row for
# each member, for good, which grows with every message and is read with them; a notice's is a row of its own.
notifications = Table(
    "notifications",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("room_id", Id),
    Column("notice_id", Id, ForeignKey("notices.id", ondelete="CASCADE")),
    Column("type", Text, nullable=False),
    Column(
        "state",
        Text,
        CheckConstraint(
            "state IN ('scheduled', 'sent', 'delivered', 'read', 'cancelled', 'failed', 'expired')", name="state"
        ),
        nullable=False,
        server_default="scheduled",
    ),
    Column("reason", Text),
    # What a conversation's said when it was looked at last.
    Column("title", Text),
    Column("body", Text),
    Column("data", JSON),
    # When a worker looks at it next. While one does, the end of its lease.
    Column("due_at", Moment),
    Column("lease", Id),
    # Somebody read while a worker was looking: look again.
    Column("is_stale", Boolean, nullable=False, server_default=text("false")),
    # A message that comes before this moment does not make it due sooner.
    Column("rests_until", Moment),
    # The newest message of the room that was taken into account.
    Column("looked_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("expires_at", Moment),
    # Devices (ids) that have this push already, until when each one is sent nothing, and those that show one.
    Column("pushed_to", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    # {device id: {until, tries, owes}}
    Column("pauses", JSON, nullable=False, server_default=text("'{}'")),
    Column("shown_on", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("listed_at", Moment),
    Column("read_at", Moment),
    Column("created_at", Moment, nullable=False, server_default=func.now()),
    CheckConstraint("(room_id IS NULL) <> (notice_id IS NULL)", name="origin"),
    Index("notifications_due_idx", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index("notifications_listed_idx", "user_id", "listed_at", "id", postgresql_where=text("listed_at IS NOT NULL")),
    Index("notifications_notice_idx", "notice_id", "user_id", postgresql_where=text("notice_id IS NOT NULL")),
    Index("notifications_shown_idx", "id", postgresql_where=text("cardinality(shown_on) > 0")),
)

notification_events = Table(
    "notification_events",
    metadata,
    Column("notification_id", Id, ForeignKey("notifications.id", ondelete="CASCADE"), nullable=False),
    Column("at", Moment, nullable=False, server_default=func.clock_timestamp()),
    Column("state", Text, nullable=False),
    Column("device_id", Id),
    Column("reason", Text),
    Index(None, "notification_id", "at"),
    Index("notification_events_at_idx", "at"),
)
