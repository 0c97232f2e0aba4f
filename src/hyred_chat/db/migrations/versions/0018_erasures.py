"""People who were erased. Versions before this one show them as the address says, and let them in nowhere."""

from alembic import op

revision = "0018"
down_revision = "0017"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE erasures (
        user_id text COLLATE "C" NOT NULL,
        requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        finished_at timestamptz,
        phase text NOT NULL DEFAULT 'rooms',
        after_room text COLLATE "C" NOT NULL DEFAULT '',
        after_seq bigint NOT NULL DEFAULT 0,
        message_count bigint NOT NULL DEFAULT 0,
        CONSTRAINT erasures_pkey PRIMARY KEY (user_id)
    )
    """,
    "CREATE INDEX erasures_unfinished_idx ON erasures (requested_at) WHERE finished_at IS NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
