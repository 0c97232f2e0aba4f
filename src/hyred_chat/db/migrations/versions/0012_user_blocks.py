"""Whom people have blocked. Versions that do not know it keep rooms blocked that are."""

from alembic import op

revision = "0012"
down_revision = "0011"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE user_blocks (
        blocker_id text COLLATE "C" NOT NULL,
        blocked_id text COLLATE "C" NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT user_blocks_pkey PRIMARY KEY (blocker_id, blocked_id),
        CONSTRAINT user_blocks_blocker_id_fkey FOREIGN KEY (blocker_id) REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT user_blocks_blocked_id_fkey FOREIGN KEY (blocked_id) REFERENCES users (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX user_blocks_blocked_id_blocker_id_idx ON user_blocks (blocked_id, blocker_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
