"""The process: one event loop that listens, serves, and stops in order."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import uvicorn
import uvloop
from pydantic import SecretStr

from hyred_chat.app import Application
from hyred_chat.broker_address import connected_broker
from hyred_chat.config import Settings
from hyred_chat.db.pool import LEAST_POOL_SIZE, Database
from hyred_chat.demo import address_demo_pictures
from hyred_chat.front_door import open_door
from hyred_chat.http.connections import http_protocol
from hyred_chat.http.door import Door
from hyred_chat.listening import BACKLOG, Room, address_of, raise_descriptor_limit, room_for_connections, take_port
from hyred_chat.log_fields import bind
from hyred_chat.metrics.http import describe_connections, describe_forwarding
from hyred_chat.nodes.address import open_directory
from hyred_chat.supervisor.inlet import Inlet
from hyred_chat.supervisor.share import Share

# libuv accepts one connection for each listener in an iteration of the loop. While strangers connect by the thousand, a
# health check would wait behind all of them.
ACCEPTED_PER_TURN = 16
# Allocations, then collections of each younger generation, before the next one is collected.
COLLECTOR_THRESHOLDS = (5_000, 10, 100)
# Requests under way when the server is told to stop may take this long; everything stops within 10 s.
SHUTDOWN_TIMEOUT_SECONDS = 2


def run(settings: Settings, database_url: str, *, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        on_ready: called with the server's address once connections are accepted.

    Raises:
        OSError: the port cannot be listened on.
        UnavailableError: the database cannot be reached.
    """
    raise_descriptor_limit()
    room = room_for_connections(settings)
    listener = take_port(settings.host, settings.port)
    # The port that was really given, where any would do: the server's own origin is made of it.
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})

    def behind_port(config: uvicorn.Config, application: Application, _door: Door) -> _Server:
        return _PortServer(config, application, on_ready, drain_delay_seconds=settings.drain_delay_seconds)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, database_url, room, behind_port, listeners_of(listener)))


def run_share(settings: Settings, share: Share) -> None:
    """Serve what a supervisor hands over, until SIGINT, SIGTERM, or the end of the supervisor.

    What all processes have together is divided; each has a port of its own for its metrics.

    Raises:
        UnavailableError: the database cannot be reached.
    """
    raise_descriptor_limit()
    bind(process=share.number)
    changes: dict[str, object] = {
        "port": share.port,
        "redis_url": SecretStr(share.redis_url),
        "database_pool_size": share.of(settings.database_pool_size, least=LEAST_POOL_SIZE),
        "max_connections_per_address": share.of(settings.max_connections_per_address),
    }
    if settings.metrics_address is not None:
        host, port = settings.metrics_address
        changes["metrics_address"] = (host, port + share.number if port else 0)
    settings = settings.model_copy(update=changes)

    def behind_supervisor(config: uvicorn.Config, application: Application, door: Door) -> _Server:
        return _ShareServer(config, application, door, share.channel)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        room = room_for_connections(settings)
        runner.run(_serve(settings, share.database_url, room, behind_supervisor, [], owner=share.owner))


async def _serve(
    settings: Settings,
    database_url: str,
    room: Room,
    new_server: "Callable[[uvicorn.Config, Application, Door], _Server]",
    listeners: list[socket.socket],
    *,
    owner: str = "",
) -> None:
    database = await Database.connect(
        database_url, schema=settings.database_schema, pool_size=settings.database_pool_size
    )
    try:
        if settings.makes_demo_world and settings.own_origin:
            await address_demo_pictures(database, settings.own_origin)
        async with connected_broker(settings) as broker:
            directory = None if broker is None else await open_directory(settings, broker, owner=owner)
            application = Application(settings, database, broker, directory)
            door = open_door(
                settings,
                room,
                application.api_keys,
                socket_path=application.sockets.settings.path,
                is_shared=bool(owner),
                directory=directory,
            )
            describe_connections(application.monitor.metrics, door.admission)
            if door.forwarding is not None:
                describe_forwarding(application.monitor.metrics, door.forwarding)
            config = uvicorn.Config(
                application,
                ws=application.sockets.websocket_protocol,
                http=http_protocol(door),
                proxy_headers=False,  # the door believes those that the operator trusts
                lifespan="on",
                access_log=False,
                backlog=min(BACKLOG, room.connections),
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=SHUTDOWN_TIMEOUT_SECONDS,
            )
            await new_server(config, application, door).serve(sockets=listeners)
    finally:
        await database.close()


class _Server(uvicorn.Server):
    """uvicorn's server, which drains before it stops. Subclasses say where its connections come from."""

    def __init__(self, config: uvicorn.Config, application: Application) -> None:
        super().__init__(config)
        self._application = application

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _calm_garbage_collector()
            self._open(sockets or [])

    def _open(self, sockets: list[socket.socket]) -> None:
        """Connections are served from now on."""
        raise NotImplementedError

    async def _shut(self) -> None:
        """Take no more connections."""
        raise NotImplementedError

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM, and do not raise them again at the end: the database is still to be closed then."""
        previous = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._application.is_draining = True  # from now on it is not ready
        await self._shut()
        await self._application.drain()
        await super().shutdown(sockets)


class _PortServer(_Server):
    """Connections come to a port. It says when it is ready."""

    def __init__(
        self,
        config: uvicorn.Config,
        application: Application,
        on_ready: Callable[[str], None],
        *,
        drain_delay_seconds: float,
    ) -> None:
        super().__init__(config, application)
        self._drain_delay_seconds = drain_delay_seconds
        self._on_ready = on_ready

    def _open(self, sockets: list[socket.socket]) -> None:
        self._on_ready(address_of(sockets[0]))

    async def _shut(self) -> None:
        await asyncio.sleep(self._drain_delay_seconds)  # balancers that have not noticed yet send clients here still
        for server in self.servers:
            server.close()


class _ShareServer(_Server):
    """Connections come from a supervisor."""

    def __init__(self, config: uvicorn.Config, application: Application, door: Door, channel: socket.socket) -> None:
        super().__init__(config, application)
        self._inlet = Inlet(
            channel,
            self._new_protocol,
            count=lambda: door.admission.connection_count,
            on_unready=self._on_unready,
            on_end=self._on_end,
        )

    def _open(self, _sockets: list[socket.socket]) -> None:
        self._inlet.open()

    async def _shut(self) -> None:
        await self._inlet.close()

    def _new_protocol(self) -> asyncio.Protocol:
        new_protocol = cast("Callable[..., asyncio.Protocol]", self.config.http_protocol_class)
        return new_protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    def _on_unready(self) -> None:
        self._application.is_draining = True

    def _on_end(self) -> None:
        self.should_exit = True


def _calm_garbage_collector() -> None:
    """Look for reference cycles rarely, and never again among what was made at start.

    Closed connections and stored messages are freed without the collector. Left as it is by default, it looks through
    everything again and again while messages wait for their batch: pauses of 100 ms and more under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)


def listeners_of(listener: socket.socket) -> list[socket.socket]:
    """The same socket under several descriptors, each of which is a listener for the loop."""
    return [listener, *(listener.dup() for _ in range(ACCEPTED_PER_TURN - 1))]
