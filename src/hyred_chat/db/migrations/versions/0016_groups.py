"""What members make of a room for themselves. A version that does not know of it shows nothing of it, and keeps it."""

from alembic import op

revision = "0016"
down_revision = "0015"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE chat_members ADD COLUMN archived_seq bigint, ADD COLUMN marked_unread_seq bigint")
