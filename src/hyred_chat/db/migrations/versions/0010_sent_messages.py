"""The type of the messages that a statement is given to store."""

from alembic import op

revision = "0010"
down_revision = "0009"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TYPE sent_message AS (
            room_id text COLLATE "C", id text COLLATE "C", sender_id text COLLATE "C",
            client_message_id text COLLATE "C", content text, type text, metadata text
        )
    """)
