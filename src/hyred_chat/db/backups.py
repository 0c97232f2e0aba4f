"""Backing up the tables of a schema to a file and restoring them into a new database, with pg_dump and pg_restore.

A backup is what the tables held at one moment. It is taken from a database in use, and nobody waits for it but
migrations. Which programs are run, and where they come from, is in `client_programs.py`.
"""

import os
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from errno import EEXIST
from pathlib import Path

import asyncpg

from hyred_chat.db.client_programs import ProgramError, describe_target, run_program
from hyred_chat.db.connecting import Connection, connect_for_upkeep
from hyred_chat.db.faults import describe, is_connectivity_error
from hyred_chat.db.migrate import CLOSE_TIMEOUT_SECONDS, read_tables_on, take_turn
from hyred_chat.errors import UnavailableError

# How long a backup waits for a migration that holds a table.
LOCK_TIMEOUT_SECONDS = 60

# What processes tell one another is of no use to those that start later, and names transactions of its own database.
_LEFT_OUT = "node_events"

_COUNT = """
    SELECT (SELECT count(*) FROM users) AS people, (SELECT count(*) FROM chat_rooms) AS rooms,
           (SELECT count(*) FROM messages) AS messages
"""
# What pg_restore says of a file that it cannot use, and what to do about it.
_DAMAGED = "The file is incomplete, or is none that hyred-chat backup wrote: restore another one"
_ADVICE = {
    "not appear to be a valid archive": _DAMAGED,
    "could not read from input file": _DAMAGED,
    "unexpected end of file": _DAMAGED,
    "unsupported version": "The file was written by a newer pg_dump: install PostgreSQL's client programs of that "
    "version or a newer one",
}
_HAS_TABLES = "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace($1) AND relkind = 'r')"


class BackupError(Exception):
    """A backup could not be taken or restored. The message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What is in the tables after a restore.

    Attributes:
        revision: the newest migration that they have seen.
    """

    revision: str
    people: int
    rooms: int
    messages: int


async def back_up(url: str, schema: str, path: Path) -> None:
    """Write all tables of the schema, as they are at one moment, to a file that only its owner may read.

    Args:
        url: of the database; see `Connector`.
        schema: whose tables.
        path: must not exist. It appears when it is complete.

    Raises:
        BackupError: there are no tables, the file exists, or pg_dump fails.
        UnavailableError: the database cannot be reached.
    """
    async with _connection(url, schema) as connection:
        if (await read_tables_on(connection)).revision is None:
            raise BackupError(
                f"There are no tables in {schema}: this is not the database of a chat. Set HYRED_DATABASE_URL, "
                "HYRED_DATABASE_SCHEMA and HYRED_DATA_DIR as for the server."
            )
        target = await describe_target(connection, url)
    what = ("--format=custom", f'--schema="{schema}"', f'--exclude-table-data="{schema}".{_LEFT_OUT}')
    patience = f"--lock-wait-timeout={LOCK_TIMEOUT_SECONDS}s"
    try:
        with _complete_file(path) as part:
            await run_program(target, "pg_dump", *what, patience, f"--file={part}")
    except ProgramError as error:
        raise BackupError(f"The backup was not written: {error}.") from error
    except OSError as error:
        raise BackupError(f"The backup was not written: {path}: {error.strerror}. Give another file.") from error


async def restore(url: str, schema: str, path: Path) -> Restored:
    """Bring back what a backup holds, all of it or nothing. Rights that other accounts had are not brought back.

    Args:
        url: of the database; see `Connector`.
        schema: that of the backup. It must have no tables; it is created when it is missing.
        path: of the backup.

    Raises:
        BackupError: the schema has tables, the file is no backup of the schema, or pg_restore fails.
        MigrationError: only a newer version works with these tables, or another process is migrating the schema.
        UnavailableError: the database cannot be reached.
    """
    async with _connection(url, schema) as connection:
        # Whoever would make new tables here waits.
        await take_turn(connection, schema)
        if await connection.fetchval(_HAS_TABLES, f'"{schema}"'):
            raise BackupError(
                f"{schema} holds tables already, and a restore replaces none. Create a new database and set "
                "HYRED_DATABASE_URL to it; for the embedded one, set HYRED_DATA_DIR to a new folder."
            )
        await _restore_tables(connection, url, schema, path)
        await connection.execute("ANALYZE")
        tables = await read_tables_on(connection)
        tables.check_not_too_new()
        (counts,) = await connection.fetch(_COUNT)
    return Restored(tables.revision or "none", **counts)


async def _restore_tables(connection: Connection, url: str, schema: str, path: Path) -> None:
    target = await describe_target(connection, url)
    try:
        contents = await run_program(target, "pg_restore", "--list", str(path))
        schemas = re.findall(r" TABLE (\S+) messages ", contents)
        if schema not in schemas:
            raise BackupError(_wrong_schema(path, schema, schemas))
        if not await connection.fetchval("SELECT to_regnamespace($1) IS NOT NULL", f'"{schema}"'):
            await connection.execute(f'CREATE SCHEMA "{schema}"')
        how = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        await run_program(target, "pg_restore", *how, f"--schema={schema}", str(path))
    except ProgramError as error:
        advice = next((advice for sign, advice in _ADVICE.items() if sign in str(error)), None)
        raise BackupError(
            f"{path} was not restored, and the database is as it was: {error}.{'' if advice is None else f' {advice}.'}"
        ) from error


def _wrong_schema(path: Path, schema: str, schemas: Sequence[str]) -> str:
    if not schemas:
        return f"{path} is no backup of a chat. Give a file that hyred-chat backup wrote."
    return f"{path} is a backup of the schema {schemas[0]}, not of {schema}. Set HYRED_DATABASE_SCHEMA={schemas[0]}."


@contextmanager
def _complete_file(path: Path) -> Iterator[Path]:
    """A file beside the path, for its owner only, which takes the path at the end of the block. Raises OSError."""
    if path.exists():
        raise FileExistsError(EEXIST, "File exists")
    part = path.with_name(f"{path.name}.part")
    os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@asynccontextmanager
async def _connection(url: str, schema: str) -> AsyncGenerator[Connection]:
    try:
        connection = await connect_for_upkeep(url, schema, lock_timeout_seconds=LOCK_TIMEOUT_SECONDS)
        try:
            yield connection
        finally:
            with suppress(OSError, asyncpg.InterfaceError):
                await connection.close(timeout=CLOSE_TIMEOUT_SECONDS)
    except Exception as error:
        if is_connectivity_error(error):
            raise UnavailableError(f"The database cannot be reached: {describe(error)}.") from error
        raise
