"""What an error of the database means: for whoever asked, for the connection it came from, and for all the others."""

import re
from collections.abc import Iterator

import asyncpg


def is_connectivity_error(error: BaseException) -> bool:
    """Whether the database could not be reached or could not go on: nothing was committed as far as we know.

    A statement of ours that is wrong (a constraint, a type, a syntax error) is not one of these.
    """
    return is_stale(error) or isinstance(
        error,
        (
            asyncpg.QueryCanceledError,  # the statement timeout
            asyncpg.InsufficientResourcesError,  # too many connections, disk full, out of memory
            asyncpg.PostgresSystemError,  # the server could not read or write a file
        ),
    )


def is_contention(error: BaseException) -> bool:
    """Whether somebody else's transaction stood in the way. Nothing was stored, and trying again is right."""
    return isinstance(error, (asyncpg.LockNotAvailableError, asyncpg.TransactionRollbackError))


def is_stale(error: BaseException) -> bool:
    """Whether the connection is of no use any more, nor any other that was opened before this happened.

    The server has gone, says nothing, has become a standby, or its tables have changed under prepared statements.
    """
    if isinstance(error, asyncpg.InterfaceError):
        # Data errors are interface errors too, and their texts hold what the user sent: only the class itself is read.
        return type(error) is asyncpg.InterfaceError and re.search(r"\b(closed|closing)\b", str(error)) is not None
    return isinstance(
        error,
        (
            OSError,  # TimeoutError is one
            # asyncpg is in a state that it did not expect, as between the server's last words and the socket's end.
            # No host that takes writes is one of these too.
            asyncpg.InternalClientError,
            asyncpg.InvalidCachedStatementError,
            asyncpg.PostgresConnectionError,
            asyncpg.AdminShutdownError,
            asyncpg.CrashShutdownError,
            asyncpg.CannotConnectNowError,
            asyncpg.DatabaseDroppedError,
            asyncpg.IdleSessionTimeoutError,
            asyncpg.IdleInTransactionSessionTimeoutError,
            asyncpg.TransactionTimeoutError,
            asyncpg.ReadOnlySQLTransactionError,  # a standby after a failover
        ),
    )


def breaks_connection(error: BaseException) -> bool:
    """Whether a connection is thrown away on which somebody was left with this error.

    That is so, too, when nobody waited for the answer to a statement: closing the connection cancels the statement.
    """
    return (
        not isinstance(error, Exception)  # cancelled
        or type(error) is asyncpg.InterfaceError
        or is_stale(error)
    )


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that it was raised from: libraries wrap what the driver has raised."""
    while error is not None:
        yield error
        error = error.__cause__


def describe(error: BaseException) -> str:
    """What an operator is told of it, without a full stop."""
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return str(error).strip().rstrip(".") or type(error).__name__
