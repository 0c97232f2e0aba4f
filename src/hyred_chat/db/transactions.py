"""A transaction on a connection: committed at the end of its block, rolled back when the block raises."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from hyred_chat.db.connecting import Connection
from hyred_chat.db.faults import breaks_connection


@asynccontextmanager
async def transaction_on(connection: Connection, *, begin: str = "BEGIN;") -> AsyncGenerator[None]:
    """Unlike asyncpg's own, it asks nothing more of a connection that is to be thrown away."""
    await connection.execute(begin)
    try:
        yield
    except BaseException as error:
        if not breaks_connection(error):
            await connection.execute("ROLLBACK;")
        raise
    await connection.execute("COMMIT;")
