"""The way to one Redis server: two connections that live and die together, and are always being replaced."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from redis.asyncio.connection import AbstractConnection

from hyred_chat.broker.address import Endpoint
from hyred_chat.broker.commands import encode_publish, encode_sharded_publish
from hyred_chat.broker.deployments import LIBRARY_ERRORS
from hyred_chat.broker.publish_queue import PublishQueue
from hyred_chat.broker.pulse import Backoff, Beat, Pulse
from hyred_chat.broker.subscriptions import Subscriptions, UnexpectedAnswerError
from hyred_chat.broker.wires import PublishWire, SubscribeWire

CONNECT_TIMEOUT_SECONDS = 2.0
ANSWER_TIMEOUT_SECONDS = 2.0
LOOK_SECONDS = 0.5
# What is written in one turn of the loop at most.
MAX_WRITE_BYTES = 1024 * 1024

logger = logging.getLogger(__name__)

# How a server of a cluster says that it does not have a slot, or not yet.
_ELSEWHERE = ("MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN")


class LinkState(Enum):
    """What is known of a server: `CONNECTED`, `DEAF` (it answers commands, and probes do not return), `UNREACHABLE`."""

    CONNECTED = "connected"
    DEAF = "deaf"
    UNREACHABLE = "unreachable"


@dataclass(slots=True)
class Counters:
    """What a broker has done since its start, for metrics.

    Attributes:
        published: frames that were written, probes included.
        received: frames that were handed over.
        dropped: frames that were never written, because they were late or the queue was full.
        refused: frames that Redis did not take.
        reconnects: attempts to connect after the first one.
        deaf_seconds: for how long frames may have been missed.
    """

    published: int = 0
    received: int = 0
    dropped: int = 0
    refused: int = 0
    reconnects: int = 0
    deaf_seconds: float = 0.0


class Owner(Protocol):
    """Whoever has the links.

    Attributes:
        on_frame: gets the channel and the frame of each message.
    """

    on_frame: Callable[[str, bytes], None]

    def handle_subscribed(self, channel: str) -> None:
        """A subscription was confirmed."""

    def handle_answered(self) -> None:
        """Redis has answered everything that was written to it."""

    def handle_up(self, reason: str) -> None:
        """A link works. Something may have been missed, because of the reason."""

    def handle_down(self, reason: str) -> None:
        """A link works no longer."""

    def request_location(self) -> None:
        """The servers may have changed their places."""


@dataclass(slots=True)
class _Session:
    """What belongs to one pair of connections."""

    publisher: PublishWire
    subscriber: SubscribeWire
    failure: asyncio.Future[str]
    pulse: Pulse = field(default_factory=lambda: Pulse(time.monotonic()))

    def fail(self, reason: str) -> None:
        if not self.failure.done():
            self.failure.set_result(reason)


class Link:
    """Publishes to one server, and subscribes there.

    Args:
        new_connection: makes a connection of the library, to be opened.
        probe_channel: a channel of its own, on that server.

    Attributes:
        state: see LinkState.
        probe_channel: see above.
        queue: what waits to be written.
        subscriptions: what is subscribed to.
        complaint: why it is not connected, for people, or "".
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        owner: Owner,
        new_connection: Callable[[Endpoint], AbstractConnection],
        counters: Counters,
        probe_channel: str,
        is_sharded: bool,
    ) -> None:
        self.endpoint = endpoint
        self.state = LinkState.UNREACHABLE
        self.queue = PublishQueue(self._handle_drop)
        self.subscriptions = Subscriptions(is_sharded=is_sharded)
        self._owner = owner
        self._new_connection = new_connection
        self._counters = counters
        self.probe_channel = probe_channel
        self._encode = encode_sharded_publish if is_sharded else encode_publish
        self._backoff = Backoff(random.Random())  # noqa: S311
        self._session: _Session | None = None
        self._is_flush_due = False
        self._is_subscribe_due = False
        self._reason = "connected"
        self.complaint = ""
        self._lost_at: float | None = None
        self.subscriptions.add(probe_channel)

    def publish(self, channel: bytes, frame: bytes, droppable: bool) -> None:
        """Let a frame be written at the end of the loop's iteration, or as soon as there is a connection."""
        self.enqueue(self._encode(channel, frame), droppable)

    def enqueue(self, command: bytes, droppable: bool) -> None:
        """The same for an encoded command."""
        self.queue.add(command, droppable)
        if not self._is_flush_due:
            self._schedule_flush()

    def subscribe(self, channel: str) -> None:
        """See Broker.subscribe."""
        self.subscriptions.add(channel)
        self._schedule_subscribe()

    def unsubscribe(self, channel: str) -> None:
        """See Broker.unsubscribe."""
        self.subscriptions.discard(channel)
        self._schedule_subscribe()

    def adopt(self, channels: Collection[str]) -> None:
        """Subscribe to what another server had: something may have been missed until that is confirmed."""
        for channel in channels:
            self.subscriptions.add(channel)
        self.subscriptions.expect(channels)
        self._handle_move()

    def move_probe(self, channel: str) -> None:
        """Probe by another channel from now on."""
        self.subscriptions.discard(self.probe_channel)
        self.probe_channel = channel
        self.subscriptions.add(channel)

    def settle(self) -> None:
        """The servers' places are known anew: ask again for what was refused."""
        self.subscriptions.retry()
        self._schedule_subscribe()
        self._probe_when_complete()

    def reconnect(self, reason: str) -> None:
        """Replace the connections."""
        if self._session is not None:
            self._session.fail(reason)

    def channels(self) -> list[str]:
        """What others want of this link."""
        return [channel for channel in self.subscriptions.wanted.values() if channel != self.probe_channel]

    @property
    def unwritten(self) -> int:
        """How many publishes Redis does not have yet, or has not answered."""
        return len(self.queue) + (self._session.publisher.unanswered if self._session is not None else 0)

    async def run(self) -> None:
        """Be connected until cancelled. Nothing that is wrong with Redis ends this."""
        while True:
            try:
                served_seconds = await self._live()
            except Exception:
                logger.exception("the connection to Redis at %s failed in an unknown way", self.endpoint)
                self._go_down(LinkState.UNREACHABLE, "an error that nobody expected")
                served_seconds = 0.0
            self._owner.request_location()
            await asyncio.sleep(self._backoff.next_delay(served_seconds))
            self._counters.reconnects += 1

    async def _live(self) -> float:
        """Connect, and serve until something fails. Returns for how many seconds."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_SECONDS):
                session = await self._open()
        except LIBRARY_ERRORS as error:
            self._go_down(LinkState.UNREACHABLE, f"no connection ({error or 'no answer'})")
            return 0.0
        began_at = time.monotonic()
        try:
            self._reason = await self._serve(session)
        finally:
            self._session = None
            await asyncio.gather(session.publisher.close(), session.subscriber.close())
        return time.monotonic() - began_at

    async def _open(self) -> _Session:
        failure: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def fail(reason: str) -> None:
            if not failure.done():
                failure.set_result(reason)

        publisher = PublishWire(self._schedule_flush, self._owner.handle_answered, self._handle_refusal, fail)
        subscriber = SubscribeWire(self._handle_frame, self._handle_control, self._handle_subscribe_error, fail)
        try:
            await publisher.take_over(self._new_connection(self.endpoint))
            await subscriber.take_over(self._new_connection(self.endpoint))
        except BaseException:
            await asyncio.gather(publisher.close(), subscriber.close())
            raise
        return _Session(publisher, subscriber, failure)

    async def _serve(self, session: _Session) -> str:
        """Use the connections until one of them fails. Returns the reason."""
        self._session = session
        self.queue.drop_droppable()  # it is late
        self.subscriptions.reset()
        self._schedule_subscribe()
        self._schedule_flush()
        while not session.failure.done():
            await asyncio.wait([session.failure], timeout=LOOK_SECONDS)
            if not session.failure.done():
                self._look(session)
        reason = session.failure.result()
        self._go_down(self.state if self.state is LinkState.DEAF else LinkState.UNREACHABLE, reason)
        return reason

    def _look(self, session: _Session) -> None:
        now = time.monotonic()
        beat = session.pulse.look(now)
        if beat is Beat.STOPPED:
            session.fail("this process did not run for a while")
        elif session.publisher.silent_seconds(now) > ANSWER_TIMEOUT_SECONDS:
            session.fail("Redis does not answer what is published")
        elif beat is Beat.DEAF:
            # Commands are answered, or the check above would have said otherwise.
            self._go_down(LinkState.DEAF, "nothing that is published arrives")
            session.fail("nothing that is published arrives")
        elif beat is Beat.PROBE:
            self._probe()

    def _probe(self) -> None:
        self.publish(self.probe_channel.encode(), b"", False)

    def _schedule_flush(self) -> None:
        if not self._is_flush_due and self._session is not None:
            self._is_flush_due = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._is_flush_due = False
        session = self._session
        # A connection that has broken takes nothing any more; what waits is for the next one.
        if session is None or session.failure.done() or not self.queue:
            return
        publisher = session.publisher
        if publisher.is_full:
            return
        commands = self.queue.take(MAX_WRITE_BYTES)
        self._counters.published += len(commands)
        publisher.publish(commands)
        if self.queue:
            self._schedule_flush()

    def _schedule_subscribe(self) -> None:
        if not self._is_subscribe_due and self._session is not None:
            self._is_subscribe_due = True
            asyncio.get_running_loop().call_soon(self._write_subscriptions)

    def _write_subscriptions(self) -> None:
        self._is_subscribe_due = False
        session = self._session
        if session is None or session.failure.done():  # the next one subscribes to everything
            return
        if commands := self.subscriptions.next_commands():
            session.subscriber.write(b"".join(commands))

    def _handle_frame(self, channel: bytes, frame: bytes) -> None:
        name = self.subscriptions.wanted.get(channel)
        if name is None:  # it was on its way when the subscription ended
            return
        if name is self.probe_channel:
            self._handle_probe()
            return
        self._counters.received += 1
        try:
            self._owner.on_frame(name, frame)
        except Exception:
            logger.exception("a frame could not be handled", extra={"channel": name})

    def _handle_probe(self) -> None:
        if self._session is None:
            return
        self._session.pulse.heard(time.monotonic())
        if self.state is not LinkState.CONNECTED and self.subscriptions.is_complete:
            self._go_up()

    def _handle_control(self, kind: bytes, channel: bytes) -> None:
        was_complete = self.subscriptions.is_complete
        try:
            name = self.subscriptions.confirm(kind, channel)
        except UnexpectedAnswerError as error:
            self.reconnect(str(error))
            return
        if name is not None:
            self._owner.handle_subscribed(name)
        if not self.subscriptions.is_waiting:
            self._schedule_subscribe()
        if was_complete and not self.subscriptions.is_complete:
            self._handle_move()
        elif not was_complete:
            self._probe_when_complete()

    def _handle_subscribe_error(self, error: str) -> None:
        if not error.startswith(_ELSEWHERE):
            self.reconnect(f"Redis refuses a subscription ({error})")
            return
        self.subscriptions.refuse()
        self._handle_move()

    def _handle_move(self) -> None:
        self._owner.request_location()
        if self._session is not None:
            self._reason = "slots of the cluster have moved"
            self._go_down(LinkState.UNREACHABLE, self._reason)
            self._schedule_subscribe()

    def _probe_when_complete(self) -> None:
        """Do not wait for the next probe to find out that all is well."""
        if self._session is not None and self.state is not LinkState.CONNECTED and self.subscriptions.is_complete:
            self._probe()

    def _handle_refusal(self, error: str) -> None:
        self._counters.refused += 1
        if error.startswith(_ELSEWHERE):
            self._owner.request_location()
        else:
            self.reconnect(f"Redis refuses a message ({error})")

    def _handle_drop(self, count: int) -> None:
        self._counters.dropped += count

    def _go_up(self) -> None:
        self.state = LinkState.CONNECTED
        if self._lost_at is not None:
            self._counters.deaf_seconds += time.monotonic() - self._lost_at
            self._lost_at = None
        logger.info("Redis at %s is connected", self.endpoint)
        self.complaint = ""
        self._owner.handle_up(self._reason)

    def _go_down(self, state: LinkState, reason: str) -> None:
        was_connected = self.state is LinkState.CONNECTED
        self.state = state
        if reason != self.complaint:  # said once, however often it is tried again
            logger.warning("Redis at %s: %s", self.endpoint, reason)
            self.complaint = reason
        if was_connected:
            # Deaf since the last probe that came back, for all we know.
            self._lost_at = self._session.pulse.heard_at if self._session is not None else time.monotonic()
            self._owner.handle_down(reason)
