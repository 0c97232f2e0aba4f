"""The pool: what its connections are like, and what happens while PostgreSQL is away."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from hyred_chat.db.connecting import server_settings
from hyred_chat.db.pool import Database
from hyred_chat.errors import UnavailableError
from tests.postgres import SCHEMA, PrivatePostgres, replace_database, wait_in_postgres

INSERT_USER = "INSERT INTO users (id, email, role) VALUES ($1, $1 || '@example.com', 'va')"


@pytest.fixture(scope="module")
def stoppable_postgres(pristine_cluster: Path) -> Iterator[PrivatePostgres]:
    server = PrivatePostgres(pristine_cluster)
    yield server
    server.remove()


@pytest.fixture
def private_postgres(stoppable_postgres: PrivatePostgres) -> PrivatePostgres:
    """One for all tests here, running again whatever the test before has done to it: they keep nothing in it."""
    stoppable_postgres.thaw()
    stoppable_postgres.start()
    return stoppable_postgres


async def count_users(database: Database) -> int:
    async with database.connection() as connection:
        count: int = await connection.fetchval("SELECT count(*) FROM users")
        return count


async def test_connections_see_only_the_schema_and_have_bounded_statements(database: Database) -> None:
    async with database.connection() as connection:
        for name, expected in server_settings(SCHEMA).items():
            shown = await connection.fetchval("SELECT setting FROM pg_settings WHERE name = $1", name)
            assert shown == expected


async def test_a_transaction_commits_at_the_end_of_its_block(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(INSERT_USER, "ana")
    assert await count_users(database) == 1


async def test_a_transaction_whose_block_raises_stores_nothing(database: Database) -> None:
    async def insert_and_fail() -> None:
        async with database.transaction() as connection:
            await connection.execute(INSERT_USER, "ana")
            raise LookupError

    with pytest.raises(LookupError):
        await insert_and_fail()
    assert await count_users(database) == 0


async def test_a_wrong_statement_keeps_its_own_error(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(INSERT_USER, "ana")

    async def insert_again() -> None:
        async with database.transaction() as connection:
            await connection.execute(INSERT_USER, "ana")

    with pytest.raises(asyncpg.UniqueViolationError):
        await insert_again()


async def test_a_pool_without_a_free_connection_is_unavailable_after_its_timeout(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await Database.connect(database_url, schema=SCHEMA, pool_size=1)
    async with database.connection():
        monkeypatch.setattr("hyred_chat.db.pool.ACQUIRE_TIMEOUT_SECONDS", 0.1)  # no sooner: one was to be opened
        with pytest.raises(UnavailableError):
            async with database.connection():
                pass
    await database.close()


async def test_a_closed_pool_is_unavailable(database_url: str) -> None:
    database = await Database.connect(database_url, schema=SCHEMA, pool_size=1)
    await database.close()
    with pytest.raises(UnavailableError):
        await database.check()


async def test_close_cuts_off_a_connection_that_is_not_given_back(database_url: str) -> None:
    database = await Database.connect(database_url, schema=SCHEMA, pool_size=1)
    closed = False

    async def close_while_connected() -> None:
        nonlocal closed
        async with database.connection() as connection:
            await database.close()
            closed = True
            await connection.execute("SELECT 1")

    with pytest.raises(UnavailableError):
        await close_while_connected()
    assert closed


async def test_a_dedicated_connection_has_the_pools_settings_and_its_own(database: Database) -> None:
    connection = await database.dedicated_connection(application_name="hyred-chat lane", synchronous_commit="off")
    assert await connection.fetchval("SHOW application_name") == "hyred-chat lane"
    assert await connection.fetchval("SHOW synchronous_commit") == "off"
    assert await connection.fetchval("SHOW jit") == "off"
    assert await connection.fetchval("SELECT count(*) FROM users") == 0
    await connection.close()


async def test_listeners_hear_every_statement_of_pooled_and_dedicated_connections(database: Database) -> None:
    dedicated = await database.dedicated_connection()
    heard: list[str] = []
    database.on_statement.append(heard.append)
    async with database.transaction() as connection:
        await connection.fetchrow("SELECT $1::int", 1)
        await connection.executemany("SELECT $1::int", [(1,), (2,)])
    await dedicated.execute("SELECT 3")
    await asyncio.sleep(0)  # asyncpg tells its listeners in the loop's next turn
    database.on_statement.clear()
    assert await count_users(database) == 0
    await dedicated.close()
    assert heard == ["BEGIN;", "SELECT $1::int", "SELECT $1::int", "COMMIT;", "SELECT 3"]


async def test_giving_a_connection_back_costs_no_statement(database: Database) -> None:
    seen = "SELECT pid, query FROM pg_stat_activity WHERE pid = $1"
    async with database.connection() as connection:
        pid = connection.get_server_pid()
        await connection.execute("SELECT 'the last one'")
    observer = await database.dedicated_connection()
    assert (await observer.fetchrow(seen, pid))["query"] == "SELECT 'the last one'"  # type: ignore[index]
    await observer.close()


async def test_a_database_that_does_not_exist_is_named_at_once(database_url: str) -> None:
    async with asyncio.timeout(5):
        with pytest.raises(UnavailableError, match='database "nowhere" does not exist'):
            await Database.connect(replace_database(database_url, "nowhere"), schema=SCHEMA, pool_size=1)


async def test_connecting_waits_for_a_database_that_is_still_starting(private_postgres: PrivatePostgres) -> None:
    private_postgres.stop()
    connecting = asyncio.create_task(Database.connect(private_postgres.url, schema=SCHEMA, pool_size=1))
    await asyncio.to_thread(private_postgres.start)
    database = await connecting
    await database.check()
    await database.close()


async def test_connecting_gives_up_after_its_timeout_and_says_why(private_postgres: PrivatePostgres) -> None:
    private_postgres.stop()
    with pytest.raises(UnavailableError, match=r"cannot be reached: .*No such file"):
        await Database.connect(private_postgres.url, schema=SCHEMA, pool_size=1, timeout_seconds=0.3)


@pytest.mark.parametrize("immediate", [False, True])
async def test_a_pool_is_unavailable_while_postgres_is_stopped_and_recovers_by_itself(
    private_postgres: PrivatePostgres, immediate: bool
) -> None:
    database = await Database.connect(private_postgres.url, schema=SCHEMA, pool_size=2)
    async with database.connection(), database.connection():
        pass  # so that both connections are open, and broken afterwards
    await asyncio.to_thread(private_postgres.stop, immediate=immediate)
    started = time.monotonic()
    for attempt in (database.check, database.dedicated_connection, lambda: count_users(database)):
        with pytest.raises(UnavailableError):
            await attempt()
    assert time.monotonic() - started < 1
    await asyncio.to_thread(private_postgres.start)
    await asyncio.gather(*(database.check() for _ in range(4)))
    await database.close()


@pytest.mark.parametrize("method", ["connection", "transaction"])
async def test_a_connection_that_breaks_between_two_statements_is_unavailable(database: Database, method: str) -> None:
    killer = await database.dedicated_connection()

    async def break_off() -> None:
        async with getattr(database, method)() as connection, asyncio.timeout(5):
            await connection.execute("SELECT 1")
            broken = asyncio.Event()
            connection.add_termination_listener(lambda _: broken.set())
            await killer.execute("SELECT pg_terminate_backend($1)", connection.get_server_pid())
            await broken.wait()
            await connection.execute(INSERT_USER, "ana")

    with pytest.raises(UnavailableError):
        await break_off()
    assert await count_users(database) == 0
    await killer.close()


async def test_a_frozen_postgres_fails_the_check_within_its_timeout_and_works_again_afterwards(
    private_postgres: PrivatePostgres,
) -> None:
    database = await Database.connect(private_postgres.url, schema=SCHEMA, pool_size=2)
    private_postgres.freeze()
    started = time.monotonic()
    with pytest.raises(UnavailableError):
        await database.check()
    assert time.monotonic() - started < 3
    private_postgres.thaw()
    await database.check()
    await database.close()


async def test_a_statement_under_way_when_postgres_stops_is_unavailable(private_postgres: PrivatePostgres) -> None:
    database = await Database.connect(private_postgres.url, schema=SCHEMA, pool_size=2)

    async def sleep_in_postgres() -> None:
        async with database.transaction() as connection:
            await connection.execute("SELECT pg_sleep(30)")

    sleeping = asyncio.create_task(sleep_in_postgres())
    observer = await database.dedicated_connection()
    await wait_in_postgres(observer, "EXISTS (SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)')")
    await observer.close()
    await asyncio.to_thread(private_postgres.stop)
    with pytest.raises(UnavailableError):
        await sleeping
    await database.close()


@pytest.mark.parametrize("schema", ["", "Hire", "pg_hire", "1st", 'a"b', "a b", "x" * 64])
def test_a_schema_name_that_is_no_plain_identifier_is_refused(schema: str) -> None:
    with pytest.raises(ValueError, match="plain PostgreSQL name"):
        server_settings(schema)
