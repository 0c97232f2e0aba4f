"""Several nodes on one PostgreSQL and one Valkey, each of which can be broken, and put right again."""

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg
import httpx

from faults.resp import Mischief, Replies, is_message
from hyred_chat.broker.embedded import ValkeyServer
from tests.acceptance.failures import NO_LIMITS
from tests.acceptance.server import Server, start_server
from tests.faulty_proxy import FaultyProxy, listening, lossy_proxy
from tests.postgres import SCHEMA, Connection, PrivatePostgres

AGAIN_SECONDS = 0.5
# On a machine that is busy with other work, a start takes long.
READY_TIMEOUT_SECONDS = 180.0
ASK_SECONDS = 0.1
# How wrong the clocks of the machines of nodes are: the first one's is right.
CLOCKS_OFF_SECONDS = (0, 300, -300)


class RedisWay(FaultyProxy):
    """A node's way to Redis, on which messages of channels are lost, come twice, or come late while it is told so.

    Attributes:
        mischief: what it does to them.
    """

    def __init__(self, port: int, chance: random.Random) -> None:
        super().__init__(lambda: asyncio.open_connection("127.0.0.1", port), 0)
        self.mischief: Mischief | None = None
        self._chance = chance
        self._replies: dict[asyncio.StreamWriter, Replies] = {}

    def pass_on(self, data: bytes, writer: asyncio.StreamWriter, *, is_answer: bool) -> None:
        """Write what came, or do mischief to it."""
        if not is_answer:
            writer.write(data)
            return
        for closed in [each for each in self._replies if each.is_closing()]:
            del self._replies[closed]
        for reply in self._replies.setdefault(writer, Replies()).feed(data):
            if self.mischief is None or not is_message(reply):
                writer.write(reply)
                continue
            for delay_seconds in self.mischief.copies(self._chance):
                if delay_seconds:
                    asyncio.get_running_loop().call_later(delay_seconds, _write_late, writer, reply)
                else:
                    writer.write(reply)


def _write_late(writer: asyncio.StreamWriter, reply: bytes) -> None:
    if not writer.is_closing():
        writer.write(reply)


class Node:
    """A server process that can be ended, stopped, and started again at the same address.

    Attributes:
        name: `node 1`.
        url: where clients find it.
        errors: the lines that it has logged as errors, in all its lives.
    """

    def __init__(
        self, name: str, database_url: str, module: str, settings: dict[str, str], ways: "tuple[FaultyProxy, RedisWay]"
    ) -> None:
        self.name = name
        self.url = ""
        self.errors: list[str] = []
        self.database, self.redis = ways
        self._database_url = database_url
        self._module = module
        self._settings = settings
        self._stack = AsyncExitStack()
        self._server: Server | None = None

    @property
    def host_and_port(self) -> tuple[str | None, int | None]:
        """Where it listens, or did."""
        where = urlsplit(self.url)
        return where.hostname, where.port

    @property
    def server(self) -> Server:
        """Its process. Raises RuntimeError when it is not running."""
        if self._server is None:
            raise RuntimeError(f"{self.name} does not run")
        return self._server

    async def start(self) -> None:
        """Start it, as often as it takes: something that it needs may be away."""
        async with asyncio.timeout(READY_TIMEOUT_SECONDS):
            while True:
                try:
                    started = start_server(self._database_url, None, (self._module, "serve"), **self._settings)
                    self._server = await self._stack.enter_async_context(started)
                    break
                except (AssertionError, TimeoutError):
                    await asyncio.sleep(AGAIN_SECONDS)
        self.url = self._server.url
        self._settings["PORT"] = self._server.port

    async def kill(self) -> None:
        """SIGKILL."""
        if self._server is not None:
            await self._server.kill()
            self._note_errors()

    async def stop(self) -> None:
        """SIGTERM: it drains."""
        if self._server is not None:
            await self._server.stop()
            self._note_errors()

    def freeze(self) -> None:
        """SIGSTOP."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    async def end(self) -> None:
        """End it for good."""
        self.thaw()
        await self.kill()
        await self._stack.aclose()

    def _signal(self, number: int) -> None:
        if self._server is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._server.process.pid, number)

    def _note_errors(self) -> None:
        if self._server is not None:
            self.errors += self._server.faults()
            self._server = None


@dataclass
class Deployment:
    """All of it.

    Attributes:
        way: leads each connection to one of the nodes, as a balancer does that knows no sessions.
    """

    postgres: PrivatePostgres
    valkey: ValkeyServer
    nodes: list[Node]
    http: httpx.AsyncClient
    way: FaultyProxy

    async def wait_until_ready(self) -> None:
        """Wait until every node says that it is."""
        async with asyncio.timeout(READY_TIMEOUT_SECONDS):
            for node in self.nodes:
                while not await self._is_ready(node):
                    await asyncio.sleep(ASK_SECONDS)

    async def _is_ready(self, node: Node) -> bool:
        try:
            answer = await self.http.get(f"{node.url}/api/health/ready")
        except httpx.TransportError:
            return False
        return answer.is_success and "degraded" not in answer.text

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Connection]:
        """A look into the database, past all that breaks."""
        database = await asyncpg.connect(self.postgres.url, server_settings={"search_path": SCHEMA})
        try:
            yield database
        finally:
            await database.close()


@asynccontextmanager
async def deploy(
    postgres: PrivatePostgres,
    valkey: ValkeyServer,
    count: int,
    seed: int,
    *,
    module: str | None = None,
    **settings: str,
) -> AsyncIterator[Deployment]:
    """Nodes that are ready, each with ways of its own to PostgreSQL and to Redis. All are ended at the end.

    Args:
        postgres: running.
        valkey: running, on a port.
        module: the program of the nodes; by default the chat, with clocks that are minutes apart.
        settings: environment variables of the nodes.
    """
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=httpx.Timeout(6)))
        nodes: list[Node] = []
        for number in range(1, count + 1):
            database = await stack.enter_async_context(lossy_proxy(postgres.url))
            redis = RedisWay(valkey.port, random.Random(f"{seed} way {number}"))
            redis.url = f"redis://127.0.0.1:{await stack.enter_async_context(listening(redis))}"
            off_seconds = CLOCKS_OFF_SECONDS[(number - 1) % len(CLOCKS_OFF_SECONDS)]
            own_settings = NO_LIMITS | {"HYRED_REDIS_URL": redis.url, "CLOCK_OFF_SECONDS": str(off_seconds)} | settings
            program = module or "faults.wrong_clock"
            nodes.append(Node(f"node {number}", database.url, program, own_settings, (database, redis)))
            stack.push_async_callback(nodes[-1].end)
        chance = random.Random(f"{seed} way")
        await nodes[0].start()  # it makes the tables
        await asyncio.gather(*(node.start() for node in nodes[1:]))
        way = FaultyProxy(lambda: _open_any(nodes, chance), 0)
        way.url = f"http://127.0.0.1:{await stack.enter_async_context(listening(way))}"
        yield Deployment(postgres, valkey, nodes, http, way)


async def _open_any(nodes: Sequence[Node], chance: random.Random) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to a node that accepts one. Raises OSError when none does."""
    first, *others = chance.sample(nodes, len(nodes))
    try:
        return await asyncio.open_connection(*first.host_and_port)
    except OSError:
        if not others:
            raise
        return await _open_any(others, chance)
