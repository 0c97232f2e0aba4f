"""What changes of people and rooms is written down for all processes.

Creating a trigger keeps writers of its table out for a moment. The tables are taken in the order in which statements of
the server take them.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
min_compatible_revision = "0007"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE node_events (
        id bigint GENERATED ALWAYS AS IDENTITY,
        kind text NOT NULL,
        subject text COLLATE "C" NOT NULL,
        xact bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT node_events_pkey PRIMARY KEY (id),
        CONSTRAINT node_events_kind_check CHECK (kind IN ('user', 'room', 'pair'))
    )
    """,
    "CREATE INDEX node_events_xact_idx ON node_events (xact)",
    "CREATE INDEX node_events_subject_xact_idx ON node_events (subject, xact)",
    "CREATE INDEX node_events_at_idx ON node_events (at)",
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


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
