"""The tables, described once. Migrations build the same ones, and a test compares the two.

Everything that a message needs is keyed by room, so that the tables can one day be distributed by `room_id`. Ids are
text: the host's own for users (whatever they look like), `ids.new_id` for what is made here. They are compared byte by
byte (collation "C"), which is what keeps their indexes small and quick.
"""

from sqlalchemy import (
    ARRAY,
    DDL,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    event,
    func,
    text,
)

from hyred_chat.db.emails import EMAIL_KEY
from hyred_chat.db.unread import IS_UNCOUNTED

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
    Index("users_email_lookup_idx", text(EMAIL_KEY)),
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

# What people are found by who are not disabled: `text.folding.terms_of` their names. No foreign key: who folds names
# must not wait for somebody who holds a user's row, nor the other way round. docs/decisions/0015-people-search.md says
# how it follows.
name_terms = Table(
    "name_terms",
    metadata,
    Column("user_id", Id, nullable=False),
    Column("term", Text(collation="C"), nullable=False),
    # Of the whole name: what lists of everybody are ordered by.
    Column("is_whole", Boolean, nullable=False),
    PrimaryKeyConstraint("user_id", "term"),
    Index(None, "term", "user_id"),
    Index("name_terms_whole_idx", "term", "user_id", postgresql_where=text("is_whole")),
)

# Whose name may be another one than `name_terms` knows, in the order of the changes. Triggers write it, whoever changes
# a name: this version, an older one beside it, or the host by SQL.
changed_names = Table(
    "changed_names",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("user_id", Id, nullable=False),
)

NAME_TRIGGERS = (
    """
    CREATE FUNCTION note_changed_name() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        IF TG_OP <> 'UPDATE' OR OLD IS DISTINCT FROM NEW THEN
            INSERT INTO changed_names (user_id)
            SELECT DISTINCT version ->> TG_ARGV[0] FROM (VALUES (to_jsonb(OLD)), (to_jsonb(NEW))) AS t (version)
            WHERE version IS NOT NULL;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER users_note_name AFTER INSERT OR DELETE OR UPDATE OF id, email, disabled_at ON users
    FOR EACH ROW EXECUTE FUNCTION note_changed_name('id')
    """,
    """
    CREATE TRIGGER va_profiles_note_name AFTER INSERT OR DELETE OR UPDATE OF user_id, name ON va_profiles
    FOR EACH ROW EXECUTE FUNCTION note_changed_name('user_id')
    """,
    """
    CREATE TRIGGER companies_note_name AFTER INSERT OR DELETE OR UPDATE OF user_id, name ON companies
    FOR EACH ROW EXECUTE FUNCTION note_changed_name('user_id')
    """,
)
for _statement in NAME_TRIGGERS:
    event.listen(metadata, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]

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

# How far the messages of each room are in the index of the search. Who indexes a room holds its row.
# docs/decisions/0025-message-search.md says how all of this works.
search_rooms = Table(
    "search_rooms",
    metadata,
    Column("room_id", Id, primary_key=True),
    Column("indexed_seq", BigInteger, nullable=False, server_default=text("0")),
    postgresql_with={"fillfactor": "50"},
)

