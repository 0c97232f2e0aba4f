"""The broker: frames from node to node through Redis, which may lose them, and says when it may have."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from redis.exceptions import ReadOnlyError, ResponseError

from hyred_chat.broker.address import Address, Endpoint, parse_address
from hyred_chat.broker.cancellation import heeded_cancellation
from hyred_chat.broker.deployments import (
    LIBRARY_ERRORS,
    MAX_CONNECTIONS,
    TIMEOUT_SECONDS,
    Deployment,
    Placement,
    find_deployment,
    is_temporary,
)
from hyred_chat.broker.envelope import MAX_ENVELOPE_BYTES
from hyred_chat.broker.errors import BrokerAwayError, BrokerStartError, BrokerUnavailableError
from hyred_chat.broker.inspection import ServerReport, read_report
from hyred_chat.broker.leases import Lease
from hyred_chat.broker.link import Counters, LinkState
from hyred_chat.broker.partitions import Names
from hyred_chat.broker.routes import Routes
from hyred_chat.broker.start_checks import check_usable

INSPECTION_SECONDS = 5.0

logger = logging.getLogger(__name__)


def _ignore_frame(_channel: str, _frame: bytes) -> None:
    """What `on_frame` is until somebody sets it."""


class Broker:
    """Publishes frames to channels, and hands over those of channels that are subscribed to.

    Nothing here is a promise: a frame may be lost, repeated or late. Whoever subscribes must be able to read what it
    missed from elsewhere, and does so when `on_restored` is called.

    Callbacks are plain functions, are called in the event loop, and should be quick.

    Attributes:
        node_id: the name of this node.
        names: makes names of channels and of keys.
        counters: what was done since the start.
        on_frame: called with the channel and the frame of each message.
        on_restored: called with a reason once everything that is published arrives, the first time included. What was
            published before may have been missed.
        on_lost: called with a reason when that is no longer so.
        on_lease_lost: called when the lease was found gone. `incarnation` is a new one: what was written under the
            old one has to be written again.
    """

    def __init__(
        self, deployment: Deployment, placement: Placement, *, prefix: str, node_id: str, unchecked: Address | None
    ) -> None:
        self.node_id = node_id
        self.names = Names(prefix)
        self.counters = Counters()
        self.on_frame: Callable[[str, bytes], None] = _ignore_frame
        self.on_restored: list[Callable[[str], None]] = []
        self.on_lost: list[Callable[[str], None]] = []
        self.on_lease_lost: list[Callable[[], None]] = []
        self._deployment = deployment
        # What could not be looked at when the process started.
        self._unchecked = unchecked
        self._lease = Lease(node_id, self.names, self.pipeline, self._handle_lease_lost)
        self._commands = asyncio.Semaphore(MAX_CONNECTIONS)
        self._routes = Routes(
            deployment,
            placement,
            owner=self,
            names=self.names,
            counters=self.counters,
            probe_name=self._lease.incarnation,
        )
        self._group: asyncio.TaskGroup | None = None
        self._connected = asyncio.Event()
        self._drained: asyncio.Event | None = None
        self._awaited: dict[str, asyncio.Future[None]] = {}

    @classmethod
    async def connect(cls, url: str, *, node_id: str, prefix: str = "hyred", may_be_away: bool = False) -> "Broker":
        """Look whether Redis can be used. Then `run` has to run, until the broker is closed.

        Args:
            url: `redis://user:password@host:6379/0`, `rediss://…` for TLS, `unix:///path/to.sock`,
                `redis+sentinel://user:password@host1:26379,host2:26379/name-of-the-primary`,
                `redis+cluster://user:password@host1:6379,host2:6379`. `hyred_chat.broker.address` says it all.
            node_id: the name of this node: every node needs one of its own.
            prefix: what all names in Redis begin with.
            may_be_away: a Redis that cannot be reached is waited for by `run`, and one warning says so.

        Raises:
            BrokerStartError: one line that says what is wrong and what to do. Credentials are not in it.
            BrokerAwayError: the same, of a Redis that cannot be reached now.
            ValueError: a URL or a prefix that is none. It is not repeated.
        """
        address = parse_address(url)
        Names(prefix)
        deployment = find_deployment(address)
        unchecked: Address | None = None
        try:
            try:
                placement = await check_usable(deployment, address)
            except BrokerAwayError as error:
                if not may_be_away:
                    raise
                logger.warning("%s Until then other servers are told late, and readiness is “degraded”.", error)
                placement, unchecked = deployment.guess(), address
            return cls(deployment, placement, prefix=prefix, node_id=node_id, unchecked=unchecked)
        except BaseException:
            await deployment.close()
            raise

    # Publishing and subscribing

    def publish(self, channel: str, frame: bytes, *, droppable: bool = False) -> None:
        """Send a frame to all who subscribe to a channel. It is written at the end of the event loop's iteration.

        Never waits. While Redis is away, frames wait in a bounded queue.

        Args:
            channel: made by `names`.
            droppable: the frame is worth nothing when it is late. It is dropped if it had to wait for a connection,
                and before others when the queue is full.

        Raises:
            ValueError: a frame larger than `MAX_ENVELOPE_BYTES`, or a channel that `names` did not make.
        """
        if len(frame) > MAX_ENVELOPE_BYTES:
            raise ValueError(f"a frame has at most {MAX_ENVELOPE_BYTES} bytes")
        name = channel.encode()
        self._routes.link_of(name).publish(name, frame, droppable)

    def subscribe(self, channel: str) -> None:
        """Hand over the frames of a channel from now on. Again after every reconnection; twice is once."""
        self._routes.link_of(channel.encode()).subscribe(channel)

    def unsubscribe(self, channel: str) -> None:
        """Hand over the frames of a channel no longer."""
        self._routes.link_of(channel.encode()).unsubscribe(channel)

    async def wait_subscribed(self, channel: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Wait until everything that is published to a channel arrives. Raises BrokerUnavailableError in time."""
        if self._routes.link_of(channel.encode()).subscriptions.is_confirmed(channel):
            return
        waiter = self._awaited.get(channel)
        if waiter is None:
            waiter = self._awaited[channel] = asyncio.get_running_loop().create_future()
            waiter.add_done_callback(lambda _: self._awaited.pop(channel, None))
        try:
            async with asyncio.timeout(timeout_seconds):
                await asyncio.shield(waiter)
        except TimeoutError:
            waiter.cancel()
            raise BrokerUnavailableError("Redis did not confirm a subscription in time") from None

    # Health

    @property
    def state(self) -> LinkState:
        """`CONNECTED`; `DEAF`: Redis answers, and what is published does not arrive; `UNREACHABLE`: all else."""
        states = {link.state for link in self._routes.links}
        return next(
            (state for state in (LinkState.DEAF, LinkState.UNREACHABLE) if state in states), LinkState.CONNECTED
        )

    @property
    def waiting_frames(self) -> int:
        """How many frames wait to be written."""
        return sum(len(link.queue) for link in self._routes.links)

    @property
    def waiting_bytes(self) -> int:
        """How many bytes these have."""
        return sum(link.queue.bytes for link in self._routes.links)

    async def wait_connected(self, *, timeout_seconds: float) -> None:
        """Wait for the state `CONNECTED`. Raises BrokerUnavailableError in time."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._connected.wait()
        except TimeoutError:
            raise BrokerUnavailableError("Redis could not be reached in time") from None

    @property
    def complaints(self) -> list[str]:
        """Why which server is not connected, for people. Empty if all are."""
        return [f"{link.endpoint}: {link.complaint}" for link in self._routes.links if link.complaint]

    async def inspect(self) -> list[ServerReport]:
        """What the servers say about themselves. Raises BrokerUnavailableError."""
        try:
            async with asyncio.timeout(INSPECTION_SECONDS):
                return [await read_report(self._deployment, endpoint) for endpoint in self._routes.endpoints]
        except LIBRARY_ERRORS as error:
            raise BrokerUnavailableError(f"Redis could not be asked: {error or 'no answer in time'}") from error

    # Leases

    @property
    def incarnation(self) -> str:
        """The name of this life of this process: `node_id`, `#`, and a random part."""
        return self._lease.incarnation

    @property
    def servers(self) -> list[Endpoint]:
        """The servers of Redis that it is connected to."""
        return list(self._routes.endpoints)

    def show_card(self, card: bytes) -> None:
        """Let other nodes read something about this one while it holds its lease."""
        self._lease.card = card
        self._lease.renew_soon()

    async def outlive(self, seconds: float) -> None:
        """Have the lease last so long, though this process ends; without a card. Raises BrokerUnavailableError."""
        await self._lease.outlive(seconds)

    async def cards(self) -> list[bytes]:
        """What the nodes that hold a lease let others read. Raises BrokerUnavailableError."""
        return await self._lease.list_cards()

    async def live_nodes(self) -> frozenset[str]:
        """The incarnations that hold a lease. Raises BrokerUnavailableError."""
        return await self._lease.list_live()

    async def dead_nodes(self) -> frozenset[str]:
        """Those whose lease has ended, and that were not forgotten. Raises BrokerUnavailableError."""
        return await self._lease.list_dead()

    async def forget_node(self, incarnation: str) -> None:
        """Forget a dead one, after its traces were removed. Raises BrokerUnavailableError."""
        await self._lease.forget(incarnation)

    # Commands

    async def execute(self, *command: str | bytes | float) -> Any:
        """Run one command. Returns what redis-py makes of the answer: strings are bytes, HGETALL is a dict.

        Raises:
            BrokerUnavailableError: Redis could not be asked within 2 s, or cannot do it at the moment.
            redis.exceptions.ResponseError: the command is wrong.
        """
        return (await self.pipeline([command]))[0]

    async def pipeline(self, commands: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Run several commands in one go, not as a transaction. Raises as `execute` does, for the first that fails."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS), self._commands:
                with heeded_cancellation():
                    pipeline = self._deployment.client.pipeline(transaction=False)
                    for command in commands:
                        pipeline.execute_command(*command)
                    # Its own exceptions would repeat the command, with what users wrote in it.
                    answers = list(await pipeline.execute(raise_on_error=False))
            for error in answers:
                if isinstance(error, Exception):
                    raise error
        except ResponseError as error:
            if isinstance(error, ReadOnlyError):
                await self._handle_read_only()
            if not is_temporary(error):
                raise
            raise BrokerUnavailableError(f"Redis cannot do it now: {error}") from error
        except LIBRARY_ERRORS as error:
            raise BrokerUnavailableError(f"Redis could not be asked: {error or 'no answer in time'}") from error
        return answers

    # Life

    async def run(self) -> None:
        """Keep connections and the lease until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                if self._unchecked is not None:
                    self.request_location()
                group.create_task(self._routes.run())
                group.create_task(self._lease.run())
        finally:
            self._group = None

    async def drain(self, *, timeout_seconds: float) -> bool:
        """Wait until Redis has everything that was published. Returns whether it has."""
        self._drained = asyncio.Event()
        self.handle_answered()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self._drained.wait()
        return self._drained.is_set()

    async def close(self) -> None:
        """Close the connections for commands. `run` has ended before."""
        await self._deployment.close()

    # What links say

    def handle_subscribed(self, channel: str) -> None:
        """See link.Owner."""
        if self._awaited and (waiter := self._awaited.get(channel)) is not None and not waiter.done():
            waiter.set_result(None)

    def handle_answered(self) -> None:
        """See link.Owner."""
        if self._drained is not None and not any(link.unwritten for link in self._routes.links):
            self._drained.set()

    def handle_up(self, reason: str) -> None:
        """See link.Owner."""
        if self.state is LinkState.CONNECTED:
            self._connected.set()
            if self._unchecked is not None and self._group is not None:
                self._group.create_task(self._check(self._unchecked))
                self._unchecked = None
        self._lease.renew_soon()  # it may have ended meanwhile
        self._call(self.on_restored, reason)

    def handle_down(self, reason: str) -> None:
        """See link.Owner."""
        self._connected.clear()
        self._call(self.on_lost, reason)

    def request_location(self) -> None:
        """See link.Owner."""
        self._routes.request_location()

    def _call(self, callbacks: list[Callable[..., None]], *arguments: str) -> None:
        for callback in callbacks:
            try:
                callback(*arguments)
            except Exception:
                logger.exception("a callback of the broker failed")

    async def _check(self, address: Address) -> None:
        """Say of a Redis that was away when the process started whether it can be used."""
        try:
            await check_usable(self._deployment, address)
        except BrokerAwayError:
            self._unchecked = address  # it is looked at when it is back again
        except BrokerStartError as error:
            logger.warning("%s", error)
        else:
            logger.warning("Redis can be reached now (%s)", address)

    def _handle_lease_lost(self) -> None:
        logger.warning("the lease of this node was gone; it is now %s", self.incarnation)
        self._call(self.on_lease_lost)

    async def _handle_read_only(self) -> None:
        self.request_location()
        for link in self._routes.links:
            link.reconnect("Redis has become a read-only replica")
        with suppress(*LIBRARY_ERRORS):
            await self._deployment.forget_connections()
