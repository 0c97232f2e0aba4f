"""Whether a database's tables are what this version needs, and bringing them there.

Servers are replaced one after another, so a version also starts on tables that a newer one has migrated, as long as
each of those migrations declares that it works with them (`min_compatible_revision`).

Alembic does the work, one process at a time. It takes most of a second to import, so a server whose tables are up to
date, which is nearly every start, does without it.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from hyred_chat.db.connecting import Connection, connect_for_upkeep
from hyred_chat.db.faults import causes_of, describe, is_connectivity_error, is_contention
from hyred_chat.errors import UnavailableError

CLOSE_TIMEOUT_SECONDS = 10.0
# How long a statement of a migration waits for a lock. Whoever comes after it waits behind it, so not long.
LOCK_TIMEOUT_SECONDS = 2
# How long a migration that does not get its locks is tried again.
PATIENCE_SECONDS = 120.0
# How long to wait for another process that is migrating the same schema, and how often to ask.
TURN_TIMEOUT_SECONDS = 300.0
TURN_POLL_SECONDS = 0.1
VERSIONS = Path(__file__).parent / "migrations" / "versions"

_log = logging.getLogger(__name__)
Result = TypeVar("Result")


class MigrationError(Exception):
    """The tables cannot be brought up to date. The message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Tables:
    """How far the tables of a schema have been migrated.

    Attributes:
        revision: the newest migration that they have seen; None: there are no tables.
        min_compatible_revision: the migration that a program must know to work with them. None: not recorded, as for
            tables that are not newer than this version.
    """

    revision: str | None
    min_compatible_revision: str | None = None

    @property
    def are_newer(self) -> bool:
        """Whether a version newer than this one has migrated them."""
        return self.revision is not None and self.revision not in list_revisions()

    @property
    def are_usable(self) -> bool:
        """Whether this version works with them as they are."""
        if self.are_newer:
            return self.min_compatible_revision is not None and self.min_compatible_revision <= head_revision()
        return self.revision == head_revision()

    def check_not_too_new(self) -> None:
        """Raises MigrationError when only a newer version works with them."""
        if self.are_newer and not self.are_usable:
            needed = self.min_compatible_revision or self.revision
            raise MigrationError(
                f"The tables are at revision {self.revision} and need a version that knows revision {needed}; this one "
                f"knows up to {head_revision()}. Start a newer version of Hyred Chat."
            )


def upgrade(url: str, schema: str) -> tuple[str | None, str]:
    """Create the schema when it is missing, and run every migration that it has not seen.

    Only one process migrates a schema at a time; the others wait for it, and then find nothing left to do. Tables that
    a newer version has migrated are left alone. Blocks; may be called from anywhere, a running event loop's thread
    included. Says in the log what it waits for.

    Returns:
        The revision before (None for a fresh schema) and after.

    Raises:
        UnavailableError: the database cannot be reached.
        MigrationError: only a newer version works with the tables, another process did not finish migrating, the
            tables were in use all the time, or the database refuses us or a statement.
    """
    return _run(lambda: _upgrade(url, schema))


def read_tables(url: str, schema: str) -> Tables:
    """How far the tables have been migrated. Raises as `upgrade` does."""
    return _run(lambda: _read_tables_at(url, schema))


def head_revision() -> str:
    """The revision that this version needs."""
    return list_revisions()[-1]


def list_revisions() -> list[str]:
    """Every revision, oldest first. A migration's file is named `<revision>_<title>.py`, the revision four digits."""
    return sorted(path.name.split("_", 1)[0] for path in VERSIONS.glob("[0-9]*.py"))


