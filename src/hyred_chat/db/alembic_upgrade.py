"""Running the migrations with Alembic. Imported only when there is one to run."""

import asyncio
import logging
import random
import time
from functools import partial
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.migration import MigrationInfo
from alembic.script import Script
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from hyred_chat.db.connecting import Connection as DriverConnection
from hyred_chat.db.faults import causes_of, is_contention

# Between two attempts to get locks that others hold: twice as long each time.
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0

_COMPATIBILITY = text("""
    CREATE TABLE IF NOT EXISTS schema_compatibility (
        revision text PRIMARY KEY,
        min_compatible_revision text NOT NULL
    )
""")
_RECORD = text("""
    INSERT INTO schema_compatibility (revision, min_compatible_revision) VALUES (:revision, :needed)
""")

_log = logging.getLogger(__name__)


async def run_migrations(connection: DriverConnection, schema: str, versions: Path, *, patience_seconds: float) -> None:
    """Bring the schema to the newest revision. A migration that does not get its locks is rolled back and tried again.

    Args:
        connection: its search path is the schema, its `lock_timeout` is short, and its session is the only one that
            migrates the schema. It is closed at the end.
        schema: created when it is missing.
        versions: the folder of the migrations.
        patience_seconds: how long to try.

    Raises:
        DBAPIError: the database refused a statement, or the locks all the time.
    """

    async def connect() -> Any:
        return connection

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    deadline = time.monotonic() + patience_seconds
    pause = FIRST_PAUSE_SECONDS
    async with engine.connect() as session:
        while True:
            try:
                await session.run_sync(partial(_upgrade, schema=schema, versions=versions))
            except DBAPIError as error:
                await session.rollback()
                if not any(map(is_contention, causes_of(error))) or time.monotonic() + pause > deadline:
                    raise
            else:
                return
            _log.info("the tables are in use, and the migration is tried again in a moment")
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 (nobody's secret)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def _upgrade(connection: Connection, *, schema: str, versions: Path) -> None:
    # Asked first: CREATE SCHEMA needs a right that a careful operator does not give, even where it does nothing.
    if connection.scalar(text("SELECT to_regnamespace(:schema) IS NULL"), {"schema": f'"{schema}"'}):
        connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    connection.execute(_COMPATIBILITY)
    connection.commit()
    config = Config()
    config.set_main_option("script_location", "hyred_chat.db:migrations")
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, schema=schema, on_version_apply=_record)
    command.upgrade(config, "head")


def _record(*, ctx: MigrationContext, step: MigrationInfo, **_: Any) -> None:
    """Write down, in a migration's own transaction, which programs work with the tables that it leaves."""
    script = step.up_revision
    assert ctx.connection is not None and isinstance(script, Script)  # noqa: PT018, S101 (for mypy: so it is by now)
    values = {"revision": script.revision, "needed": script.module.min_compatible_revision}
    ctx.connection.execute(_RECORD, values)
    _log.info("the tables are at revision %s: %s", script.revision, script.doc)
