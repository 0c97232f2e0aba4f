"""Whether a member's room is archived, as SQL: one rule for every statement that asks it.

A member archives a room as it is (`chat_members.archived_seq`). Whatever somebody writes after that brings it back,
unless the member had muted the room when it came. So a message has nothing to write down about it.
`RoomState.is_archived_for` is the same rule in memory.
"""


def newest_written(room_id: str) -> str:
    """SQL for the `seq` and `created_at` of the newest message of a room that is not the system's, deleted or not."""
    return f"""
        SELECT written.seq, written.created_at FROM messages written
        WHERE written.room_id = {room_id} AND written.type <> 'system' ORDER BY written.seq DESC LIMIT 1
    """


# Of a `room` and a `member` of it.
IS_ARCHIVED = f"""
    CASE WHEN member.archived_seq IS NULL THEN false ELSE coalesce((
        SELECT newest.seq <= member.archived_seq OR newest.created_at < coalesce(member.muted_until, '-infinity')
        FROM ({newest_written("room.id")}) newest
    ), true) END
"""
