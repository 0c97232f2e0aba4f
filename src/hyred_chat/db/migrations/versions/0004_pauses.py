"""Until when each device is sent nothing of a notification."""

from alembic import op

revision = "0004"
down_revision = "0003"
min_compatible_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE notifications ADD COLUMN pauses json DEFAULT '{}' NOT NULL")
