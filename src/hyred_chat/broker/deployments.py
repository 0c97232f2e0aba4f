"""Finding the servers: one, the primary that Sentinel names, or those of a cluster. redis-py does it."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from redis.asyncio import ConnectionPool, Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import AbstractConnection, Connection, SSLConnection, UnixDomainSocketConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import (
    AskError,
    ClusterError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
    TryAgainError,
)
from redis.maint_notifications import MaintNotificationsConfig

from hyred_chat.broker.address import Address, Endpoint
from hyred_chat.broker.partitions import PARTITION_SLOTS, PARTITIONS

TIMEOUT_SECONDS = 2.0
MAX_CONNECTIONS = 8
# All that the library raises when it cannot do something. TimeoutError is an OSError.
LIBRARY_ERRORS = (RedisError, RedisClusterException, OSError)
# What a server says that cannot do now what it can do at other times, or when its operator has let it.
_TEMPORARY = (ReadOnlyError, ClusterError, AskError, TryAgainError, OutOfMemoryError, NoPermissionError)
_TEMPORARY_CODES = ("MISCONF", "NOREPLICAS", "BUSY")
ALL_PARTITIONS = frozenset(range(PARTITIONS))

Placement = Mapping[Endpoint, frozenset[int]]


class Deployment(Protocol):
    """How Redis is deployed.

    Attributes:
        client: for commands. The library follows moved slots and primaries.
        is_sharded: whether SPUBLISH and SSUBSCRIBE are used.
        relocation_seconds: how often `locate` may have another answer without a connection that breaks.
    """

    client: Any  # Redis or RedisCluster; the library's types of commands differ between them
    is_sharded: bool
    relocation_seconds: float

    async def locate(self) -> Placement:
        """Which servers there are, and which partitions each has. Raises LIBRARY_ERRORS."""

    def guess(self) -> Placement:
        """Where the servers may be, as long as nobody can be asked."""

    def new_connection(self, endpoint: Endpoint) -> AbstractConnection:
        """A connection to that server, to be opened."""

    async def forget_connections(self) -> None:
        """Let the next commands use new connections: those that are open lead to a server that cannot write."""

    async def close(self) -> None:
        """Close the connections for commands."""


def is_temporary(error: ResponseError) -> bool:
    """Whether the same command may succeed later: it is not the command that is wrong."""
    return isinstance(error, _TEMPORARY) or str(error).startswith(_TEMPORARY_CODES)


def find_deployment(address: Address) -> Deployment:
    """What fits an address. Nothing is connected yet."""
    if address.kind == "cluster":
        return Cluster(address)
    return SentinelPrimary(address) if address.kind == "sentinel" else SingleServer(address)


def _common(options: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **options,
        "protocol": 3,
        "socket_timeout": TIMEOUT_SECONDS,
        "socket_connect_timeout": TIMEOUT_SECONDS,
        "socket_keepalive": True,
        "retry": Retry(NoBackoff(), 1),
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }


def _connection(address: Address, endpoint: Endpoint) -> AbstractConnection:
    options = _common(address.options) | {"retry": Retry(NoBackoff(), 0)}  # whoever connects tries again itself
    kind = options.pop("connection_class", Connection)
    if not endpoint.port:
        options.pop("socket_keepalive")
        return UnixDomainSocketConnection(path=endpoint.host, **options)
    connection: AbstractConnection = kind(host=endpoint.host, port=endpoint.port, **options)
    return connection


class _OneServer:
    """One server at a time that has everything: its connections are in a pool."""

    is_sharded = False
    _address: Address
    _pool: ConnectionPool

    def new_connection(self, endpoint: Endpoint) -> AbstractConnection:
        """See Deployment."""
        return _connection(self._address, endpoint)

    async def forget_connections(self) -> None:
        """See Deployment."""
        await self._pool.disconnect(inuse_connections=False)


class SingleServer(_OneServer):
    """One server, or whatever stands behind one address."""

    relocation_seconds = 3600.0

    def __init__(self, address: Address) -> None:
        self._address = address
        self._endpoint = address.endpoints[0]
        options = _common(address.options)
        kind = options.pop("connection_class", Connection)
        if self._endpoint.port:
            options |= {"host": self._endpoint.host, "port": self._endpoint.port}
        else:
            options.pop("socket_keepalive")
            options["path"] = self._endpoint.host
        self._pool = ConnectionPool(kind, MAX_CONNECTIONS, **options)
        self.client: Any = Redis(connection_pool=self._pool)

    async def locate(self) -> Placement:
        """See Deployment."""
        return self.guess()

    def guess(self) -> Placement:
        """See Deployment."""
        return {self._endpoint: ALL_PARTITIONS}

    async def close(self) -> None:
        """See Deployment."""
        with suppress(*LIBRARY_ERRORS):
            await self._pool.disconnect()


class SentinelPrimary(_OneServer):
    """The primary that Sentinel names. It changes when Sentinel fails over."""

    relocation_seconds = 5.0

    def __init__(self, address: Address) -> None:
        self._address = address
        options = _common(address.options)
        is_tls = options.pop("connection_class", None) is not None
        sentinel_options = _common(address.sentinel_options)
        sentinel_options["ssl"] = sentinel_options.pop("connection_class", None) is not None
        self._sentinel = Sentinel(list(address.endpoints), sentinel_kwargs=sentinel_options)
        self._pool = SentinelConnectionPool(
            address.service,
            self._sentinel,
            max_connections=MAX_CONNECTIONS,
            ssl=is_tls,
            check_connection=False,
            **options,
        )
        self.client: Any = Redis(connection_pool=self._pool)

    async def locate(self) -> Placement:
        """See Deployment."""
        host, port = await self._sentinel.discover_master(self._address.service)
        return {Endpoint(str(host), int(port)): ALL_PARTITIONS}

    def guess(self) -> Placement:
        """See Deployment. A name at which nobody listens: no Sentinel has said where the primary is."""
        return {Endpoint(f"the primary {self._address.service}", 0): ALL_PARTITIONS}

    async def close(self) -> None:
        """See Deployment."""
        with suppress(*LIBRARY_ERRORS):
            await self._pool.disconnect()
            await asyncio.gather(*(sentinel.aclose() for sentinel in self._sentinel.sentinels))


class Cluster:
    """Redis Cluster. Slots move between its servers."""

    is_sharded = True
    relocation_seconds = 30.0

    def __init__(self, address: Address) -> None:
        self._address = address
        options = _common(address.options)
        self._is_tls = options.pop("connection_class", None) is SSLConnection
        self.client: Any = RedisCluster(
            startup_nodes=[ClusterNode(endpoint.host, endpoint.port) for endpoint in address.endpoints],
            ssl=self._is_tls,
            max_connections=MAX_CONNECTIONS,
            require_full_coverage=False,
            **options | {"retry": Retry(NoBackoff(), 3)},
        )

    async def locate(self) -> Placement:
        """See Deployment."""
        try:
            await self.client.initialize()
            await self.client.nodes_manager.initialize()
        except IndexError:  # the library's word for a cluster without slots
            return {}
        slots = self.client.nodes_manager.slots_cache
        placement: dict[Endpoint, set[int]] = {}
        for partition, slot in enumerate(PARTITION_SLOTS):
            if nodes := slots.get(slot):
                placement.setdefault(Endpoint(nodes[0].host, nodes[0].port), set()).add(partition)
        return {endpoint: frozenset(partitions) for endpoint, partitions in placement.items()}

    def guess(self) -> Placement:
        """See Deployment."""
        return {self._address.endpoints[0]: ALL_PARTITIONS}

    def new_connection(self, endpoint: Endpoint) -> AbstractConnection:
        """See Deployment."""
        return _connection(self._address, endpoint)

    async def forget_connections(self) -> None:
        """See Deployment."""
        await self.client.aclose()

    async def close(self) -> None:
        """See Deployment."""
        with suppress(*LIBRARY_ERRORS):
            await self.client.aclose()
