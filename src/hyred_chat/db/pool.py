"""Connections to PostgreSQL, shared with bounded waits, through restarts and failovers of the database."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, Self

import asyncpg

from hyred_chat.db.bulkheads import Bulkheads
from hyred_chat.db.connecting import Connection, Connector, server_settings
from hyred_chat.db.connections import ConnectionPool, say_goodbye
from hyred_chat.db.faults import breaks_connection, describe, is_connectivity_error, is_contention, is_stale
from hyred_chat.db.transactions import BEGIN, BEGIN_DERIVED, transaction_on
from hyred_chat.errors import UnavailableError

__all__ = ["Connection", "Database"]

ACQUIRE_TIMEOUT_SECONDS = 5.0
CHECK_TIMEOUT_SECONDS = 2.0
ANSWER_TIMEOUT_SECONDS = 1.5
CLOSE_TIMEOUT_SECONDS = 1.0
CONNECT_TIMEOUT_SECONDS = 10.0
CONNECT_RETRY_SECONDS = 0.25
OLDEST_SERVER_VERSION = 14
# With one connection, a writer who waits for a lock would keep everybody else waiting.
LEAST_POOL_SIZE = 2
CONNECT_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

# One attempt to connect may not take longer than somebody waits for a connection.
_ATTEMPT_TIMEOUT_SECONDS = 4.0


class Database:
    """A pool of connections, and connections beside it for those who keep one for themselves.

    Session state does not survive on pooled connections and is not reset either (that would cost a round trip each
    time): whoever wants to LISTEN, SET or hold a session's lock takes a dedicated connection.

    Attributes:
        on_statement: called with the SQL of every statement that `execute`, `executemany` and the `fetch` methods run,
            BEGIN and COMMIT included, one turn of the event loop after it has ended. Not called for COPY, cursors and
            explicitly prepared statements (asyncpg prepares and caches by itself what `fetch` is given).
        unavailable: how often somebody got `UnavailableError` on a pooled connection.
    """

    def __init__(self, url: str, *, schema: str, pool_size: int) -> None:
        self.schema = schema
        self.on_statement: list[Callable[[str], None]] = []
        self.unavailable = 0
        self._connector = Connector(url, server_settings(schema))
        self._pool = ConnectionPool(self._open_for_pool, size=pool_size)
        self._bulkheads = Bulkheads(total=max(1, pool_size // 2))

    @classmethod
    async def connect(
        cls, url: str, *, schema: str, pool_size: int, timeout_seconds: float = CONNECT_TIMEOUT_SECONDS
    ) -> Self:
        """Open the pool, waiting for a database that is still starting.

        Args:
            url: see `Connector`.
            schema: the PostgreSQL schema in which the tables are.
            pool_size: the most connections open at once.
            timeout_seconds: how long to wait for the database.

        Raises:
            UnavailableError: it cannot be reached, refuses us, or is too old; the message says which.
        """
        database = cls(url, schema=schema, pool_size=pool_size)
        deadline = time.monotonic() + timeout_seconds
        while True:
            try:
                # One at first, so that a wrong setting shows. The rest are opened when needed, and then kept.
                version = await database._read_version(min(_ATTEMPT_TIMEOUT_SECONDS, timeout_seconds))
                break
            except CONNECT_ERRORS as error:
                if not is_connectivity_error(error) or time.monotonic() + CONNECT_RETRY_SECONDS > deadline:
                    raise UnavailableError(f"The database cannot be reached: {describe(error)}.") from error
                await asyncio.sleep(CONNECT_RETRY_SECONDS)
        if version < OLDEST_SERVER_VERSION:
            await database.close()
            raise UnavailableError(f"The database is PostgreSQL {version}; {OLDEST_SERVER_VERSION} or newer is needed.")
        return database

    @property
    def pool(self) -> ConnectionPool:
        """The pooled connections."""
        return self._pool

    def transaction(
        self, writes: str | None = None, *, is_durable: bool = True
    ) -> AbstractAsyncContextManager[Connection]:
        """A pooled connection inside a transaction, committed at the end of the block.

        Args:
            writes: what is written to (`room ID`, `user ID`), when somebody else may hold it locked. Of all who write
                to it, two have a connection at once, and all writers together have half of them: the others are for
                those who read.
            is_durable: False: what is written is made again from the rest of the database when a crash of it takes the
                latest of it away. Its commit waits for no disk.

        Raises:
            UnavailableError: no connection came free within 5 s, somebody else's lock was not, or the database went
                away, at any point of the block.
        """
        return self._transaction(writes, BEGIN if is_durable else BEGIN_DERIVED)

    def connection(self, *, writes: str | None = None) -> AbstractAsyncContextManager[Connection]:
        """A pooled connection on which every statement commits by itself. Raises as `transaction` does.

        Args:
            writes: as there; None: nothing is written that others may hold locked.
        """
        return self._connection() if writes is None else self._writing(writes)

    async def dedicated_connection(self, **settings: str) -> Connection:
        """A connection outside the pool, which the caller owns and closes.

        Args:
            settings: server settings on top of those that every connection has.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        try:
            connection = await self._connector.open(timeout_seconds=_ATTEMPT_TIMEOUT_SECONDS, **settings)
        except CONNECT_ERRORS as error:
            raise UnavailableError from error
        connection.add_query_logger(self._report)
        return connection

    def discard(self, connection: Connection, error: BaseException | None) -> None:
        """Close a dedicated connection, cancelling what still runs on it. `error` is what it has failed with."""
        self._pool.bury(connection)
        if error is not None and is_stale(error):
            self._pool.expire()

    async def check(self) -> None:
        """Ask whether the database takes writes. Raises UnavailableError when it does not say so within 2 s."""
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS), self._connection() as connection:
                read_only = await connection.fetchval("SHOW transaction_read_only", timeout=ANSWER_TIMEOUT_SECONDS)
                if read_only == "on":
                    raise asyncpg.ReadOnlySQLTransactionError("the server takes no writes")
        except TimeoutError as error:
            raise UnavailableError from error

    async def close(self) -> None:
        """Close every pooled connection; those still in use after 1 s are cut off."""
        await self._pool.close(timeout_seconds=CLOSE_TIMEOUT_SECONDS)

    @asynccontextmanager
    async def _transaction(self, writes: str | None, begin: str) -> AsyncGenerator[Connection]:
        async with self._writing(writes) as connection, transaction_on(connection, begin=begin):
            yield connection

    @asynccontextmanager
    async def _writing(self, writes: str | None) -> AsyncGenerator[Connection]:
        async with AsyncExitStack() as stack:
            try:
                place = self._bulkheads.place(writes, timeout_seconds=ACQUIRE_TIMEOUT_SECONDS)
                await stack.enter_async_context(place)
            except TimeoutError as error:
                raise UnavailableError from error
            yield await stack.enter_async_context(self._connection())

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[Connection]:
        try:
            async with self._borrowed() as connection:
                if not self.on_statement:
                    yield connection
                    return
                connection.add_query_logger(self._report)
                try:
                    yield connection
                finally:
                    connection.remove_query_logger(self._report)
        except Exception as error:
            if is_connectivity_error(error) or is_contention(error):
                self.unavailable += 1
                raise UnavailableError from error
            raise

    @asynccontextmanager
    async def _borrowed(self) -> AsyncGenerator[Connection]:
        async with asyncio.timeout(ACQUIRE_TIMEOUT_SECONDS):
            connection = await self._pool.acquire()
        try:
            yield connection
        except BaseException as error:
            if is_stale(error):
                self._pool.expire()
            self._pool.release(connection, is_sound=not breaks_connection(error))
            raise
        self._pool.release(connection, is_sound=True)

    async def _open_for_pool(self) -> Connection:
        try:
            connection = await self._connector.open(timeout_seconds=_ATTEMPT_TIMEOUT_SECONDS)
        except CONNECT_ERRORS as error:
            raise UnavailableError from error  # also a refusal: somebody has changed a password
        try:
            # Meet bigint[] now: asyncpg asks the catalog about it once a connection, and not under somebody's request.
            await connection.fetchval("SELECT '{}'::bigint[]")
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _read_version(self, timeout_seconds: float) -> int:
        connection = await self._connector.open(timeout_seconds=timeout_seconds)
        try:
            return connection.get_server_version().major
        finally:
            await say_goodbye(connection)

    def _report(self, query: Any) -> None:
        for listener in self.on_statement:
            listener(query.query)