async def _upgrade(url: str, schema: str) -> tuple[str | None, str]:
    connection = await _connect(url, schema)
    try:
        tables = await read_tables_on(connection)
        if not tables.are_usable:
            tables.check_not_too_new()
            await take_turn(connection, schema)
            # Another process may have migrated them meanwhile, a newer one perhaps.
            tables = await read_tables_on(connection)
            tables.check_not_too_new()
        if tables.are_usable and tables.revision is not None:
            return tables.revision, tables.revision

        from hyred_chat.db.alembic_upgrade import run_migrations  # noqa: PLC0415 (see the top)

        await run_migrations(connection, schema, VERSIONS, patience_seconds=PATIENCE_SECONDS)
        return tables.revision, head_revision()
    finally:
        await connection.close(timeout=CLOSE_TIMEOUT_SECONDS)


async def _read_tables_at(url: str, schema: str) -> Tables:
    connection = await _connect(url, schema)
    try:
        return await read_tables_on(connection)
    finally:
        await connection.close(timeout=CLOSE_TIMEOUT_SECONDS)


async def read_tables_on(connection: Connection) -> Tables:
    """How far the tables have been migrated, asked on a connection of `connect_for_upkeep`."""
    # Resolved in the schema only: it is the whole search path.
    if not await _has_table(connection, "alembic_version"):
        return Tables(None)
    tables = Tables(await connection.fetchval("SELECT version_num FROM alembic_version"))
    if not tables.are_newer or not await _has_table(connection, "schema_compatibility"):
        return tables
    needed = await connection.fetchval("SELECT max(min_compatible_revision) FROM schema_compatibility")
    return Tables(tables.revision, needed)


async def _has_table(connection: Connection, name: str) -> bool:
    return await connection.fetchval("SELECT to_regclass($1)", name) is not None


async def _connect(url: str, schema: str) -> Connection:
    return await connect_for_upkeep(url, schema, lock_timeout_seconds=LOCK_TIMEOUT_SECONDS)


async def take_turn(connection: Connection, schema: str) -> None:
    """Wait until this session is the only one that migrates the schema, which it is until it ends.

    It asks again and again: a statement that waits holds a snapshot, and CREATE INDEX CONCURRENTLY in the session that
    has the turn would wait for the end of that.

    Raises:
        MigrationError: another process has had the turn for too long.
    """
    name = f"hyred-chat {schema}"
    deadline = time.monotonic() + TURN_TIMEOUT_SECONDS
    is_waiting = False
    while not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name):
        if time.monotonic() > deadline:
            raise MigrationError(f"Another process has been migrating for over {TURN_TIMEOUT_SECONDS:.0f} s.")
        if not is_waiting:
            _log.info("another process is migrating the tables, and this one waits for it")
            is_waiting = True
        await asyncio.sleep(TURN_POLL_SECONDS)


def _run(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run it in an event loop of its own, in a thread of its own: the caller's thread may have a running loop."""
    cancel: list[Callable[[], object]] = []

    async def run_here() -> Result:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is not None:
            cancel.append(lambda: loop.call_soon_threadsafe(task.cancel))
        return await work()

    try:
        with ThreadPoolExecutor(max_workers=1) as executor:
            future = executor.submit(lambda: asyncio.run(run_here()))
            try:
                return future.result()
            except KeyboardInterrupt:
                # It is raised here and not in the other thread, for whose end the executor waits.
                with suppress(IndexError, RuntimeError):  # not yet begun, or ended by itself
                    cancel[0]()
                raise
    except Exception as error:
        _raise_plainly(error)
        raise


def _raise_plainly(error: Exception) -> None:
    """Raise what the operator is to read. SQLAlchemy wraps the driver's errors; the driver's own says what happened."""
    for cause in causes_of(error):
        if is_contention(cause):
            raise MigrationError(
                f"The tables have been in use for {PATIENCE_SECONDS:.0f} s, so a migration did not get its locks: "
                f"{cause}. End long transactions (pg_stat_activity shows them), a running backup perhaps, and run "
                "hyred-chat migrate again. Nothing is left half done."
            ) from error
        if is_connectivity_error(cause):
            raise UnavailableError(
                f"The database cannot be reached, so its tables cannot be migrated: {describe(cause)}."
            ) from error
        if isinstance(cause, asyncpg.PostgresError):
            raise MigrationError(f"The database refuses: {cause}.") from error
