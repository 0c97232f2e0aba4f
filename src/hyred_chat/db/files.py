"""What all statements about files agree on."""

# Sets of `files`: nobody gets them any more, and `files/removal.py` deletes their bytes.
MARK_REMOVED = "removed_at = clock_timestamp(), name = ''"
