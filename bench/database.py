"""Our server's database, looked at from outside: where it is, how it is set, and which statements reach it."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import asyncpg

APPLICATION = "hyred-bench"
# Further lines of a statement begin with a tab.
ENTRY = re.compile(
    r"^@(?P<application>[^@\n]*)@ LOG:  (?:execute [^:\n]*|statement): (?P<statement>.*(?:\n\t.*)*)", re.MULTILINE
)
BOUNDARIES = frozenset({"BEGIN", "START", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "END"})
RELOAD_TIMEOUT_SECONDS = 5.0
DURABILITY = ("fsync", "synchronous_commit", "full_page_writes", "server_version")


@dataclass(frozen=True, slots=True)
class Cluster:
    """The embedded PostgreSQL of a server under measure."""

    pid: int
    folder: Path
    socket_folder: str
    port: int


def find_cluster(data_folder: Path) -> Cluster:
    """Finds the running cluster below a data folder by its lock file. Raises FileNotFoundError when there is none."""
    lock_file = next(data_folder.rglob("postmaster.pid"), None)
    if lock_file is None:
        raise FileNotFoundError(f"no PostgreSQL runs below {data_folder}")
    lines = lock_file.read_text().splitlines()
    return Cluster(pid=int(lines[0]), folder=lock_file.parent, port=int(lines[3]), socket_folder=lines[4])


@asynccontextmanager
async def connection_to(
    cluster: Cluster, schema: str, settings: Mapping[str, str] = MappingProxyType({})
) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    """A connection as the superuser, for the length of the block, with further settings of PostgreSQL."""
    connection = await asyncpg.connect(
        host=cluster.socket_folder,
        port=cluster.port,
        user="postgres",
        database="postgres",
        server_settings={**settings, "search_path": schema, "application_name": APPLICATION},
    )
    try:
        yield connection
    finally:
        await connection.close()


async def durability(cluster: Cluster, schema: str) -> dict[str, str]:
    """What PostgreSQL says about what a commit is worth, and its version."""
    async with connection_to(cluster, schema) as connection:
        return {name: await connection.fetchval(f"SHOW {name}") for name in DURABILITY}


@asynccontextmanager
async def logged_statements(cluster: Cluster, schema: str) -> AsyncIterator[Callable[[], Counter[str]]]:
    """Lets PostgreSQL log every statement for the length of the block.

    Counting at the database finds every statement, whoever sends it and however. A backend writes its line before it
    executes, so whatever was answered has been counted.

    Yields:
        A function that returns the statements since the block began or since it was called last, as
        `count_statements` does.
    """
    log = cluster.folder / "server.log"
    async with connection_to(cluster, schema) as connection:
        await set_logging(connection, "all")
        position = log.stat().st_size

        def count() -> Counter[str]:
            nonlocal position
            with log.open("rb") as file:
                file.seek(position)
                text = file.read()
            position += len(text)
            return count_statements(text.decode(errors="replace"))

        try:
            yield count
        finally:
            await set_logging(connection, "none")


async def set_logging(connection: "asyncpg.Connection[asyncpg.Record]", what: str) -> None:
    """Sets `log_statement` for all sessions and waits until this one has heard of it."""
    await connection.execute("ALTER SYSTEM SET log_line_prefix = '@%a@ '")
    await connection.execute("ALTER SYSTEM SET log_parameter_max_length = 0")
    await connection.execute(f"ALTER SYSTEM SET log_statement = '{what}'")
    await connection.execute("SELECT pg_reload_conf()")
    async with asyncio.timeout(RELOAD_TIMEOUT_SECONDS):
        while await connection.fetchval("SHOW log_statement") != what:  # noqa: ASYNC110 - PostgreSQL tells nobody
            await asyncio.sleep(0.01)
    # The other sessions got the same signal at the same moment; an idle one acts on it before its next statement.
    await asyncio.sleep(0.1)


def count_statements(log: str) -> Counter[str]:
    """Counts the statements in a log whose lines begin with `@application@ `.

    Left out: our own, and those that only mark the ends of a transaction.

    Returns:
        How often each statement was run, by its text in one line.
    """
    entries = ((entry["application"], " ".join(entry["statement"].split())) for entry in ENTRY.finditer(log))
    return Counter(
        statement
        for application, statement in entries
        if application != APPLICATION and first_word(statement) not in BOUNDARIES
    )


def first_word(statement: str) -> str:
    """The word that says what a statement does, in capitals."""
    return re.split(r"\W", statement, maxsplit=1)[0].upper()
