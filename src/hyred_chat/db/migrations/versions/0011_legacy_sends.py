"""What the second copies of first-design clients are known by. Versions that do not know the table match in memory."""

from alembic import op

revision = "0011"
down_revision = "0010"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE legacy_sends (
        message_id text COLLATE "C" NOT NULL,
        room_id text COLLATE "C" NOT NULL,
        sender_id text COLLATE "C" NOT NULL,
        digest bytea NOT NULL,
        door text NOT NULL,
        arrived_at timestamptz NOT NULL,
        copy_id text COLLATE "C",
        CONSTRAINT legacy_sends_pkey PRIMARY KEY (message_id),
        CONSTRAINT legacy_sends_door_check CHECK (door IN ('socket', 'rest'))
    )
    """,
    "CREATE INDEX legacy_sends_digest_idx ON legacy_sends (room_id, sender_id, digest)",
    "CREATE INDEX legacy_sends_arrived_at_idx ON legacy_sends (arrived_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
