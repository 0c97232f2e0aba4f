"""Files that people attach to messages. What they consist of is in a store (files/stores.py)."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    text,
)

from hyred_chat.db.schema.base import Id, Moment, after_create, metadata

# docs/decisions/0030-files.md. No foreign keys to people and rooms: the bytes outlive neither by a statement of theirs.
files = Table(
    "files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner_id", Id, nullable=False),
    Column("room_id", Id, nullable=False),
    Column(
        "state",
        Text,
        CheckConstraint("state IN ('uploading', 'processing', 'ready', 'refused')", name="state"),
        nullable=False,
        server_default="uploading",
    ),
    # Why it was refused.
    Column("reason", Text),
    Column("name", Text, nullable=False),
    # What is to come, and how much of it has.
    Column("declared_size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False, server_default=text("0")),
    Column("is_voice", Boolean, nullable=False, server_default=text("false")),
    # What its addresses are signed with.
    Column("key", LargeBinary, nullable=False),
    # What the examination has found: null before.
    Column("kind", Text),
    Column("content_type", Text),
    Column("size", BigInteger),
    Column("details", JSON),
    # The message that it was sent with. Of the picture of a group the id of the group, and no seq: it is used, too.
    Column("message_id", Id),
    Column("message_seq", BigInteger),
    Column("created_at", Moment, nullable=False, server_default=func.clock_timestamp()),
    # It is removed then, unless it is used.
    Column("expires_at", Moment),
    # From then on nobody gets it, and its bytes are about to be deleted, or are.
    Column("removed_at", Moment),
    # Its message was deleted while a report held it: nobody gets it but moderators, and then it is removed.
    Column("withdrawn_at", Moment),
    Column("is_erased", Boolean, nullable=False, server_default=text("false")),
    # Until then a process examines it; and how often one has begun to.
    Column("claimed_until", Moment),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Index("files_owner_id_created_at_idx", "owner_id", "created_at"),
    Index(
        "files_sent_idx",
        "room_id",
        "message_seq",
        "id",
        postgresql_where=text("message_seq IS NOT NULL AND removed_at IS NULL"),
    ),
    Index("files_message_id_idx", "message_id", postgresql_where=text("message_id IS NOT NULL")),
    Index("files_processing_idx", "created_at", postgresql_where=text("state = 'processing' AND removed_at IS NULL")),
    Index("files_expires_at_idx", "expires_at", postgresql_where=text("expires_at IS NOT NULL")),
    Index("files_removed_at_idx", "removed_at", postgresql_where=text("removed_at IS NOT NULL")),
)

# What has come of a file that is being uploaded, by where it begins.
file_segments = Table(
    "file_segments",
    metadata,
    Column("file_id", Id, ForeignKey("files.id", ondelete="CASCADE"), nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("size", BigInteger, nullable=False),
    # Of the object in the store.
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("file_id", "start"),
)

# Files that reports hold: of reported messages, and of those around them. No foreign keys: what holds a file no more is
# found by `files/removal.py`, whoever has decided or deleted the report.
held_files = Table(
    "held_files",
    metadata,
    Column("report_id", Id, nullable=False),
    Column("file_id", Id, nullable=False),
    PrimaryKeyConstraint("report_id", "file_id"),
    Index("held_files_file_id_idx", "file_id"),
)

# Whoever removes a file that is held, in whichever version of the server, withdraws it. Each look takes a snapshot of
# its own, once the row is locked: a report that was stored meanwhile is seen. Sending a file does not meet this.
HOLD = (
    """
    CREATE FUNCTION withdraw_held_file() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
        IF EXISTS (SELECT FROM held_files WHERE file_id = OLD.id) THEN
            NEW.removed_at := NULL;
            NEW.name := OLD.name;
            NEW.withdrawn_at := coalesce(OLD.withdrawn_at, clock_timestamp());
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER files_are_held BEFORE UPDATE OF removed_at ON files
    FOR EACH ROW WHEN (OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL) EXECUTE FUNCTION withdraw_held_file()
    """,
)
after_create(*HOLD)
