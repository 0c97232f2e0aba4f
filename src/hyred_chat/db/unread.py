"""How many messages are unread, as SQL: derived from positions, one rule for every statement that counts them."""

# Of messages: what no member has to read. The condition of an index.
IS_UNCOUNTED = "deleted_at IS NOT NULL OR type = 'system'"


def count_uncounted(room_id: str, after_seq: str) -> str:
    """SQL for how many messages of a room, after a position, nobody has to read."""
    return f"""(
        SELECT count(*) FROM messages uncounted
        WHERE uncounted.room_id = {room_id} AND uncounted.seq > {after_seq} AND ({IS_UNCOUNTED})
    )"""


def newest_counted(room_id: str) -> str:
    """SQL for the newest message of a room that somebody has to read."""
    return f"""
        SELECT counted.* FROM messages counted
        WHERE counted.room_id = {room_id} AND NOT ({IS_UNCOUNTED}) ORDER BY counted.seq DESC LIMIT 1
    """


# Of a `room` and a `member` of it.
UNREAD_COUNT = f"(room.last_seq - member.last_read_seq - {count_uncounted('member.room_id', 'member.last_read_seq')})"
