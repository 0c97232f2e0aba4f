"""How many messages are unread, as SQL: derived from positions, one rule for every statement that counts them."""

# Of messages: what no member has to read. The condition of an index.
IS_UNCOUNTED = "deleted_at IS NOT NULL OR type = 'system'"

# Of a `room` and a `member` of it.
UNREAD_COUNT = f"""
    (room.last_seq - member.last_read_seq - (
        SELECT count(*) FROM messages uncounted
        WHERE uncounted.room_id = member.room_id AND uncounted.seq > member.last_read_seq
            AND ({IS_UNCOUNTED})
    ))
"""  # noqa: S608  # of constants
