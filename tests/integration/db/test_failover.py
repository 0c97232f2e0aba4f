"""Connections that are of no use any more: a server that became read-only, was replaced, ended them, or fell silent."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from hyred_chat.db import connecting, connections
from hyred_chat.db.connecting import connect_for_upkeep
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import UnavailableError
from hyred_chat.messages.lane_connection import ATTEMPT_TIMEOUT_SECONDS, LaneConnection
from tests.faulty_proxy import lossy_proxy
from tests.postgres import SCHEMA, PrivatePostgres, Standby, join_hosts, wait_for_setting, wait_in_postgres

POOL_SIZE = 4
WRITE = "SELECT pg_notify('nobody', ''), nextval('numbers')"


@asynccontextmanager
async def pool_on(url: str) -> AsyncIterator[Database]:
    """A pool whose connections are all open."""
    database = await Database.connect(url, schema=SCHEMA, pool_size=POOL_SIZE)
    await fill(database)
    yield database
    await database.close()


async def fill(database: Database) -> None:
    """Have all connections of a pool opened, and given back."""
    together = asyncio.Barrier(POOL_SIZE)

    async def hold() -> None:
        async with database.connection():
            await together.wait()

    await asyncio.gather(*(hold() for _ in range(POOL_SIZE)))


async def make_numbers(server: PrivatePostgres) -> None:
    connection = await asyncpg.connect(server.url)
    await connection.execute(f"CREATE SCHEMA {SCHEMA}; CREATE SEQUENCE {SCHEMA}.numbers")
    await connection.close()


async def write(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute(WRITE)


async def count_refusals(database: Database) -> int:
    """Write until it succeeds: how often it was refused as unavailable."""
    for refusals in range(20):
        try:
            await write(database)
        except UnavailableError:
            continue
        return refusals
    raise AssertionError("it never succeeds")


async def run_on(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


async def test_writes_go_to_the_new_primary_when_the_old_one_takes_none_any_more(
    private_postgres: PrivatePostgres, standby: Standby
) -> None:
    """The old one is not stopped, and its connections stay open: nothing but its refusal says what has happened."""
    await make_numbers(private_postgres)
    async with pool_on(join_hosts(private_postgres, standby)) as database:
        await write(database)
        await asyncio.to_thread(standby.promote)
        await run_on(private_postgres.url, "ALTER SYSTEM SET default_transaction_read_only = on")
        await run_on(private_postgres.url, "SELECT pg_reload_conf()")
        async with database.connection() as connection:
            pid = connection.get_server_pid()
        watcher = await asyncpg.connect(private_postgres.url)
        await wait_for_setting(watcher, "default_transaction_read_only", "on")
        await watcher.close()
        assert await count_refusals(database) <= 1
        async with database.connection() as connection:
            assert connection.get_server_pid() != pid
            assert await connection.fetchval("SELECT pg_is_in_recovery()") is False


async def test_writes_go_to_the_promoted_standby_when_the_primary_is_gone(
    private_postgres: PrivatePostgres, standby: Standby
) -> None:
    await make_numbers(private_postgres)
    async with pool_on(join_hosts(private_postgres, standby)) as database:
        await asyncio.to_thread(private_postgres.stop, immediate=True)
        with pytest.raises(UnavailableError):
            await write(database)
        with pytest.raises(UnavailableError):
            await database.check()
        await asyncio.to_thread(standby.promote)
        await write(database)
        await database.check()


async def test_a_standby_alone_is_no_database(standby: Standby) -> None:
    with pytest.raises(UnavailableError, match="read-write"):
        await Database.connect(standby.url, schema=SCHEMA, pool_size=1, timeout_seconds=0.3)


async def test_one_refusal_of_a_read_only_connection_replaces_all_of_them(database: Database) -> None:
    async def turn_read_only() -> None:
        together = asyncio.Barrier(8)

        async def turn() -> None:
            async with database.connection() as connection:
                await connection.execute("SET default_transaction_read_only = on")
                await together.wait()

        await asyncio.gather(*(turn() for _ in range(8)))

    async def insert(number: int) -> None:
        async with database.connection() as connection:
            await connection.execute("INSERT INTO users (id, email, role) VALUES ($1, $1, 'va')", f"user-{number}")

    await turn_read_only()
    with pytest.raises(UnavailableError):
        await insert(0)
    await asyncio.gather(*(insert(number) for number in range(8)))
    await turn_read_only()
    with pytest.raises(UnavailableError):
        await database.check()
    await database.check()


async def test_connections_that_fell_silent_cost_one_wait_and_not_one_each(
    private_postgres: PrivatePostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than a busy machine takes to open a connection.
    monkeypatch.setattr(connecting, "SILENCE_TIMEOUT_SECONDS", 2.0)
    monkeypatch.setattr(connections, "FAREWELL_TIMEOUT_SECONDS", 0.1)
    await make_numbers(private_postgres)
    async with lossy_proxy(private_postgres.url) as proxy, pool_on(proxy.url) as database:
        proxy.silence()
        assert await count_refusals(database) == 1
        for _ in range(POOL_SIZE):
            await write(database)


async def test_a_check_of_a_silent_connection_replaces_all_of_them(
    private_postgres: PrivatePostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "FAREWELL_TIMEOUT_SECONDS", 0.1)
    await make_numbers(private_postgres)
    async with lossy_proxy(private_postgres.url) as proxy, pool_on(proxy.url) as database:
        proxy.silence()
        with pytest.raises(UnavailableError):
            await database.check()
        assert await count_refusals(database) == 0


@pytest.mark.parametrize("ended_when", ["idle", "in use"])
async def test_connections_that_postgres_ends_are_unavailable_and_never_a_fault_of_ours(
    database: Database, ended_when: str
) -> None:
    """asyncpg is in a state of its own between the server's last words and the end of the socket."""
    killer = await database.dedicated_connection()
    end_all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> $1"

    async def sleep() -> None:
        async with database.connection() as connection:
            await connection.execute("SELECT pg_sleep(10)")

    async def read() -> None:
        async with database.connection() as connection:
            await connection.fetchval("SELECT count(*) FROM users")

    for _ in range(20):
        sleepers = []
        if ended_when == "in use":
            sleepers = [asyncio.create_task(sleep()) for _ in range(4)]
            await wait_in_postgres(
                killer,
                "(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND query = 'SELECT pg_sleep(10)' AND state = 'active') = 4",
            )
        await killer.fetch(end_all, killer.get_server_pid())
        results = await asyncio.gather(*sleepers, *(read() for _ in range(12)), return_exceptions=True)
        assert {type(result) for result in results if result is not None} <= {UnavailableError}
        await read()
    await killer.close()


