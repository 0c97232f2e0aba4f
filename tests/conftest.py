"""Fixtures for every test: one PostgreSQL a session, a fresh copy of a migrated database for each test that asks."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hyred_chat.db.embedded import EmbeddedPostgres, start_embedded
from hyred_chat.db.pool import Database
from tests.postgres import SCHEMA, PrivatePostgres, TemplateServer


@pytest.fixture(scope="session")
def embedded_postgres() -> Iterator[EmbeddedPostgres]:
    """The session's PostgreSQL. Durability is on, as in production."""
    data_dir = Path(tempfile.mkdtemp(prefix="hyred-tests-"))
    server = start_embedded(data_dir)
    yield server
    server.stop()
    shutil.rmtree(data_dir)


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
def private_postgres() -> Iterator[PrivatePostgres]:
    """A running PostgreSQL of the test's own, to be stopped and started."""
    server = PrivatePostgres()
    server.start()
    yield server
    server.remove()
