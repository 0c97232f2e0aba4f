"""Migrations while servers run: on tables that are in use, and beside versions that do not know them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from hyred_chat.db import connecting, migrate
from hyred_chat.db.migrate import MigrationError, read_tables, upgrade
from hyred_chat.doctor.database import check_schema
from tests.integration.commands import run_command
from tests.next_version import HEAD, NEXT, next_version
from tests.postgres import SCHEMA, Connection, wait_in_postgres

TIMEOUT_SECONDS = 10
ADD_COLUMN = '    op.execute("ALTER TABLE chat_rooms ADD COLUMN colour text")'
# As CONTRIBUTING.md says.
CREATE_INDEX = """\
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS chat_rooms_title_idx")
        op.execute("CREATE INDEX CONCURRENTLY chat_rooms_title_idx ON chat_rooms (title)")
        op.execute("RESET lock_timeout")
"""


class Log(logging.Handler):
    """What is written to the log from now on, by whatever thread."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()
        self._lines: asyncio.Queue[str] = asyncio.Queue()

    def emit(self, record: logging.LogRecord) -> None:
        self._loop.call_soon_threadsafe(self._lines.put_nowait, record.getMessage())

    async def wait_for(self, words: str) -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while words not in await self._lines.get():
                pass


@pytest.fixture
async def log() -> AsyncIterator[Log]:
    logger = logging.getLogger("hyred_chat.db")
    logger.setLevel(logging.INFO)
    handler = Log()
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """A folder for migrations."""
    return tmp_path / "versions"


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Connection]:
    """A connection of somebody else's."""
    connection = await asyncpg.connect(database_url, server_settings={"search_path": SCHEMA})
    yield connection
    await connection.close()


def test_a_version_starts_on_newer_tables_that_work_with_it(database_url: str, versions: Path) -> None:
    with next_version(versions, ADD_COLUMN, min_compatible_revision=HEAD):
        assert upgrade(database_url, SCHEMA) == (HEAD, NEXT)
    assert upgrade(database_url, SCHEMA) == (NEXT, NEXT)
    assert check_schema(database_url, SCHEMA).level == "ok"
    for arguments in (("migrate",), ("migrate", "--check")):
        result = run_command(*arguments, HYRED_DATABASE_URL=database_url)
        assert result.returncode == 0, result.stderr
        assert (
            result.stdout
            == f"The schema blytz_hire is at revision {NEXT}, which is newer and works with this version.\n"
        )


def test_a_version_that_is_too_old_for_the_tables_refuses_to_start(database_url: str, versions: Path) -> None:
    with next_version(versions, ADD_COLUMN, min_compatible_revision=NEXT):
        upgrade(database_url, SCHEMA)
    sentence = (
        f"The tables are at revision {NEXT} and need a version that knows revision {NEXT}; this one knows up to "
        f"{HEAD}. Start a newer version of Hyred Chat."
    )
    for arguments in (("serve",), ("migrate",), ("migrate", "--check")):
        result = run_command(*arguments, HYRED_DATABASE_URL=database_url, PORT="0")
        assert (result.returncode, result.stdout, result.stderr) == (1, "", f"{sentence}\n")
    assert (check_schema(database_url, SCHEMA).level, check_schema(database_url, SCHEMA).sentence) == (
        "problem",
        sentence,
    )


def test_every_migration_since_must_work_with_a_version_that_starts(
    database_url: str, versions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest alone does not decide: a version that knows neither of two may work with the second, not the first."""
    with next_version(versions, ADD_COLUMN, min_compatible_revision=HEAD):
        upgrade(database_url, SCHEMA)
    monkeypatch.setattr(migrate, "list_revisions", lambda: ["0001", "0002"])
    with pytest.raises(MigrationError, match=f"need a version that knows revision {HEAD}; this one knows up to 0002"):
        upgrade(database_url, SCHEMA)


async def test_a_migration_of_a_table_in_use_lets_others_pass_and_is_tried_until_it_is_free(
    database_url: str, other: Connection, versions: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT_SECONDS", 0.2)
    in_use = other.transaction()
    await in_use.start()
    await other.execute("LOCK TABLE chat_rooms IN ACCESS SHARE MODE")
    reader = await asyncpg.connect(database_url)
    with next_version(versions, ADD_COLUMN):
        upgrading = asyncio.create_task(asyncio.to_thread(upgrade, database_url, SCHEMA))
        await wait_in_postgres(reader, "EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation IS NOT NULL)")
        await reader.execute(f"SELECT FROM {SCHEMA}.chat_rooms", timeout=TIMEOUT_SECONDS)
        await log.wait_for("the tables are in use")
        await in_use.rollback()
        assert await upgrading == (HEAD, NEXT)
    await reader.close()


async def test_a_migration_that_never_gets_its_locks_gives_up_and_leaves_nothing(
    database_url: str, other: Connection, versions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT_SECONDS", 0.05)
    monkeypatch.setattr(migrate, "PATIENCE_SECONDS", 0.05)
    async with other.transaction():
        await other.execute("LOCK TABLE messages IN ACCESS SHARE MODE")
        add_two = ADD_COLUMN + '\n    op.execute("ALTER TABLE messages ADD COLUMN colour text")'
        with next_version(versions, add_two), pytest.raises(MigrationError, match="The tables have been in use for"):
            await asyncio.to_thread(upgrade, database_url, SCHEMA)
    assert read_tables(database_url, SCHEMA).revision == HEAD
    assert not await other.fetchval("SELECT count(*) FROM pg_attribute WHERE attname = 'colour'")
    assert await other.fetchval("SELECT max(revision) FROM schema_compatibility") == HEAD


async def test_an_index_is_built_beside_old_transactions_and_processes_that_wait_for_their_turn(
    database_url: str, other: Connection, versions: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT_SECONDS", 0.05)
    old = other.transaction(isolation="repeatable_read")
    await old.start()
    await other.execute("SELECT FROM users")
    observer = await asyncpg.connect(database_url)
    with next_version(versions, CREATE_INDEX):
        first = asyncio.create_task(asyncio.to_thread(upgrade, database_url, SCHEMA))
        await wait_in_postgres(observer, "EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'virtualxid')")
        second = asyncio.create_task(asyncio.to_thread(upgrade, database_url, SCHEMA))
        await log.wait_for("another process is migrating")
        await old.rollback()
        assert await first == (HEAD, NEXT)
        assert await second == (NEXT, NEXT)
    assert await observer.fetchval(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = $1::regclass", f"{SCHEMA}.chat_rooms_title_idx"
    )
    await observer.close()


def test_a_migration_may_take_longer_than_a_statement_of_the_server_may(
    database_url: str, versions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "STATEMENT_TIMEOUT_SECONDS", 0.1)
    monkeypatch.setattr(connecting, "SILENCE_TIMEOUT_SECONDS", 0.1)
    with next_version(versions, '    op.execute("SELECT pg_sleep(0.3)")'):
        assert upgrade(database_url, SCHEMA) == (HEAD, NEXT)
