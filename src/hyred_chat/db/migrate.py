"""Whether a database's tables are what this version needs, and bringing them there.

Alembic does the work, one process at a time. It takes most of a second to import, so a server whose tables are up to
date, which is nearly every start, does without it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from hyred_chat.db.connecting import Connection, Connector, server_settings
from hyred_chat.db.faults import is_connectivity_error
from hyred_chat.errors import UnavailableError

CONNECT_TIMEOUT_SECONDS = 10.0
# How long to wait for another process that is migrating the same schema.
LOCK_TIMEOUT_SECONDS = 120
VERSIONS = Path(__file__).parent / "migrations" / "versions"

Result = TypeVar("Result")


class MigrationError(Exception):
    """The tables cannot be brought up to date. The message is a sentence for the operator."""


def upgrade(url: str, schema: str) -> tuple[str | None, str]:
    """Create the schema when it is missing, and run every migration that it has not seen.

    Only one process migrates a schema at a time; the others wait for it, and then find nothing left to do.
    Blocks; may be called from anywhere, a running event loop's thread included.

    Returns:
        The revision before (None for a fresh schema) and after.

    Raises:
        UnavailableError: the database cannot be reached.
        MigrationError: the tables are newer than this version, another process did not finish migrating, or the
            database refuses us or a statement.
    """
    before, head = current_revision(url, schema), head_revision()
    if before == head:
        return before, head
    if before is not None and before not in list_revisions():
        raise MigrationError(f"The tables are at revision {before}, which only a newer version knows.")

    from hyred_chat.db.alembic_upgrade import run_migrations  # noqa: PLC0415 (see the top)

    return _run(lambda: run_migrations(lambda: _connect(url, schema), schema)), head


def current_revision(url: str, schema: str) -> str | None:
    """The revision that the tables are at, None when there are none. Raises as `upgrade` does."""
    return _run(lambda: _find_revision(url, schema))


def head_revision() -> str:
    """The revision that this version needs."""
    return list_revisions()[-1]


def list_revisions() -> list[str]:
    """Every revision, oldest first. A migration's file is named `<revision>_<title>.py`, the revision four digits."""
    return sorted(path.name.split("_", 1)[0] for path in VERSIONS.glob("[0-9]*.py"))


async def _find_revision(url: str, schema: str) -> str | None:
    connection = await _connect(url, schema)
    try:
        # Resolved in the schema only: it is the whole search path.
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
        return revision
    finally:
        await connection.close(timeout=CONNECT_TIMEOUT_SECONDS)


async def _connect(url: str, schema: str) -> Connection:
    # A long migration is no fault, hence no statement timeout; waiting for somebody else's lock is bounded.
    settings = server_settings(schema) | {"statement_timeout": "0", "lock_timeout": f"{LOCK_TIMEOUT_SECONDS}s"}
    return await Connector(url, settings).open(timeout_seconds=CONNECT_TIMEOUT_SECONDS)


def _run(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run it in an event loop of its own, in a thread of its own: the caller's thread may have a running loop."""
    try:
        with ThreadPoolExecutor(max_workers=1) as executor:
            return executor.submit(lambda: asyncio.run(work())).result()
    except Exception as error:
        _raise_plainly(error)
        raise


def _raise_plainly(error: BaseException | None) -> None:
    """Raise what the operator is to read. SQLAlchemy wraps the driver's errors; the driver's own says what happened."""
    while error is not None:
        if isinstance(error, asyncpg.LockNotAvailableError):
            raise MigrationError(f"Another process has been migrating for over {LOCK_TIMEOUT_SECONDS} s.") from error
        if is_connectivity_error(error):
            raise UnavailableError("The database cannot be reached, so its tables cannot be migrated.") from error
        if isinstance(error, asyncpg.PostgresError):
            raise MigrationError(f"The database refuses: {error}.") from error
        error = error.__cause__
