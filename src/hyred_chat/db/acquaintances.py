"""Who may see of whom that they are here: one rule for every statement that asks it."""

# Of a room, and of two of its members, `mine` and `other`. In a group all see one another. In a room of two that the
# host made, or an older version of this server, both do; in one that a person has opened, once both have written.
# While the two are kept apart, neither does.
SEE_ONE_ANOTHER = """
    (room.type = 'group' OR (
        room.status <> 'blocked' AND NOT room.is_barred
        AND (room.created_by IS NULL OR (mine.has_written AND other.has_written))
    ))
"""
