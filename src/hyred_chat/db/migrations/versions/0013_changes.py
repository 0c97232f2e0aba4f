"""What can happen to a message after it was sent, and where that is kept.

Versions before this one show what it says by now, and count what was deleted as unread.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE chat_rooms
        ADD COLUMN last_change bigint NOT NULL DEFAULT 0,
        ADD COLUMN last_changed_at timestamptz
    """,
    """
    ALTER TABLE messages
        ADD COLUMN change bigint,
        ADD COLUMN edited_at timestamptz,
        ADD COLUMN deleted_at timestamptz,
        ADD COLUMN deleted_by text COLLATE "C",
        ADD COLUMN reply_to bigint,
        ADD COLUMN mentions text[] COLLATE "C",
        ADD COLUMN pinned_at timestamptz,
        ADD COLUMN reactions json,
        ADD COLUMN sent_digest bytea
    """,
    """
    CREATE TABLE message_reactions (
        room_id text COLLATE "C" NOT NULL,
        seq bigint NOT NULL,
        user_id text COLLATE "C" NOT NULL,
        emoji text COLLATE "C" NOT NULL,
        change bigint NOT NULL,
        CONSTRAINT message_reactions_pkey PRIMARY KEY (room_id, seq, user_id, emoji)
    )
    """,
    """
    CREATE TABLE message_versions (
        room_id text COLLATE "C" NOT NULL,
        seq bigint NOT NULL,
        change bigint NOT NULL,
        content text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT message_versions_pkey PRIMARY KEY (room_id, seq, change)
    )
    """,
    """
    CREATE TABLE deleted_messages (
        message_id text COLLATE "C" NOT NULL,
        room_id text COLLATE "C" NOT NULL,
        seq bigint NOT NULL,
        sender_id text COLLATE "C" NOT NULL,
        content text NOT NULL,
        type text NOT NULL,
        metadata json,
        versions json NOT NULL,
        created_at timestamptz NOT NULL,
        deleted_at timestamptz NOT NULL,
        deleted_by text COLLATE "C" NOT NULL,
        CONSTRAINT deleted_messages_pkey PRIMARY KEY (message_id)
    )
    """,
    "CREATE INDEX deleted_messages_deleted_at_idx ON deleted_messages (deleted_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
