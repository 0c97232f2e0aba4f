"""Files that people attach to messages.

Versions before this one show such messages without their files. What they delete says nothing any more, and the files
go when a server of this version looks.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE messages ADD COLUMN attachments json",
    """
    CREATE TABLE files (
        id text COLLATE "C" NOT NULL,
        owner_id text COLLATE "C" NOT NULL,
        room_id text COLLATE "C" NOT NULL,
        state text NOT NULL DEFAULT 'uploading',
        reason text,
        name text NOT NULL,
        declared_size bigint NOT NULL,
        received bigint NOT NULL DEFAULT 0,
        is_voice boolean NOT NULL DEFAULT false,
        key bytea NOT NULL,
        kind text,
        content_type text,
        size bigint,
        details json,
        message_id text COLLATE "C",
        message_seq bigint,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        expires_at timestamptz,
        removed_at timestamptz,
        is_erased boolean NOT NULL DEFAULT false,
        claimed_until timestamptz,
        attempts integer NOT NULL DEFAULT 0,
        CONSTRAINT files_pkey PRIMARY KEY (id),
        CONSTRAINT files_state_check CHECK (state IN ('uploading', 'processing', 'ready', 'refused'))
    )
    """,
    "CREATE INDEX files_owner_id_created_at_idx ON files (owner_id, created_at)",
    """
    CREATE INDEX files_sent_idx ON files (room_id, message_seq, id)
        WHERE message_seq IS NOT NULL AND removed_at IS NULL
    """,
    "CREATE INDEX files_message_id_idx ON files (message_id) WHERE message_id IS NOT NULL",
    "CREATE INDEX files_processing_idx ON files (created_at) WHERE state = 'processing' AND removed_at IS NULL",
    "CREATE INDEX files_expires_at_idx ON files (expires_at) WHERE expires_at IS NOT NULL",
    "CREATE INDEX files_removed_at_idx ON files (removed_at) WHERE removed_at IS NOT NULL",
    """
    CREATE TABLE file_segments (
        file_id text COLLATE "C" NOT NULL,
        start bigint NOT NULL,
        size bigint NOT NULL,
        name text NOT NULL,
        CONSTRAINT file_segments_pkey PRIMARY KEY (file_id, start),
        CONSTRAINT file_segments_file_id_fkey FOREIGN KEY (file_id) REFERENCES files (id) ON DELETE CASCADE
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
