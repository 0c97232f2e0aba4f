"""What all statements about files agree on."""

# Sets of `files`: nobody gets them any more, and `files/removal.py` deletes their bytes. Those that a report holds are
# withdrawn instead, by a trigger: nobody but moderators gets them.
MARK_REMOVED = "removed_at = clock_timestamp(), name = ''"


def removal_of_files(condition: str) -> str:
    """SQL that removes the files of which an expression is true.

    They are locked in the order of their ids, as by everybody who locks several: nobody waits in a circle.
    """
    return f"""
        UPDATE files SET {MARK_REMOVED} WHERE id = ANY(ARRAY(
            SELECT id FROM files WHERE ({condition}) AND removed_at IS NULL ORDER BY id FOR NO KEY UPDATE
        ))
    """  # noqa: S608  # of an expression in the code
