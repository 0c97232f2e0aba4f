"""Several nodes, or processes behind one port, on one PostgreSQL and one Valkey, all of this machine."""

import asyncio
import sys
from typing import ClassVar

from bench.processes import Process, cpu_seconds, free_port
from bench.servers import HyredChat, HyredChatInStorms
from hyred_chat.broker.embedded import ValkeyServer


class HyredNodes(HyredChat):
    """Nodes behind ports of their own. The first one has the embedded database; clients are dealt out in turn.

    Attributes:
        valkey: the broker.
    """

    name = "Hyred Chat, two nodes"
    nodes: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__()
        self.valkey = ValkeyServer()
        self._others: list[tuple[int, Process]] = []

    def environment(self) -> dict[str, str]:
        """With the broker."""
        return super().environment() | {"HYRED_REDIS_URL": self.valkey.url}

    async def start(self) -> None:
        """Starts the broker, the first node with its database, and the others."""
        await asyncio.to_thread(self.valkey.start)
        await super().start()
        url = f"postgresql://postgres@/postgres?host={self.cluster.socket_folder}&port={self.cluster.port}"
        for number in range(1, self.nodes):
            port = free_port()
            environment = self.environment() | {
                "PORT": str(port),
                "HYRED_DATABASE_URL": url,
                "HYRED_DEV_TOKENS": "true",
            }
            command = [sys.executable, "-m", "hyred_chat", "serve"]
            process = Process(command, log=self.folder / f"node-{number}.log", environment=environment)
            self._others.append((port, process))
            await self.wait_until_ready(process, port)

    async def stop(self) -> None:
        """Ends the others before the database goes with the first one."""
        try:
            for _, process in self._others:
                await process.end()
            await super().stop()
        finally:
            await asyncio.to_thread(self.valkey.remove)

    def port_of(self, place: int) -> int:
        """One after the other, so that the two people of a pair are at different nodes."""
        return [self.port, *(port for port, _ in self._others)][place % self.spread]

    @property
    def spread(self) -> int:
        """How many nodes have clients."""
        return self.nodes

    def cpu_seconds(self) -> float:
        """All nodes, and the broker."""
        pids = [self.process.pid, *(process.pid for _, process in self._others), self.valkey.process_id]
        return sum(cpu_seconds(pid) for pid in pids if pid is not None)


class OneNodeWithBroker(HyredNodes):
    """A single node that tells a broker everything."""

    name = "Hyred Chat, one node and a broker"
    nodes = 1


class TenNodes(HyredNodes):
    """Ten nodes, of which two have clients."""

    name = "Hyred Chat, ten nodes"
    nodes = 10

    @property
    def spread(self) -> int:
        """Two, as beside two nodes."""
        return 2


class WorkersInStorms(HyredChatInStorms):
    """Processes behind one port, with a broker that stays while they are all restarted.

    Args:
        workers: how many.

    Attributes:
        valkey: the broker.
    """

    name = "Hyred Chat, several processes behind one port, default rate of handshakes"

    def __init__(self, workers: int) -> None:
        super().__init__()
        self.workers = workers
        self.valkey = ValkeyServer()

    def command(self) -> list[str]:
        """`hyred-chat serve --workers N`."""
        return [*super().command(), "--workers", str(self.workers)]

    def environment(self) -> dict[str, str]:
        """With the broker."""
        return super().environment() | {"HYRED_REDIS_URL": self.valkey.url}

    async def start(self) -> None:
        """Starts the broker unless it runs, and the server with its database."""
        if self.valkey.process_id is None:
            await asyncio.to_thread(self.valkey.start)
        await super().start()

    async def stop(self) -> None:
        """Ends the server, and the broker after it."""
        try:
            await super().stop()
        finally:
            await asyncio.to_thread(self.valkey.remove)

    def cpu_seconds(self) -> float:
        """All processes, and the broker."""
        broker = self.valkey.process_id
        return super().cpu_seconds() + (0.0 if broker is None else cpu_seconds(broker))
