"""Fixtures for every test: one PostgreSQL a session, with a fresh database for each test that asks, and one Valkey."""

import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hyred_chat.broker.embedded import ValkeyServer
from hyred_chat.db.embedded import EmbeddedPostgres, start_embedded
from hyred_chat.db.pool import Database
from tests.postgres import SCHEMA, PrivatePostgres, Standby, TemplateServer, copy_cluster, new_home
from tests.valkey import start_valkey


def pytest_configure(config: pytest.Config) -> None:
    """Let the processes that tests start hear every signal, and keep their folders out of other runs' reach.

    Under `nohup`, or in the background of a script, SIGHUP and SIGINT are ignored, and children inherit that. A signal
    that has a handler is as it is by default in them, and still does nothing here.

    Each run of pytest takes all rights of others away from the folder that the runs of one user share. An embedded
    PostgreSQL, which has an account of its own where root runs the tests, could no longer reach its data in it.
    """
    if "PYTEST_DEBUG_TEMPROOT" not in os.environ:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(home := new_home())
        config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for number in (signal.SIGHUP, signal.SIGINT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda _number, _frame: None)


@pytest.fixture(scope="session")
def pristine_cluster() -> Iterator[Path]:
    """A PostgreSQL data directory as the first start makes it. Nobody uses it; tests copy it."""
    home = new_home()
    start_embedded(home).stop()
    yield home / "postgres"
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def embedded_postgres(pristine_cluster: Path) -> Iterator[EmbeddedPostgres]:
    """The session's PostgreSQL. Durability is on, as in production."""
    home = new_home()
    copy_cluster(pristine_cluster, home / "postgres")
    server = start_embedded(home)
    yield server
    server.stop()
    shutil.rmtree(home)


@pytest.fixture(scope="session")
async def template_server(embedded_postgres: EmbeddedPostgres) -> AsyncIterator[TemplateServer]:
    """Makes and drops databases: `create()` gives a migrated one's URL, `drop(url)` takes it away."""
    server = await TemplateServer.connect(embedded_postgres.url)
    yield server
    await server.close()


@pytest.fixture
async def database_url(template_server: TemplateServer) -> AsyncIterator[str]:
    """A migrated, empty database of the test's own."""
    url = await template_server.create()
    yield url
    await template_server.drop(url)


@pytest.fixture
async def empty_database_url(template_server: TemplateServer) -> AsyncIterator[str]:
    """A database without any of our tables."""
    url = await template_server.create("template1")
    yield url
    await template_server.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A connected pool on `database_url`."""
    pool = await Database.connect(database_url, schema=SCHEMA, pool_size=8)
    yield pool
    await pool.close()


@pytest.fixture
def private_postgres(pristine_cluster: Path) -> Iterator[PrivatePostgres]:
    """A running PostgreSQL of the test's own, to be stopped and started."""
    server = PrivatePostgres(pristine_cluster)
    server.start()
    yield server
    server.remove()


@pytest.fixture
def standby(private_postgres: PrivatePostgres) -> Iterator[Standby]:
    """A server that follows `private_postgres`."""
    server = Standby(private_postgres)
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def valkey() -> Iterator[ValkeyServer]:
    """The session's Valkey, for tests that use a prefix of their own and leave it in peace."""
    server = start_valkey()
    yield server
    server.remove()


@pytest.fixture
def private_valkey() -> Iterator[ValkeyServer]:
    """A running, empty Valkey of the test's own on a port, to be stopped and started."""
    server = start_valkey(on_port=True, options=("--enable-debug-command", "yes"))
    yield server
    server.remove()
