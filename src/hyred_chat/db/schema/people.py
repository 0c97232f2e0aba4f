"""Who there is, and what people are found by."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hyred_chat.db.emails import EMAIL_KEY
from hyred_chat.db.schema.base import Id, Moment, after_create, metadata

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("email", Text, nullable=False),
    Column("role", Text, CheckConstraint("role IN ('va', 'company', 'admin')", name="role"), nullable=False),
    Column("disabled_at", Moment),
    Column("last_seen_at", Moment),
    # What the host tells of somebody besides, for those who work with them.
    Column("headline", Text),
    Column("time_zone", Text),
    Column("working_hours", JSONB),
    Column("created_at", Moment, nullable=False, server_default=func.now()),
    Index("users_email_key", func.lower(text("email")), unique=True),
    Index("users_email_lookup_idx", text(EMAIL_KEY)),
    Index("users_disabled_idx", "disabled_at", "id", postgresql_where=text("disabled_at IS NOT NULL")),
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
after_create(*NAME_TRIGGERS)
