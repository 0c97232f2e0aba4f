"""When members have read. Versions before this one do not say when, and then it is not known."""

from alembic import op

revision = "0023"
down_revision = "0022"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE chat_members ADD COLUMN read_from_seq bigint, ADD COLUMN read_until_seq bigint,"
        " ADD COLUMN read_at timestamptz"
    )
