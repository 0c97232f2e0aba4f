"""Migrations: what they build, and what happens when they run twice, at once, or too late."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from hyred_chat.db import migrate
from hyred_chat.db.connecting import server_settings
from hyred_chat.db.migrate import MigrationError, head_revision, list_revisions, read_tables, upgrade
from hyred_chat.db.pool import Database
from hyred_chat.db.schema import metadata
from hyred_chat.errors import UnavailableError
from tests.integration.db.catalog import describe_schema
from tests.postgres import SCHEMA, Connection

UPGRADE = f"import sys; from hyred_chat.db.migrate import upgrade; print(upgrade(sys.argv[1], {SCHEMA!r})[0])"


@pytest.fixture
async def empty_database(empty_database_url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(empty_database_url)
    yield connection
    await connection.close()


async def test_migrations_build_exactly_the_tables_that_the_schema_describes(
    database_url: str, empty_database: Connection, empty_database_url: str
) -> None:
    await empty_database.execute(f"CREATE SCHEMA {SCHEMA}")
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(empty_database_url, server_settings=server_settings(SCHEMA)),
        poolclass=NullPool,
    )
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    migrated_database = await asyncpg.connect(database_url)
    migrated = await describe_schema(migrated_database, SCHEMA)
    await migrated_database.close()
    assert len(migrated) > 60
    assert migrated == await describe_schema(empty_database, SCHEMA)


def test_revisions_are_what_alembic_makes_of_the_files() -> None:
    config = Config()
    config.set_main_option("script_location", "hyred_chat.db:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert [script.revision for script in scripts.walk_revisions()][::-1] == list_revisions()
    assert scripts.get_current_head() == head_revision()


async def test_a_second_upgrade_does_nothing(empty_database_url: str) -> None:
    assert read_tables(empty_database_url, SCHEMA).revision is None
    assert upgrade(empty_database_url, SCHEMA) == (None, head_revision())
    assert upgrade(empty_database_url, SCHEMA) == (head_revision(), head_revision())
    assert read_tables(empty_database_url, SCHEMA).revision == head_revision()


async def test_processes_that_migrate_at_once_take_turns(empty_database_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", UPGRADE, empty_database_url, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]
    printed = [(await process.communicate())[0].decode().strip() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(printed) == [head_revision(), head_revision(), "None"]


async def test_schemas_in_one_database_do_not_see_each_other(database_url: str) -> None:
    assert read_tables(database_url, "another").revision is None
    assert upgrade(database_url, "another") == (None, head_revision())
    assert read_tables(database_url, "another").revision == head_revision()
    connection = await asyncpg.connect(database_url)
    assert await describe_tables(connection, "another") == await describe_tables(connection, SCHEMA)
    await connection.close()


async def describe_tables(connection: Connection, schema: str) -> list[str]:
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1", schema)
    return [row[0] for row in rows]


async def test_an_account_that_may_not_create_schemas_migrates_the_one_it_was_given(
    empty_database: Connection, empty_database_url: str
) -> None:
    await empty_database.execute("CREATE ROLE given LOGIN")
    await empty_database.execute(f"CREATE SCHEMA {SCHEMA} AUTHORIZATION given")
    url = empty_database_url.replace("//postgres@", "//given@")
    assert upgrade(url, SCHEMA) == (None, head_revision())
    with pytest.raises(MigrationError, match="The database refuses: permission denied for database"):
        upgrade(url, "another")


async def test_tables_of_an_unknown_version_are_left_alone(database: Database, database_url: str) -> None:
    async with database.connection() as connection:
        await connection.execute("UPDATE alembic_version SET version_num = '9999'; DROP TABLE schema_compatibility")
    with pytest.raises(MigrationError, match="at revision 9999 and need a version that knows revision 9999"):
        upgrade(database_url, SCHEMA)


async def test_waiting_for_another_migration_ends_with_a_clear_error(
    empty_database: Connection, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "TURN_TIMEOUT_SECONDS", 0.05)
    await empty_database.execute("SELECT pg_advisory_lock(hashtextextended($1, 0))", f"hyred-chat {SCHEMA}")
    with pytest.raises(MigrationError, match="Another process"):
        upgrade(empty_database_url, SCHEMA)
    assert read_tables(empty_database_url, SCHEMA).revision is None


def test_a_database_that_cannot_be_reached_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError):
        upgrade(f"postgresql://postgres@/postgres?host={tmp_path}", SCHEMA)


def test_a_schema_name_is_checked_before_it_is_used(database_url: str) -> None:
    with pytest.raises(ValueError, match="plain PostgreSQL name"):
        upgrade(database_url, 'x"; DROP SCHEMA public; --')
