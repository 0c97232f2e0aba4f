"""How messages that were changed, deleted or pinned, or that mention somebody, are found.

The indexes are empty, but the table is read whole for each. Messages are stored meanwhile: they are built beside them.
What an attempt that was cut short has left behind is removed first.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = {
    "messages_change_idx": "(room_id, change) WHERE change IS NOT NULL",
    "messages_uncounted_idx": "(room_id, seq) WHERE deleted_at IS NOT NULL OR type = 'system'",
    "messages_pinned_idx": "(room_id, seq) WHERE pinned_at IS NOT NULL",
    "messages_mentions_idx": "(room_id, seq) WHERE mentions IS NOT NULL",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, definition in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON messages {definition}")
