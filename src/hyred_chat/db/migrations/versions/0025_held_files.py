"""Files of reported messages, which are held until the report is decided; how those of deleted messages were described.

Versions before this one hold no files of the reports that they take; a server of this version does so later. They
remove nothing that is held, because the database withdraws it instead.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE held_files (
        report_id text COLLATE "C" NOT NULL,
        file_id text COLLATE "C" NOT NULL,
        CONSTRAINT held_files_pkey PRIMARY KEY (report_id, file_id)
    )
    """,
    "CREATE INDEX held_files_file_id_idx ON held_files (file_id)",
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
    "ALTER TABLE reports ADD COLUMN holds_files boolean NOT NULL DEFAULT false",
    "ALTER TABLE deleted_messages ADD COLUMN attachments json",
    "ALTER TABLE files ADD COLUMN withdrawn_at timestamptz",
    """
    CREATE TRIGGER files_are_held BEFORE UPDATE OF removed_at ON files
    FOR EACH ROW WHEN (OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL) EXECUTE FUNCTION withdraw_held_file()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
