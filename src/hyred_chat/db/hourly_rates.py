"""Rates of an hour that are counted from what is stored: they hold across processes and restarts."""

from hyred_chat.db.pool import Connection


def oldest_of_last(table: str, maker: str) -> str:
    """SQL for when the oldest of the last $2 rows that somebody ($1) made within the hour is an hour old, in seconds.

    With clock_timestamp() all rows would be read that they have ever made; now() is when the transaction began, which
    then waited for a lock.

    Args:
        table: has the time of each row in `created_at`, and an index on both columns.
        maker: its column with the person's id.
    """
    return f"""
        SELECT extract(epoch FROM min(created_at) + interval '1 hour' - statement_timestamp())::float8 FROM (
            SELECT created_at FROM {table}
            WHERE {maker} = $1 AND created_at > statement_timestamp() - interval '1 hour'
            ORDER BY created_at DESC LIMIT $2
        ) AS newest HAVING count(*) = $2
    """  # noqa: S608  # of names in the code


async def seconds_to_wait(
    connection: Connection, statement: str, user_id: str, per_hour: int, *, what: str
) -> float | None:
    """How long until somebody may make another one; None: they may. Others of theirs wait for this transaction.

    Args:
        statement: made by `oldest_of_last`.
        what: is made, in a word of its own.
    """
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1 || ':' || $2, 0))", what, user_id)
    seconds: float | None = await connection.fetchval(statement, user_id, per_hour)
    return seconds
