"""How moderators find who is disabled, the newest first. People are changed meanwhile: it is built beside them."""

from alembic import op

revision = "0019"
down_revision = "0018"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS users_disabled_idx")
        op.execute(
            "CREATE INDEX CONCURRENTLY users_disabled_idx ON users (disabled_at, id) WHERE disabled_at IS NOT NULL"
        )
        op.execute("RESET lock_timeout")
