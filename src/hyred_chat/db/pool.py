"""Connections to PostgreSQL: a pool with bounded waits that outlives the database's restarts."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from hyred_chat.config_values import check_schema_name
from hyred_chat.errors import UnavailableError

if TYPE_CHECKING:
    DedicatedConnection = asyncpg.Connection[asyncpg.Record]
    Connection = DedicatedConnection | PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    DedicatedConnection = asyncpg.Connection
    Connection = asyncpg.Connection | PoolConnectionProxy
    Pool = asyncpg.Pool

ACQUIRE_TIMEOUT_SECONDS = 5.0
CHECK_TIMEOUT_SECONDS = 2.0
CLOSE_TIMEOUT_SECONDS = 1.0
CONNECT_TIMEOUT_SECONDS = 10.0
CONNECT_RETRY_SECONDS = 0.25
# The server ends a statement that runs too long. When the server itself is silent, the client gives up a little later.
STATEMENT_TIMEOUT_SECONDS = 15
SILENCE_TIMEOUT_SECONDS = 20.0
OLDEST_SERVER_VERSION = 14

# One attempt to connect may not take longer than somebody waits for a connection.
_ATTEMPT_TIMEOUT_SECONDS = 4.0


def is_connectivity_error(error: BaseException) -> bool:
    """Whether the database could not be reached or could not go on: nothing was committed as far as we know.

    A statement of ours that is wrong (a constraint, a type, a syntax error) is not one of these.
    """
    if isinstance(error, asyncpg.InterfaceError):
        # Data errors are interface errors too, and their texts hold what the user sent: only the class itself is read.
        # A pooled connection that breaks between two statements counts as given back.
        gone = re.search(r"\b(closed|closing|released back to the pool)\b", str(error))
        return type(error) is asyncpg.InterfaceError and gone is not None
    return isinstance(
        error,
        (
            OSError,  # TimeoutError is one
            asyncpg.PostgresConnectionError,
            asyncpg.OperatorInterventionError,  # shut down, starting up, statement timeout
            asyncpg.InsufficientResourcesError,  # too many connections, disk full, out of memory
            asyncpg.ReadOnlySQLTransactionError,  # a stand-by after a fail-over
        ),
    )


def server_settings(schema: str) -> dict[str, str]:
    """What every connection tells the server when it starts a session. Raises ValueError for what names no schema."""
    return {
        "search_path": f'"{check_schema_name(schema)}"',
        "application_name": "hyred-chat",
        # Compiling a statement costs more than any statement here takes.
        "jit": "off",
        "statement_timeout": str(STATEMENT_TIMEOUT_SECONDS * 1000),
    }


class Database:
    """A pool of connections, and connections beside it for those who keep one for themselves.

    Session state does not survive on pooled connections and is not reset either (that would cost a round trip each
    time): whoever wants to LISTEN, SET or hold a session's lock takes a dedicated connection.

    Attributes:
        on_statement: called with the SQL of every statement that `execute`, `executemany` and the `fetch` methods run,
            BEGIN and COMMIT included, one turn of the event loop after it has ended. Not called for COPY, cursors and
            explicitly prepared statements (asyncpg prepares and caches by itself what `fetch` is given).
    """

    def __init__(self, url: str, *, schema: str, pool: Pool) -> None:
        self.schema = schema
        self.on_statement: list[Callable[[str], None]] = []
        self._url = url
        self._pool = pool

    @classmethod
    async def connect(
        cls, url: str, *, schema: str, pool_size: int, timeout_seconds: float = CONNECT_TIMEOUT_SECONDS
    ) -> Self:
        """Open the pool, waiting for a database that is still starting.

        Args:
            url: `postgresql://user:password@host:port/name`; for a Unix socket, `…@/name?host=DIRECTORY`.
            schema: the PostgreSQL schema in which the tables are.
            pool_size: the most connections open at once.
            timeout_seconds: how long to wait for the database.

        Raises:
            UnavailableError: it cannot be reached, refuses us, or is too old; the message says which.
        """
        deadline = time.monotonic() + timeout_seconds
        while True:
            try:
                pool = await asyncpg.create_pool(
                    url,
                    # One at first, so that a wrong setting shows. The rest are opened when needed, and then kept.
                    init_size=1,
                    min_size=0,
                    max_size=pool_size,
                    max_inactive_connection_lifetime=0,
                    init=_learn_types,
                    reset=_keep_session,
                    timeout=min(_ATTEMPT_TIMEOUT_SECONDS, timeout_seconds),
                    command_timeout=SILENCE_TIMEOUT_SECONDS,
                    server_settings=server_settings(schema),
                )
                break
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                if not is_connectivity_error(error) or time.monotonic() + CONNECT_RETRY_SECONDS > deadline:
                    raise UnavailableError(f"The database cannot be reached: {_reason(error)}.") from error
                await asyncio.sleep(CONNECT_RETRY_SECONDS)
        database = cls(url, schema=schema, pool=pool)
        await database._check_version()
        return database

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """A pooled connection inside a transaction, committed at the end of the block.

        Raises:
            UnavailableError: no connection came free within 5 s, or the database went away, at any point of the block.
        """
        return self._transaction()

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A pooled connection on which every statement commits by itself. Raises as `transaction` does."""
        return self._connection()

    async def dedicated_connection(self, **settings: str) -> DedicatedConnection:
        """A connection outside the pool, which the caller owns and closes.

        Args:
            settings: server settings on top of those that every connection has.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        try:
            connection = await asyncpg.connect(
                self._url,
                timeout=_ATTEMPT_TIMEOUT_SECONDS,
                command_timeout=SILENCE_TIMEOUT_SECONDS,
                server_settings=server_settings(self.schema) | settings,
            )
        except Exception as error:
            if is_connectivity_error(error):
                raise UnavailableError from error
            raise
        connection.add_query_logger(self._report)
        return connection

    async def check(self) -> None:
        """Ask the database for a sign of life. Raises UnavailableError when there is none within 2 s."""
        try:
            async with asyncio.timeout(CHECK_TIMEOUT_SECONDS), self._connection() as connection:
                try:
                    await connection.execute("SELECT 1")
                except BaseException:
                    # To give it back, asyncpg would first wait for an answer to its request to cancel.
                    connection.terminate()
                    raise
        except TimeoutError as error:
            raise UnavailableError from error

    async def close(self) -> None:
        """Close every pooled connection; those still in use after 1 s are cut off."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_SECONDS):
                await self._pool.close()  # cuts them off when it is cancelled

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[Connection]:
        async with self._connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[Connection]:
        try:
            async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_SECONDS) as connection:
                if not self.on_statement:
                    yield connection
                    return
                connection.add_query_logger(self._report)
                try:
                    yield connection
                finally:
                    connection.remove_query_logger(self._report)
        except Exception as error:
            if is_connectivity_error(error):
                raise UnavailableError from error
            raise

    async def _check_version(self) -> None:
        async with self._connection() as connection:
            version = connection.get_server_version().major
        if version < OLDEST_SERVER_VERSION:
            await self.close()
            raise UnavailableError(f"The database is PostgreSQL {version}; {OLDEST_SERVER_VERSION} or newer is needed.")

    def _report(self, query: Any) -> None:
        for listener in self.on_statement:
            listener(query.query)


async def _learn_types(connection: Any) -> None:
    """Meet bigint[] now: asyncpg asks the catalog about it once a connection, and not under somebody's request."""
    await connection.fetchval("SELECT '{}'::bigint[]")


async def _keep_session(_connection: Any) -> None:
    """Instead of the statement with which asyncpg would reset the session."""


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return str(error).strip().rstrip(".") or type(error).__name__
