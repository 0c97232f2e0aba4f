"""What the servers of Redis say about themselves, for whoever wants to know whether they are set up well."""

from dataclasses import dataclass

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ResponseError

from hyred_chat.broker.address import Endpoint
from hyred_chat.broker.cancellation import heeded_cancellation
from hyred_chat.broker.deployments import Deployment


@dataclass(frozen=True, slots=True)
class BufferLimit:
    """`client-output-buffer-limit` for subscribers: past it Redis closes a connection. 0 is no limit.

    Attributes:
        hard_bytes: at once.
        soft_bytes: if it is passed for `soft_seconds`.
        soft_seconds: see above.
    """

    hard_bytes: int
    soft_bytes: int
    soft_seconds: int


@dataclass(frozen=True, slots=True)
class ServerReport:
    """What one server says.

    Attributes:
        endpoint: where it is.
        facts: the lines of INFO.
        subscriber_limit: None if we may not see its configuration, as with many providers. So are the next ones.
        eviction_policy: `maxmemory-policy`.
        persists: whether it writes to disk.
    """

    endpoint: Endpoint
    facts: dict[str, str]
    subscriber_limit: BufferLimit | None
    eviction_policy: str | None
    persists: bool | None

    @property
    def product(self) -> str:
        """Its name and version."""
        valkey = self.facts.get("valkey_version")
        return f"Valkey {valkey}" if valkey else f"Redis {self.facts.get('redis_version', 'of an unknown version')}"


async def read_facts(deployment: Deployment, endpoint: Endpoint) -> dict[str, str]:
    """The lines of INFO of one server. Raises LIBRARY_ERRORS."""
    connection = deployment.new_connection(endpoint)
    try:
        with heeded_cancellation():
            await connection.connect()
            return await _info(connection)
    finally:
        await connection.disconnect(nowait=True)


async def read_report(deployment: Deployment, endpoint: Endpoint) -> ServerReport:
    """All that there is to know about one server. Raises LIBRARY_ERRORS."""
    connection = deployment.new_connection(endpoint)
    try:
        with heeded_cancellation():
            await connection.connect()
            facts = await _info(connection)
            limits = await _setting(connection, "client-output-buffer-limit")
            policy = await _setting(connection, "maxmemory-policy")
            snapshots = await _setting(connection, "save")
    finally:
        await connection.disconnect(nowait=True)
    persists = None if snapshots is None else bool(snapshots) or facts.get("aof_enabled") == "1"
    return ServerReport(endpoint, facts, _subscriber_limit(limits), policy, persists)


async def _info(connection: AbstractConnection) -> dict[str, str]:
    await connection.send_command("INFO", "everything")
    lines = bytes(await connection.read_response()).decode(errors="replace").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line and not line.startswith("#"))


async def _setting(connection: AbstractConnection, name: str) -> str | None:
    try:
        await connection.send_command("CONFIG", "GET", name)
        answer: dict[bytes, bytes] = await connection.read_response()
    except ResponseError:
        return None
    value = answer.get(name.encode())
    return None if value is None else value.decode(errors="replace")


def _subscriber_limit(limits: str | None) -> BufferLimit | None:
    words = (limits or "").split()
    if "pubsub" not in words:
        return None
    start = words.index("pubsub") + 1
    return BufferLimit(*(int(word) for word in words[start : start + 3]))