async def test_a_statement_ends_when_nobody_waits_for_it_any_more(database: Database) -> None:
    watcher = await database.dedicated_connection()
    sleeping = "EXISTS (SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(9)' AND state = 'active')"

    async def sleep() -> None:
        async with asyncio.timeout(0.2), database.connection() as connection:
            await connection.execute("SELECT pg_sleep(9)")

    with pytest.raises(TimeoutError):
        await sleep()
    await wait_in_postgres(watcher, f"NOT {sleeping}")
    await watcher.close()


async def test_a_statement_that_waits_for_a_lock_ends_when_its_client_is_cut_off(database: Database) -> None:
    """As when a process is killed: without being asked, the server finds out that nobody is there."""
    async with database.connection() as connection:
        await connection.execute("INSERT INTO users (id, email, role) VALUES ('ana', 'ana', 'va')")
    watcher, victim = await database.dedicated_connection(), await database.dedicated_connection(lock_timeout="0")
    waits = "EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
    async with database.transaction() as blocker:
        await blocker.execute("SELECT FROM users FOR UPDATE")
        waiting = asyncio.create_task(victim.execute("UPDATE users SET role = 'admin'"))
        await wait_in_postgres(watcher, waits)
        victim.terminate()
        await asyncio.gather(waiting, return_exceptions=True)
        await wait_in_postgres(watcher, f"NOT {waits}")
    assert await watcher.fetchval("SELECT role FROM users") == "va"
    await watcher.close()


async def test_every_connection_bounds_how_long_a_transaction_may_do_nothing(
    database: Database, database_url: str
) -> None:
    lane = LaneConnection(database)
    upkeep = await connect_for_upkeep(database_url, database.schema, lock_timeout_seconds=1)
    listener = await database.dedicated_connection()
    async with database.connection() as pooled:
        for connection in (pooled, await lane.get(ATTEMPT_TIMEOUT_SECONDS), listener, upkeep):
            assert await connection.fetchval("SHOW idle_in_transaction_session_timeout") == "10s"
    lane.drop(None)
    await listener.close()
    await upkeep.close()


async def test_a_transaction_of_ours_that_does_nothing_lets_go_of_its_locks(database: Database) -> None:
    async def dawdle() -> None:
        async with database.transaction() as connection, asyncio.timeout(5):
            await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 50")
            ended = asyncio.Event()
            connection.add_termination_listener(lambda _: ended.set())
            await ended.wait()
            await connection.execute("SELECT 1")

    with pytest.raises(UnavailableError):
        await dawdle()


async def test_somebody_else_s_lock_is_waited_for_no_longer_than_its_bound(database: Database) -> None:
    async def lock(milliseconds: int) -> None:
        async with database.transaction() as connection:
            await connection.execute(f"SET LOCAL lock_timeout = {milliseconds}")
            await connection.execute("LOCK TABLE users")

    async with database.transaction() as blocker:
        await blocker.execute("LOCK TABLE users")
        with pytest.raises(UnavailableError):
            await lock(50)
    await lock(50)


async def test_a_connection_that_has_reached_its_age_is_replaced(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def pid() -> int:
        async with database.connection() as connection:
            return connection.get_server_pid()

    database = await Database.connect(database_url, schema=SCHEMA, pool_size=1)
    first = await pid()
    assert await pid() == first
    monkeypatch.setattr(connections, "MAX_AGE_SECONDS", 0.0)
    database._pool.expire()
    second = await pid()
    assert second != first
    assert await pid() != second
    await database.close()


async def test_a_host_that_does_not_answer_does_not_use_up_the_others_time(private_postgres: PrivatePostgres) -> None:
    """Its connections are taken by the kernel, and nobody ever says a word on them."""
    async with lossy_proxy(private_postgres.url) as proxy:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            url = proxy.url.replace("@", f"@127.0.0.1:{port},")
            database = await Database.connect(url, schema=SCHEMA, pool_size=POOL_SIZE)
            started = time.monotonic()
            await fill(database)
            assert time.monotonic() - started < 1, "the one that answered last is asked first"
            await database.close()


async def test_the_kernel_watches_network_connections(private_postgres: PrivatePostgres) -> None:
    async with lossy_proxy(private_postgres.url) as proxy:
        database = await Database.connect(proxy.url, schema=SCHEMA, pool_size=1)
        async with database.connection() as connection:
            assert _option(connection, "SOL_SOCKET", "SO_KEEPALIVE") == 1
            for name, value in connecting._TCP_OPTIONS.items():
                assert _option(connection, "IPPROTO_TCP", name) == value
        await database.close()


def _option(connection: Connection, level: str, name: str) -> int:
    endpoint = connection._transport.get_extra_info("socket")  # type: ignore[attr-defined]
    value: int = endpoint.getsockopt(getattr(socket, level), getattr(socket, name))
    return value
