"""Reports with their evidence, and the audit log. Versions before this one do not know them."""

from alembic import op

revision = "0015"
down_revision = "0014"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE reports (
        id text COLLATE "C" NOT NULL,
        reporter_id text COLLATE "C" NOT NULL,
        subject text COLLATE "C" NOT NULL,
        user_id text COLLATE "C" NOT NULL,
        message_id text COLLATE "C",
        room_id text COLLATE "C",
        reason text NOT NULL,
        note text,
        profile_name text,
        profile_avatar text,
        state text NOT NULL DEFAULT 'open',
        moderator_note text,
        decided_at timestamptz,
        decided_by_kind text,
        decided_by_id text COLLATE "C",
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT reports_pkey PRIMARY KEY (id),
        CONSTRAINT reports_reporter_id_subject_key UNIQUE (reporter_id, subject),
        CONSTRAINT reports_reason_check
            CHECK (reason IN ('spam', 'fraud', 'harassment', 'off_platform', 'other')),
        CONSTRAINT reports_state_check CHECK (state IN ('open', 'resolved', 'dismissed'))
    )
    """,
    "CREATE INDEX reports_created_at_id_idx ON reports (created_at, id)",
    "CREATE INDEX reports_state_created_at_id_idx ON reports (state, created_at, id)",
    "CREATE INDEX reports_reporter_id_created_at_idx ON reports (reporter_id, created_at)",
    "CREATE INDEX reports_user_id_idx ON reports (user_id)",
    "CREATE INDEX reports_decided_at_idx ON reports (decided_at) WHERE decided_at IS NOT NULL",
    """
    CREATE TABLE report_evidence (
        report_id text COLLATE "C" NOT NULL,
        evidence json NOT NULL,
        CONSTRAINT report_evidence_pkey PRIMARY KEY (report_id),
        CONSTRAINT report_evidence_report_id_fkey FOREIGN KEY (report_id) REFERENCES reports (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE audit_entries (
        id text COLLATE "C" NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        actor_kind text NOT NULL,
        actor_id text COLLATE "C" NOT NULL,
        action text NOT NULL,
        subject_kind text,
        subject_id text COLLATE "C",
        details json NOT NULL,
        CONSTRAINT audit_entries_pkey PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX audit_entries_created_at_id_idx ON audit_entries (created_at, id)",
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


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
