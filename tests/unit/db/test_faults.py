"""What an error of the database means for its connection and for whoever asked."""

import asyncio

import asyncpg
import pytest

from hyred_chat.db.faults import breaks_connection, is_connectivity_error, is_contention, is_stale

GONE = [
    TimeoutError(),
    ConnectionRefusedError(),
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.InterfaceError("the underlying connection is closed"),
    asyncpg.ConnectionDoesNotExistError(),
    asyncpg.CannotConnectNowError(),
    asyncpg.AdminShutdownError(),
    asyncpg.CrashShutdownError(),
    asyncpg.DatabaseDroppedError(),
    asyncpg.IdleSessionTimeoutError(),
    asyncpg.IdleInTransactionSessionTimeoutError(),
    asyncpg.ReadOnlySQLTransactionError(),
    asyncpg.InvalidCachedStatementError(),
    asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
    asyncpg.ProtocolError("unexpected message"),
    asyncpg.TargetServerAttributeNotMatched(),
    asyncpg.OutdatedSchemaCacheError("a type has changed"),
]
EXHAUSTED = [
    asyncpg.QueryCanceledError(),
    asyncpg.TooManyConnectionsError(),
    asyncpg.DiskFullError(),
    asyncpg.OutOfMemoryError(),
    asyncpg.PostgresIOError(),
]
CONTENTION = [asyncpg.LockNotAvailableError(), asyncpg.DeadlockDetectedError(), asyncpg.SerializationError()]
OURS = [
    asyncpg.InterfaceError("cannot perform operation: another operation is in progress"),
    asyncpg.DataError("invalid input for query argument $1: 'the shop is closed'"),
    asyncpg.UniqueViolationError(),
    asyncpg.PostgresSyntaxError(),
    ValueError("closed"),
    LookupError(),
]


def _name(error: BaseException) -> str:
    return type(error).__name__


@pytest.mark.parametrize("error", GONE, ids=_name)
def test_a_server_that_is_gone_is_unavailable_and_no_connection_to_it_is_trusted(error: Exception) -> None:
    assert is_connectivity_error(error)
    assert is_stale(error)
    assert breaks_connection(error)


@pytest.mark.parametrize("error", EXHAUSTED, ids=_name)
def test_a_server_that_cannot_go_on_is_unavailable_and_its_connections_stay(error: Exception) -> None:
    assert is_connectivity_error(error)
    assert not is_stale(error)
    assert not breaks_connection(error)


@pytest.mark.parametrize("error", CONTENTION, ids=_name)
def test_somebody_else_s_transaction_in_the_way_is_contention_and_connections_stay(error: Exception) -> None:
    assert is_contention(error)
    assert not is_connectivity_error(error)
    assert not breaks_connection(error)


@pytest.mark.parametrize("error", OURS, ids=_name)
def test_a_fault_of_ours_is_neither(error: Exception) -> None:
    assert not is_connectivity_error(error)
    assert not is_contention(error)


@pytest.mark.parametrize("error", [asyncio.CancelledError(), GeneratorExit(), OURS[0]], ids=_name)
def test_a_connection_on_which_a_statement_may_still_run_is_thrown_away_alone(error: BaseException) -> None:
    assert breaks_connection(error)
    assert not is_stale(error)
