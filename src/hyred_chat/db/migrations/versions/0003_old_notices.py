"""Notices by their time, so that the old ones are found without reading all."""

from alembic import op

revision = "0003"
down_revision = "0002"
min_compatible_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX notices_send_at_idx ON notices (send_at)")
