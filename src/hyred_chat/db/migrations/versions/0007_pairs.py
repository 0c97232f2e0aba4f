"""Who opened a room, who has written in it, and whether its two people are kept apart.

Rooms that are there already are as if the host had made them. Those of two people of whom one room is blocked become
barred, with the positions that the other one sees standing still.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
min_compatible_revision = "0007"
branch_labels = None
depends_on = None

BAR = """
    WITH of_two AS (
        SELECT room.id, room.status, min(member.user_id) AS one, max(member.user_id) AS two
        FROM chat_rooms room JOIN chat_members member ON member.room_id = room.id
        WHERE room.type <> 'group' GROUP BY room.id, room.status HAVING count(*) = 2
    ), barred AS (
        UPDATE chat_rooms SET is_barred = true FROM of_two
        WHERE chat_rooms.id = of_two.id AND EXISTS (
            SELECT 1 FROM of_two blocked
            WHERE blocked.status = 'blocked' AND blocked.one = of_two.one AND blocked.two = of_two.two
        )
        RETURNING chat_rooms.id
    )
    UPDATE chat_members SET shown_read_seq = last_read_seq, shown_delivered_seq = last_delivered_seq
    FROM barred WHERE chat_members.room_id = barred.id
"""


def upgrade() -> None:
    op.execute("""
        ALTER TABLE chat_rooms
            ADD COLUMN created_by text COLLATE "C",
            ADD COLUMN is_barred boolean NOT NULL DEFAULT false
    """)
    op.execute("""
        ALTER TABLE chat_members
            ADD COLUMN has_written boolean NOT NULL DEFAULT false,
            ADD COLUMN is_hidden boolean NOT NULL DEFAULT false,
            ADD COLUMN shown_read_seq bigint,
            ADD COLUMN shown_delivered_seq bigint
    """)
    op.execute("""
        CREATE INDEX chat_rooms_created_by_idx ON chat_rooms (created_by, created_at) WHERE created_by IS NOT NULL
    """)
    op.execute(BAR)