# Each 1,024 messages of a room, and their times: what a search goes through, the newest first.
search_blocks = Table(
    "search_blocks",
    metadata,
    Column("no", Integer, Identity(always=True), primary_key=True),
    Column("room_id", Id, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("oldest_at", Moment, nullable=False),
    Column("newest_at", Moment, nullable=False),
    UniqueConstraint("room_id", "first_seq"),
    postgresql_with={"fillfactor": "50"},
)

# What messages that are not deleted are found by: `text.words` of what they say, one term a line.
message_terms = Table(
    "message_terms",
    metadata,
    Column("block", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("terms", Text(collation="C"), nullable=False),
    # In a room there are no two messages of the same moment.
    PrimaryKeyConstraint("block", "created_at"),
    Index(
        "message_terms_keys_idx",
        text("search_keys(block, terms)"),
        postgresql_using="gin",
        # A list of pending entries would be read by every one of a search's look-ups.
        postgresql_with={"fastupdate": "off"},
    ),
)

# Messages that say something else than when they were indexed, or nothing any more. A trigger writes it, whoever
# changes a message.
changed_messages = Table(
    "changed_messages",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("room_id", Id, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

# Which words were ever written, as numbers that do not tell them: what a mistyped word may have been meant to be.
known_words = Table("known_words", metadata, Column("hash", BigInteger, primary_key=True, autoincrement=False))

# Each term behind the number of its block: a look-up costs the same whatever is said in other rooms.
SEARCH_KEYS = """
    CREATE FUNCTION search_keys(block integer, terms text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN array_to_tsvector(string_to_array(
        to_hex(block) || ' ' || replace(terms, E'\\n', E'\\n' || to_hex(block) || ' '), E'\\n'
    ))
"""
event.listen(metadata, "before_create", DDL(SEARCH_KEYS))  # type: ignore[no-untyped-call]

# Rows of messages are only updated when a message is changed: sending does not meet this.
SEARCH_TRIGGERS = (
    """
    CREATE FUNCTION note_changed_message() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        IF NEW.deleted_at IS NOT NULL THEN
            DELETE FROM message_terms USING search_blocks
            WHERE search_blocks.room_id = NEW.room_id AND search_blocks.first_seq = (NEW.seq - 1) / 1024 * 1024 + 1
                AND message_terms.block = search_blocks.no AND message_terms.created_at = NEW.created_at;
        END IF;
        INSERT INTO changed_messages (room_id, seq) VALUES (NEW.room_id, NEW.seq);
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER messages_note_change AFTER UPDATE OF content, deleted_at ON messages
    FOR EACH ROW WHEN (OLD.content IS DISTINCT FROM NEW.content OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION note_changed_message()
    """,
)
for _statement in SEARCH_TRIGGERS:
    event.listen(metadata, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]

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

# Changes of people and rooms, for all processes, for an hour. Triggers write those of people and members; those of the
# columns of rooms are written by the statements that make them (db/node_events.py).
node_events = Table(
    "node_events",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, CheckConstraint("kind IN ('user', 'room', 'pair')", name="kind"), nullable=False),
    # Of a user, or of a room.
    Column("subject", Id, nullable=False),
    # Ids do not commit in their order. A process remembers the oldest transaction that was in progress when it looked,
    # and what it does not know yet is of that one or a younger one.
    Column("xact", BigInteger, nullable=False, server_default=text("pg_current_xact_id()::text::bigint")),
    Column("at", Moment, nullable=False, server_default=func.clock_timestamp()),
    Index("node_events_xact_idx", "xact"),
    Index("node_events_subject_xact_idx", "subject", "xact"),
    Index("node_events_at_idx", "at"),
)

NODE_EVENT_TRIGGERS = (
    """
    CREATE FUNCTION note_changed_user() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        IF TG_OP <> 'UPDATE' OR OLD IS DISTINCT FROM NEW THEN
            INSERT INTO node_events (kind, subject)
            VALUES ('user', coalesce(to_jsonb(NEW), to_jsonb(OLD)) ->> TG_ARGV[0]);
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION note_changed_members() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        INSERT INTO node_events (kind, subject) SELECT DISTINCT 'room', room_id FROM changed;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER users_note_change AFTER DELETE OR UPDATE OF email, role, disabled_at ON users
    FOR EACH ROW EXECUTE FUNCTION note_changed_user('id')
    """,
    """
    CREATE TRIGGER va_profiles_note_change AFTER INSERT OR DELETE OR UPDATE ON va_profiles
    FOR EACH ROW EXECUTE FUNCTION note_changed_user('user_id')
    """,
    """
    CREATE TRIGGER companies_note_change AFTER INSERT OR DELETE OR UPDATE ON companies
    FOR EACH ROW EXECUTE FUNCTION note_changed_user('user_id')
    """,
    """
    CREATE TRIGGER chat_members_note_new AFTER INSERT ON chat_members REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_members()
    """,
    """
    CREATE TRIGGER chat_members_note_gone AFTER DELETE ON chat_members REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_members()
    """,
)
for _statement in NODE_EVENT_TRIGGERS:
    event.listen(metadata, "after_create", DDL(_statement))  # type: ignore[no-untyped-call]

# What people have reported. No foreign keys: a report outlives whom and what it is about.
reports = Table(
    "reports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reporter_id", Id, nullable=False),
    # `message:ID` or `user:ID`: each reporter has one report of it.
    Column("subject", Id, nullable=False),
    # Whom it is about: of a message, its sender.
    Column("user_id", Id, nullable=False),
    Column("message_id", Id),
    Column("room_id", Id),
    Column(
        "reason",
        Text,
        CheckConstraint("reason IN ('spam', 'fraud', 'harassment', 'off_platform', 'other')", name="reason"),
        nullable=False,
    ),
    Column("note", Text),
    # How the person showed themselves; null once they were erased.
    Column("profile_name", Text),
    Column("profile_avatar", Text),
    Column(
        "state",
        Text,
        CheckConstraint("state IN ('open', 'resolved', 'dismissed')", name="state"),
        nullable=False,
        server_default="open",
    ),
    Column("moderator_note", Text),
    Column("decided_at", Moment),
    Column("decided_by_kind", Text),
    Column("decided_by_id", Id),
    Column("created_at", Moment, nullable=False, server_default=func.clock_timestamp()),
    UniqueConstraint("reporter_id", "subject"),
    Index(None, "created_at", "id"),
    Index(None, "state", "created_at", "id"),
    Index("reports_reporter_id_created_at_idx", "reporter_id", "created_at"),
    Index("reports_user_id_idx", "user_id"),
    Index("reports_decided_at_idx", "decided_at", postgresql_where=text("decided_at IS NOT NULL")),
)

# What was reported as it was: `{message, versions, around}`. It goes with its report, and never changes.
report_evidence = Table(
    "report_evidence",
    metadata,
    Column("report_id", Id, ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    Column("evidence", JSON, nullable=False),
)

# Every look and every act of moderators. Nothing of it is ever changed or deleted.
audit_entries = Table(
    "audit_entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("created_at", Moment, nullable=False, server_default=func.clock_timestamp()),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Id, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject_kind", Text),
    Column("subject_id", Id),
    Column("details", JSON, nullable=False),
    Index(None, "created_at", "id"),
)

# People who were erased, or are being: how far that is. No foreign key: who was erased may be deleted, too.
erasures = Table(
    "erasures",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("requested_at", Moment, nullable=False, server_default=func.clock_timestamp()),
    Column("finished_at", Moment),
    # What is being done, and the message up to which it is (personal_data/repository.py).
    Column("phase", Text, nullable=False, server_default="rooms"),
    Column("after_room", Id, nullable=False, server_default=""),
    Column("after_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("message_count", BigInteger, nullable=False, server_default=text("0")),
    Index("erasures_unfinished_idx", "requested_at", postgresql_where=text("finished_at IS NULL")),
)

WRITTEN_ONCE = (
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE FUNCTION refuse_loss_of_evidence() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        IF EXISTS (SELECT FROM reports WHERE id = OLD.report_id) THEN
            RAISE EXCEPTION 'evidence is deleted with its report' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER audit_entries_are_kept BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER audit_entries_are_all_kept BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER report_evidence_is_kept BEFORE UPDATE ON report_evidence
    FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER report_evidence_goes_with_its_report BEFORE DELETE ON report_evidence
    FOR EACH ROW EXECUTE FUNCTION refuse_loss_of_evidence()
    """,
)
for _statement in WRITTEN_ONCE:
    event.listen(metadata, "after_create", DDL(_statement.replace("%", "%%")))  # type: ignore[no-untyped-call]

# A message that is to be stored: statements take an array of these.
SENT_MESSAGE = """
    CREATE TYPE sent_message AS (
        room_id text COLLATE "C", id text COLLATE "C", sender_id text COLLATE "C",
        client_message_id text COLLATE "C", content text, type text, metadata text
    )
"""
event.listen(metadata, "after_create", DDL(SENT_MESSAGE))  # type: ignore[no-untyped-call]
