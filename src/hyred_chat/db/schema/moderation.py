"""Reports, what moderators do, and erasures."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

from hyred_chat.db.schema.base import Id, Moment, after_create, metadata

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
    # Whether the files of its evidence are held, as far as they were there: versions before migration 0025 hold none.
    Column("holds_files", Boolean, nullable=False, server_default=text("false")),
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
after_create(*WRITTEN_ONCE)
