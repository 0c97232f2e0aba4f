"""Drafts of members. Versions before this one do not know them, and leave them as they are."""

from alembic import op

revision = "0020"
down_revision = "0019"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        'ALTER TABLE chat_members ADD COLUMN draft text, ADD COLUMN draft_reply_to text COLLATE "C",'
        " ADD COLUMN draft_at timestamptz"
    )
