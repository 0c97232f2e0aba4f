"""People are found by an index of what their names fold to."""

from alembic import op

revision = "0005"
down_revision = "0004"
min_compatible_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE name_terms (
        user_id text COLLATE "C" NOT NULL,
        term text COLLATE "C" NOT NULL,
        is_whole boolean NOT NULL,
        CONSTRAINT name_terms_pkey PRIMARY KEY (user_id, term)
    )
    """,
    "CREATE INDEX name_terms_term_user_id_idx ON name_terms (term, user_id)",
    "CREATE INDEX name_terms_whole_idx ON name_terms (term, user_id) WHERE is_whole",
    """
    CREATE TABLE changed_names (
        id bigint GENERATED ALWAYS AS IDENTITY,
        user_id text COLLATE "C" NOT NULL,
        CONSTRAINT changed_names_pkey PRIMARY KEY (id)
    )
    """,
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
    # Those who are here already. The server folds their names in batches while it serves.
    "INSERT INTO changed_names (user_id) SELECT id FROM users",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
