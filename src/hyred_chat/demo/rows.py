"""Writing many rows at once."""

from collections.abc import Iterable, Sequence

from hyred_chat.db.pool import Connection


async def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Add rows to a table by COPY. The columns that are not named get their defaults."""
    await connection.copy_records_to_table(table, columns=list(columns), records=rows)


def direct_key(room_type: str, first_id: str, second_id: str) -> str:
    """What a pair's room of a type has, and no other room: the two ids sorted byte by byte."""
    return ":".join((room_type, *sorted((first_id, second_id), key=str.encode)))
