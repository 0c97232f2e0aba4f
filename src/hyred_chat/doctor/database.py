"""Whether the database answers, keeps what it is given, tells the right time, and has the tables we need."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from hyred_chat.config import Settings
from hyred_chat.db.migrate import MigrationError, head_revision, read_tables
from hyred_chat.db.pool import LEAST_POOL_SIZE, Database
from hyred_chat.doctor.findings import Finding, ok, problem, warning
from hyred_chat.doctor.replication import ReplicationFacts, judge_replication, read_replication
from hyred_chat.errors import UnavailableError
from hyred_chat.supervisor.share import part_of

MAX_CLOCK_DIFFERENCE_SECONDS = 2.0
CONNECT_TIMEOUT_SECONDS = 3.0
# Of a process, beside its pool and its lanes: the one that listens.
LISTENING_CONNECTIONS = 1
# Of them all: a migration, this check, and an operator's own.
SPARE_CONNECTIONS = 4

_SQL = """
SELECT current_setting('server_version') AS version,
       current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit,
       least(
           current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true)::int, 0),
           (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
           (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())
       ) AS max_connections,
       extract(epoch FROM clock_timestamp())::float8 AS clock
"""


@dataclass(frozen=True, slots=True)
class Deployment:
    """How many of ours use the database at once.

    Attributes:
        servers: of `hyred-chat serve` and `hyred-chat worker`, on all machines.
        workers: of each server (`serve --workers`), which divide its pool.
    """

    servers: int = 1
    workers: int = 1

    @property
    def processes(self) -> int:
        """All of them."""
        return self.servers * self.workers


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """What the database says about itself.

    Attributes:
        version: as it writes it, `18.1`.
        switched_off: settings without which a crash loses or tears what was committed.
        max_connections: how many it takes from us at once: without those that it keeps for others, and within the
            limits of our account and of our database.
        clock_ahead_seconds: how far its clock is ahead of ours; negative when it is behind.
        replication: what follows it.
    """

    version: str
    switched_off: tuple[str, ...]
    max_connections: int
    clock_ahead_seconds: float
    replication: ReplicationFacts


async def read_facts(url: str, schema: str) -> ServerFacts:
    """Ask the database. Raises UnavailableError with a sentence when it cannot be reached, or is too old."""
    database = await Database.connect(url, schema=schema, pool_size=1, timeout_seconds=CONNECT_TIMEOUT_SECONDS)
    try:
        async with database.connection() as connection:
            asked = time.time()
            row = await connection.fetchrow(_SQL)
            answered = time.time()
            replication = await read_replication(connection)
    finally:
        await database.close()
    if row is None:
        raise UnavailableError("The database gave no answer.")
    durable = ("fsync", "full_page_writes", "synchronous_commit")
    return ServerFacts(
        version=row["version"].split()[0],
        switched_off=tuple(name for name in durable if row[name] == "off"),
        max_connections=row["max_connections"],
        clock_ahead_seconds=row["clock"] - (asked + answered) / 2,
        replication=replication,
    )


def judge(facts: ServerFacts, settings: Settings, deployment: Deployment) -> Iterator[Finding]:
    """What the facts mean for a chat that is deployed so."""
    yield ok("database", f"PostgreSQL {facts.version} answers.")
    if facts.switched_off:
        names = " and ".join(facts.switched_off)
        yield problem("durability", f"{names} is off: a crash would lose messages. Switch it on in postgresql.conf.")
    else:
        yield ok("durability", "What is committed is on disk.")
    yield from judge_replication(facts.replication)
    yield from _judge_connections(facts.max_connections, settings, deployment)
    difference = abs(facts.clock_ahead_seconds)
    if difference > MAX_CLOCK_DIFFERENCE_SECONDS:
        yield problem(
            "clock",
            f"The database's clock and ours differ by {difference:.1f} s. Set both by NTP: tokens expire and messages "
            "are dated by them.",
        )
    else:
        yield ok("clock", f"The database's clock and ours differ by {difference * 1000:.0f} ms.")


def _judge_connections(most: int, settings: Settings, deployment: Deployment) -> Iterator[Finding]:
    pool = part_of(settings.database_pool_size, deployment.workers, least=LEAST_POOL_SIZE)
    each = pool + settings.message_lanes + LISTENING_CONNECTIONS
    needed = deployment.processes * each + SPARE_CONNECTIONS
    if most < needed:
        who = "this server" if deployment.processes == 1 else f"{deployment.processes} processes with {each} each"
        yield problem(
            "connections",
            f"The database takes {most} connections and {who} may need {needed}. Raise max_connections, or lower "
            "HYRED_DATABASE_POOL_SIZE.",
        )


def check_schema(url: str, schema: str) -> Finding:
    """Whether the tables are those of this version. Raises UnavailableError."""
    tables, needed = read_tables(url, schema), head_revision()
    if tables.revision is None:
        return warning("schema", f"There are no tables in {schema} yet. hyred-chat serve makes them, or migrate.")
    at = f"The tables in {schema} are at revision {tables.revision}"
    if tables.revision == needed:
        return ok("schema", f"{at}, which is what this version needs.")
    if tables.are_usable:
        return ok("schema", f"{at}, which a newer version has made and this one works with.")
    try:
        tables.check_not_too_new()
    except MigrationError as error:
        return problem("schema", str(error))
    return problem("schema", f"{at}, and {needed} is needed: hyred-chat migrate.")
