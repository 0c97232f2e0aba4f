"""Pictures of groups that are files of theirs. Versions before this one show such a group without its picture."""

from alembic import op

revision = "0024"
down_revision = "0023"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('ALTER TABLE chat_rooms ADD COLUMN avatar_file_id text COLLATE "C"')
