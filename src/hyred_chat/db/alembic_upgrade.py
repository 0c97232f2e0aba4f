"""Running the migrations with Alembic. Imported only when there is one to run."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


async def run_migrations(connect: Callable[[], Awaitable[Any]], schema: str) -> str | None:
    """Bring the schema to the newest revision, alone: a lock of the session keeps other processes waiting.

    Args:
        connect: opens an asyncpg connection whose search path is the schema.
        schema: created when it is missing.

    Returns:
        The revision before, None for a fresh schema.
    """
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    async with engine.connect() as connection:
        return await connection.run_sync(partial(_upgrade, schema=schema))


def _upgrade(connection: Connection, schema: str) -> str | None:
    connection.execute(text("SELECT pg_advisory_lock(hashtextextended(:name, 0))"), {"name": f"hyred-chat {schema}"})
    # Asked first: CREATE SCHEMA needs a right that a careful operator does not give, even where it does nothing.
    if connection.scalar(text("SELECT to_regnamespace(:schema) IS NULL"), {"schema": f'"{schema}"'}):
        connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    opts = {"version_table_schema": schema}
    before = MigrationContext.configure(connection, opts=opts).get_current_revision()
    connection.commit()
    config = Config()
    config.set_main_option("script_location", "hyred_chat.db:migrations")
    config.attributes.update(connection=connection, schema=schema)
    command.upgrade(config, "head")
    return before
