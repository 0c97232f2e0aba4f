"""What PostgreSQL says when a statement is done."""


def count_of(tag: str) -> int:
    """How many rows a statement has written, by its command tag: 3 of `DELETE 3`."""
    return int(tag.rpartition(" ")[2])
