"""Several Valkeys together: watched by Sentinel, or a cluster."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Any

from redis.asyncio.connection import Connection

from hyred_chat.broker.embedded import ValkeyServer
from hyred_chat.broker.partitions import SLOTS
from tests.valkey import free_port, server_program

SERVICE = "chat"
LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 20.0


class Sentinel(ValkeyServer):
    """One Sentinel that alone decides about a primary, and soon.

    Args:
        primary: a running server on a port.
    """

    def __init__(self, primary: ValkeyServer) -> None:
        super().__init__(program=server_program(), port=free_port())
        self._path = self.directory / "sentinel.conf"
        self._path.write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {self.directory}\n"
            f"sentinel monitor {SERVICE} 127.0.0.1 {primary.port} 1\n"
            f"sentinel down-after-milliseconds {SERVICE} 500\nsentinel failover-timeout {SERVICE} 2000\n"
        )
        self.url = f"redis+sentinel://127.0.0.1:{self.port}/{SERVICE}"

    def settings(self) -> list[str]:
        return [str(self._path), "--sentinel"]


async def ask(server: ValkeyServer, *words: str | int) -> Any:
    """Run one command on that very server, and take its answer as it is."""
    connection = Connection(host="127.0.0.1", port=server.port, protocol=2, decode_responses=True)
    try:
        await connection.connect()
        await connection.send_command(*words)
        return await connection.read_response()
    finally:
        await connection.disconnect()


async def wait_until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again. What servers tell one another they tell nobody else."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():  # noqa: ASYNC110 (another process does not set events of ours)
            await asyncio.sleep(LOOK_SECONDS)


@contextmanager
def _started(server: ValkeyServer) -> Iterator[ValkeyServer]:
    try:
        server.start()
        yield server
    finally:
        server.remove()


@asynccontextmanager
async def watched_pair() -> AsyncIterator[tuple[Sentinel, ValkeyServer]]:
    """A Sentinel and a primary that has one replica; they know one another."""
    with ExitStack() as stack:
        primary = ValkeyServer(program=server_program(), port=free_port(), options=("--repl-diskless-sync-delay", "0"))
        stack.enter_context(_started(primary))
        following = ("--replicaof", "127.0.0.1", str(primary.port), "--repl-diskless-sync-delay", "0")
        replica = ValkeyServer(program=server_program(), port=free_port(), options=following)
        stack.enter_context(_started(replica))

        async def follows() -> bool:
            return "state=online" in await ask(primary, "INFO", "replication")

        await wait_until(follows)
        sentinel = Sentinel(primary)
        stack.enter_context(_started(sentinel))

        async def knows_both() -> bool:
            replicas = await ask(sentinel, "SENTINEL", "REPLICAS", SERVICE)
            return any("ok" in entry for entry in replicas)

        await wait_until(knows_both)
        yield sentinel, primary


class Member(ValkeyServer):
    """A server of a cluster.

    Attributes:
        bus_port: where the others of the cluster talk to it.
    """

    def __init__(self) -> None:
        self.bus_port = free_port()
        ours = ("--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-port", str(self.bus_port))
        super().__init__(program=server_program(), port=free_port(), options=ours)


class Cluster:
    """Three servers that share all slots."""

    def __init__(self, servers: list[Member]) -> None:
        self.servers = servers
        self.url = "redis+cluster://" + ",".join(f"127.0.0.1:{server.port}" for server in servers)

    async def join(self) -> None:
        """Make one cluster of the servers."""
        share = SLOTS // len(self.servers)
        for number, server in enumerate(self.servers):
            last = SLOTS - 1 if server is self.servers[-1] else (number + 1) * share - 1
            await ask(server, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
            await ask(server, "CLUSTER", "ADDSLOTSRANGE", number * share, last)
        for server in self.servers[1:]:
            await ask(server, "CLUSTER", "MEET", "127.0.0.1", self.servers[0].port, self.servers[0].bus_port)
        await wait_until(self.is_whole)

    def owner(self, slot: int) -> Member:
        """Who has a slot at the beginning."""
        return self.servers[min(slot // (SLOTS // len(self.servers)), len(self.servers) - 1)]

    async def move(self, slot: int, source: ValkeyServer, target: ValkeyServer) -> None:
        """Give an empty slot to another server, as resharding does."""
        source_id, target_id = await ask(source, "CLUSTER", "MYID"), await ask(target, "CLUSTER", "MYID")
        await ask(target, "CLUSTER", "SETSLOT", slot, "IMPORTING", source_id)
        await ask(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", target_id)
        for server in (target, source, *self.servers):
            await ask(server, "CLUSTER", "SETSLOT", slot, "NODE", target_id)

    async def is_whole(self) -> bool:
        """Whether each server finds that all slots are served."""
        answers = [await ask(server, "CLUSTER", "INFO") for server in self.servers]
        return all("cluster_state:ok" in answer and "cluster_known_nodes:3" in answer for answer in answers)


@asynccontextmanager
async def cluster_of_three() -> AsyncIterator[Cluster]:
    """A cluster that is ready."""
    with ExitStack() as stack:
        servers = [Member() for _ in range(3)]
        for server in servers:
            stack.enter_context(_started(server))
        cluster = Cluster(servers)
        await cluster.join()
        yield cluster
