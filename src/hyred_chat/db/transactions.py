"""A transaction on a connection: committed at the end of its block, rolled back when the block raises."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias
from weakref import WeakKeyDictionary

from hyred_chat.db.connecting import Connection
from hyred_chat.db.faults import breaks_connection

BEGIN = "BEGIN;"
BEGIN_DERIVED = "BEGIN; SET LOCAL synchronous_commit = off;"

OnCommit: TypeAlias = Callable[[], None]

# What is called after the commit of the transaction that is under way on a connection.
_waiting: WeakKeyDictionary[Connection, list[OnCommit]] = WeakKeyDictionary()


def on_commit(connection: Connection, callback: OnCommit) -> None:
    """Call something once what was done on a connection is committed: at once where no transaction is under way.

    It is not called when the transaction is rolled back, or when nobody knows what became of it.
    """
    if (waiting := _waiting.get(connection)) is None:
        callback()
    else:
        waiting.append(callback)


@asynccontextmanager
async def transaction_on(connection: Connection, *, begin: str = BEGIN) -> AsyncGenerator[None]:
    """Unlike asyncpg's own, it asks nothing more of a connection that is to be thrown away."""
    await connection.execute(begin)
    callbacks: list[OnCommit] = []
    _waiting[connection] = callbacks
    try:
        try:
            yield
        except BaseException as error:
            if not breaks_connection(error):
                await connection.execute("ROLLBACK;")
            raise
        await connection.execute("COMMIT;")
    finally:
        del _waiting[connection]
    for callback in callbacks:
        callback()
