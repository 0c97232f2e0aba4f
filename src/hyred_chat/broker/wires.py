"""The path of a message through Redis: two connections, read and written without a task or a queue of a library.

redis-py opens a connection: TCP, TLS or a Unix socket, signing in, RESP3. Then its transport gets a protocol of ours,
with hiredis' parser. docs/decisions/0018-broker.md has the measurement that led to this.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import hiredis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError

from hyred_chat.broker.cancellation import heeded_cancellation

# Past this much that the kernel does not take, frames wait in the bounded queue instead.
_HIGH_WATER_BYTES = 1024 * 1024

OnFrame = Callable[[bytes, bytes], None]
OnControl = Callable[[bytes, bytes], None]
OnError = Callable[[str], None]
OnLost = Callable[[str], None]
OnProgress = Callable[[], None]


class Wire(asyncio.Protocol):
    """A connection to Redis that was signed in.

    Args:
        on_error: is told what Redis refused.
        on_lost: is told, once, when the connection is gone and `close` was not called.

    Attributes:
        answered_at: when something was last read, by `time.monotonic`.
    """

    def __init__(self, on_error: OnError, on_lost: OnLost) -> None:
        self.answered_at = time.monotonic()
        self._on_error = on_error
        self._on_lost: OnLost | None = on_lost
        self._reader = hiredis.Reader()
        # Kept, for it owns the transport: the library would close it with its own object.
        self._connection: AbstractConnection | None = None
        self._transport: asyncio.Transport | None = None

    async def take_over(self, connection: AbstractConnection) -> None:
        """Connect, sign in, and read and write from then on. Raises what connecting raises."""
        try:
            with heeded_cancellation():
                await connection.connect()
        except BaseException:
            with suppress(RedisError, OSError):
                await connection.disconnect(nowait=True)
            raise
        self._connection = connection
        # The library shows its transport nowhere. Nothing was asked that is not answered, so no byte is left behind.
        writer = connection._writer  # noqa: SLF001
        if writer is None:
            raise ConnectionError("the connection was closed while it was opened")
        transport = cast("asyncio.Transport", writer.transport)
        transport.set_write_buffer_limits(high=_HIGH_WATER_BYTES)
        transport.set_protocol(self)
        self._transport = transport
        self.answered_at = time.monotonic()

    def write(self, data: bytes) -> None:
        """Write commands. Their answers come in order."""
        if self._transport is not None:
            self._transport.write(data)

    async def close(self) -> None:
        """Close the connection without waiting for anybody. May be called again."""
        self._on_lost = None
        if self._transport is not None:
            self._transport.abort()
            self._transport = None
        if self._connection is not None:
            with suppress(RedisError, OSError):
                await self._connection.disconnect(nowait=True)
            self._connection = None

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.BaseProtocol."""
        self._lose(f"the connection broke ({exc})" if exc else "Redis closed the connection")

    def _lose(self, reason: str) -> None:
        on_lost, self._on_lost = self._on_lost, None
        if on_lost is not None:
            on_lost(reason)


class PublishWire(Wire):
    """A connection for publishing.

    Args:
        on_writable: is told when it is no longer full.
        on_answered: is told when nothing is unanswered.

    Attributes:
        unanswered: how many publishes Redis has not answered yet.
        is_full: the other side does not read as fast as we write.
    """

    def __init__(self, on_writable: OnProgress, on_answered: OnProgress, on_error: OnError, on_lost: OnLost) -> None:
        super().__init__(on_error, on_lost)
        self.unanswered = 0
        self.is_full = False
        self._on_writable = on_writable
        self._on_answered = on_answered
        self._waits_since = 0.0

    def publish(self, commands: list[bytes]) -> None:
        """Write these at once."""
        if not self.unanswered:
            self._waits_since = time.monotonic()
        self.unanswered += len(commands)
        self.write(b"".join(commands))

    def pause_writing(self) -> None:
        """See asyncio.BaseProtocol."""
        self.is_full = True

    def resume_writing(self) -> None:
        """See asyncio.BaseProtocol."""
        self.is_full = False
        self._on_writable()

    def silent_seconds(self, now: float) -> float:
        """For how long Redis has owed an answer and said nothing."""
        return now - max(self._waits_since, self.answered_at) if self.unanswered else 0.0

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self.answered_at = time.monotonic()
        try:
            self._reader.feed(data)
            while (reply := self._reader.gets()) is not False:
                if type(reply) is int:  # nearly always: how many subscribers of this server have it
                    self.unanswered -= 1
                elif isinstance(reply, hiredis.ReplyError):
                    self.unanswered -= 1
                    self._on_error(str(reply))
            if not self.unanswered:
                self._on_answered()
        except hiredis.ProtocolError as error:
            self._lose(f"Redis sent something else than its protocol ({error})")


class SubscribeWire(Wire):
    """A connection for subscribing.

    Args:
        on_frame: gets the channel and the frame of each message.
        on_control: gets the kind (`subscribe`, `sunsubscribe`, …) and the channel of each confirmation.
    """

    def __init__(self, on_frame: OnFrame, on_control: OnControl, on_error: OnError, on_lost: OnLost) -> None:
        super().__init__(on_error, on_lost)
        self._on_frame = on_frame
        self._on_control = on_control

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self.answered_at = time.monotonic()
        try:
            self._reader.feed(data)
            while (item := self._reader.gets()) is not False:
                if isinstance(item, hiredis.PushNotification):
                    if item[0] == b"message" or item[0] == b"smessage":
                        self._on_frame(item[1], item[2])
                    else:
                        self._on_control(item[0], item[1])
                elif isinstance(item, hiredis.ReplyError):
                    self._on_error(str(item))
        except hiredis.ProtocolError as error:
            self._lose(f"Redis sent something else than its protocol ({error})")
