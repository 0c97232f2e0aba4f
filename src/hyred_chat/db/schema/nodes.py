"""What processes tell one another by way of the database."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Table,
    Text,
    func,
    text,
)

from hyred_chat.db.schema.base import Id, Moment, after_create, metadata

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
after_create(*NODE_EVENT_TRIGGERS)
