"""What a host tells of people besides their names. Versions before this one do not know it, and leave it as it is."""

from alembic import op

revision = "0022"
down_revision = "0021"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE users ADD COLUMN headline text, ADD COLUMN time_zone text, ADD COLUMN working_hours jsonb")
