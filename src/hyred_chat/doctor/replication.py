"""Whether what was acknowledged survives the loss of the database: its standbys, and whether commits wait for one."""

from collections.abc import Iterator
from dataclasses import dataclass

from hyred_chat.db.pool import Connection
from hyred_chat.doctor.findings import Finding, ok, problem, warning

SUBJECT = "replication"

# An account without the rights of pg_monitor sees how many standbys there are, and nothing about them. A base backup
# that is being taken is no standby.
_SQL = """
SELECT current_setting('synchronous_standby_names') AS names,
       current_setting('synchronous_commit') AS commit_level,
       count(*) AS standbys,
       CASE WHEN count(*) = count(sync_state) THEN count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')) END
           AS synchronous
FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup'
"""


@dataclass(frozen=True, slots=True)
class ReplicationFacts:
    """What the database says about its standbys.

    Attributes:
        names: `synchronous_standby_names`: for whom commits wait; empty: for nobody.
        commit_level: `synchronous_commit`: what they wait for.
        standbys: how many follow.
        synchronous: for how many of them commits wait now; None: our account may not see it.
    """

    names: str
    commit_level: str
    standbys: int
    synchronous: int | None


async def read_replication(connection: Connection) -> ReplicationFacts:
    """Ask the database."""
    (row,) = await connection.fetch(_SQL)
    return ReplicationFacts(**row)


def judge_replication(facts: ReplicationFacts) -> Iterator[Finding]:
    """What the facts mean for acknowledged messages. Nothing, where there is no standby and none is expected."""
    count = f"{facts.standbys} {'standby follows' if facts.standbys == 1 else 'standbys follow'} the database"
    names = f"synchronous_standby_names is {facts.names!r}"
    if facts.names and (facts.standbys == 0 or facts.synchronous == 0):
        yield problem(
            SUBJECT,
            f"{names}, and no such standby follows the database: every message waits for one. Start the standby, or "
            "set another one.",
        )
    elif facts.names and facts.commit_level in {"off", "local"}:
        yield warning(
            SUBJECT,
            f"{names}, and synchronous_commit is {facts.commit_level}, which does not wait for it: a failover may lose "
            "acknowledged messages. Set synchronous_commit to on.",
        )
    elif facts.names:
        yield ok(SUBJECT, f"{count}, and {names}: what is acknowledged survives a failover.")
    elif facts.standbys:
        yield warning(
            SUBJECT,
            f"{count}, and messages are acknowledged before a standby has them: a failover may lose some. Set "
            "synchronous_standby_names, or synchronous_mode where Patroni does it.",
        )
