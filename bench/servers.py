"""The three servers, all on the loopback interface: ours with everything stored, and two bare echoes."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
import uuid
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar

from bench.database import Cluster, connection_to, find_cluster
from bench.processes import ROOT, Process, ProcessFailedError, cpu_seconds, free_port, is_running
from bench.waiting import until

START_TIMEOUT_SECONDS = 90.0
SEED_TIMEOUT_SECONDS = 60.0
SEED_SECONDS_A_PAIR = 0.01
READY_RETRY_SECONDS = 0.05
QUIET_TRIES = 40
QUIET_RETRY_SECONDS = 0.25
QUIET_CPU = 0.05  # of one core
DATABASE_END_TIMEOUT_SECONDS = 20.0
SCHEMA = "blytz_hire"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in. The token is None where nobody asks for one."""

    id: str
    token: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people and the room that only they share."""

    room_id: str
    va: Person
    co: Person


class Server:
    """What the measures need of a server: a name for the table, a port, and its process."""

    name: ClassVar[str]
    ready_path: ClassVar[str] = "/socket.io/"
    ready_below: ClassVar[int] = 500

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="hyred-bench-"))
        self.process: Process

    def command(self) -> list[str]:
        """The command line that serves on `self.port`."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """What the server is told by environment variables."""
        return {}

    async def pairs(self, count: int) -> list[Pair]:
        """Pairs to talk as. An echo knows nobody, so these are made up, in the shape of the real ones."""
        nobody = Person(uuid.uuid4().hex, None)
        return [Pair(uuid.uuid4().hex, nobody, nobody) for _ in range(count)]

    async def start(self) -> None:
        """Starts the process and waits until it answers. Raises ProcessFailedError."""
        self.process = Process(self.command(), log=self.folder / "server.log", environment=self.environment())
        await self.wait_until_ready(self.process, self.port)

    async def wait_until_ready(self, process: Process, port: int) -> None:
        """Waits until a process answers at its port. Raises ProcessFailedError."""
        deadline = perf_counter() + START_TIMEOUT_SECONDS
        while not await asyncio.to_thread(self._answers, port):
            process.check_running()
            if perf_counter() > deadline:
                raise ProcessFailedError(f"{self.name} is not ready\n{process.tail()}")
            await asyncio.sleep(READY_RETRY_SECONDS)

    async def stop(self) -> None:
        """Ends the process and removes its folder. Raises ProcessFailedError when something goes on running."""
        try:
            if hasattr(self, "process"):
                await self.process.end()
                await self.check_ended()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    async def check_ended(self) -> None:
        """Raises ProcessFailedError when something that the server started has not ended with it."""

    def port_of(self, _place: int) -> int:
        """Where the client at a place connects to, when people and devices are counted from 0."""
        return self.port

    def cpu_seconds(self) -> float:
        """The CPU time that the server has used so far, without its database."""
        return cpu_seconds(self.process.pid)

    def database_cpu_seconds(self) -> float:
        """The CPU time that its database has used so far."""
        return 0.0

    def all_cpu_seconds(self) -> float:
        """Both together."""
        return self.cpu_seconds() + self.database_cpu_seconds()

    async def settle(self) -> None:
        """Waits until the server has nothing left to do, so that the next one is measured alone."""
        for _ in range(QUIET_TRIES):
            used = self.all_cpu_seconds()
            await asyncio.sleep(QUIET_RETRY_SECONDS)
            if self.all_cpu_seconds() - used < QUIET_CPU * QUIET_RETRY_SECONDS:
                return

    def _answers(self, port: int) -> bool:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", self.ready_path)
            return connection.getresponse().status < self.ready_below
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


class NodeEcho(Server):
    """A bare Socket.IO echo on Node: what one says goes to both people of the pair."""

    name = "Socket.IO on Node, bare echo"

    def command(self) -> list[str]:
        """Node with the echo beside this file."""
        return ["node", str(ROOT / "bench" / "node_echo.mjs"), str(self.port)]


class NodeAcknowledger(NodeEcho):
    """The least that Node can do: one frame for a message, and the other person gets nothing."""

    name = "Socket.IO on Node, acknowledges only"

    def command(self) -> list[str]:
        """The echo, told to do less."""
        return [*super().command(), "acknowledge"]


class PythonEcho(Server):
    """A bare python-socketio echo under uvicorn."""

    name = "python-socketio, bare echo"

    def command(self) -> list[str]:
        """This Python with the echo beside this file."""
        return [sys.executable, str(ROOT / "bench" / "python_echo.py"), str(self.port)]


class PythonAcknowledger(PythonEcho):
    """The least that python-socketio can do."""

    name = "python-socketio, acknowledges only"

    def command(self) -> list[str]:
        """The echo, told to do less."""
        return [*super().command(), "acknowledge"]


class HyredChat(Server):
    """Ours, with its embedded PostgreSQL in a folder of its own, and limits that stop no measure.

    Args:
        tree: the checkout of which it runs the sources.
    """

    name = "Hyred Chat, stored and ordered"
    ready_path = "/api/health/ready"
    ready_below = 300

    def __init__(self, tree: Path = ROOT) -> None:
        super().__init__()
        self._tree = tree
        self.cluster: Cluster
        self._data_folder = self.folder / "data"
        self._pairs: list[Pair] = []

    def command(self) -> list[str]:
        """`hyred-chat serve`, as people run it."""
        return [sys.executable, "-m", "hyred_chat", "serve"]

    def environment(self) -> dict[str, str]:
        """Its own data, no demo world, no rate limits: people never meet those, and a load generator does."""
        return {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(self._tree / "src"), os.environ.get("PYTHONPATH")])),
            "HYRED_DATA_DIR": str(self._data_folder),
            "HYRED_DATABASE_SCHEMA": SCHEMA,
            "HYRED_DEMO": "false",
            "HYRED_MAX_CONNECTIONS_PER_ADDRESS": "0",
            "HYRED_MAX_HANDSHAKES_PER_SECOND": "0",
            "HYRED_RATE_LIMIT_MESSAGES_PER_MINUTE": "0",
            "HYRED_RATE_LIMIT_EVENTS_PER_MINUTE": "0",
            "HYRED_RATE_LIMIT_REQUESTS_PER_MINUTE": "0",
        }

    async def start(self) -> None:
        """Starts the server, which starts its database."""
        await super().start()
        self.cluster = find_cluster(self._data_folder)

    def database_cpu_seconds(self) -> float:
        """PostgreSQL, which is no child of the server."""
        return cpu_seconds(self.cluster.pid)

    async def check_ended(self) -> None:
        """Its database has to end with it."""
        if hasattr(self, "cluster") and not await until(self._database_has_ended, DATABASE_END_TIMEOUT_SECONDS):
            raise ProcessFailedError(f"PostgreSQL ({self.cluster.pid}) still runs although the server has ended")

    def _database_has_ended(self) -> bool:
        return not is_running(self.cluster.pid)

    async def pairs(self, count: int) -> list[Pair]:
        """The first `count` pairs; those that do not exist yet are made."""
        if len(self._pairs) < count:
            self._pairs += await self.new_pairs(count - len(self._pairs))
        return self._pairs[:count]

    async def new_pairs(self, count: int) -> list[Pair]:
        """Makes pairs with `hyred-chat seed`, while the server runs. Raises ProcessFailedError."""
        rooms = self.folder / "rooms.json"
        command = [sys.executable, "-m", "hyred_chat", "seed", "--pairs", str(count), "--rooms-file", str(rooms)]
        seed = Process(command, log=self.folder / "seed.log", environment=self.environment())
        if await seed.wait(SEED_TIMEOUT_SECONDS + count * SEED_SECONDS_A_PAIR) != 0:
            raise ProcessFailedError(f"{' '.join(command)} failed\n{seed.tail()}")
        return [pair_of(record) for record in json.loads(rooms.read_text())]


class HyredChatWithAbsent(HyredChat):
    """Each room has two more members, who are never here: every message is to be pushed to them."""

    name = "Hyred Chat, and two absent members in each room"

    async def new_pairs(self, count: int) -> list[Pair]:
        """Makes them, and the absent, straight into the tables."""
        pairs = await super().new_pairs(count)
        async with connection_to(self.cluster, SCHEMA) as connection:
            await connection.execute(
                """
                WITH absent AS (
                    SELECT room_id, room_id || '-absent-' || number AS user_id
                    FROM unnest($1::text[]) room_id, generate_series(1, 2) number
                ), added AS (
                    INSERT INTO users (id, email, role) SELECT user_id, user_id || '@bench.example', 'va' FROM absent
                    RETURNING id
                )
                INSERT INTO chat_members (room_id, user_id)
                SELECT absent.room_id, absent.user_id FROM absent JOIN added ON added.id = absent.user_id
                """,
                [pair.room_id for pair in pairs],
            )
        return pairs


class HyredChatInStorms(HyredChat):
    """Letting clients in as fast as it is delivered to.

    Attributes:
        workers: how many processes serve.
    """

    name = "Hyred Chat, default rate of handshakes"
    workers = 1

    def environment(self) -> dict[str, str]:
        """Without what lets any number in, unless whoever measures says how many."""
        name = "HYRED_MAX_HANDSHAKES_PER_SECOND"
        return {key: value for key, value in super().environment().items() if key != name}


class HyredChatAsDelivered(HyredChat):
    """With the limits that people get who set nothing."""

    name = "Hyred Chat, default limits"

    def environment(self) -> dict[str, str]:
        """What only load generators need is left out."""
        limits = ("HYRED_RATE_LIMIT_", "HYRED_MAX_CONNECTIONS_PER_ADDRESS", "HYRED_MAX_HANDSHAKES_PER_SECOND")
        return {name: value for name, value in super().environment().items() if not name.startswith(limits)}


def pair_of(record: dict[str, Any]) -> Pair:
    """A pair as `hyred-chat seed` writes it."""
    va, co = record["va"], record["co"]
    return Pair(record["roomId"], Person(va["id"], va["token"]), Person(co["id"], co["token"]))


SERVERS: dict[str, type[Server]] = {
    "hyred": HyredChat,
    "hyred-absent": HyredChatWithAbsent,
    "node": NodeEcho,
    "python": PythonEcho,
    "node-acknowledges": NodeAcknowledger,
    "python-acknowledges": PythonAcknowledger,
}
DEFAULT_SERVERS = "hyred,node,python"
