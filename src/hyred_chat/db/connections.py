"""Connections that are used in turn, and thrown away rather than trusted."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from hyred_chat.db.connecting import Connection

# A connection is replaced after this long, so that a server that has come back, or a name that leads elsewhere, is
# found without a restart. Spread, so that not all are replaced at once.
MAX_AGE_SECONDS = 1800.0
AGE_SPREAD = 0.2
# How long a connection that is given up may take to say goodbye and to have its statement cancelled.
FAREWELL_TIMEOUT_SECONDS = 1.0


class ConnectionPool:
    """At most `size` connections, opened when they are needed. The one that was used last is used next.

    Args:
        open_connection: opens one; its errors are the caller's.

    Attributes:
        size: the most there may be.
        opened: how many were opened.
        expired: how often all were given up, because the server had failed over.
        waiting: how many callers wait for a connection.
    """

    def __init__(self, open_connection: Callable[[], Awaitable[Connection]], *, size: int) -> None:
        self.size = size
        self.opened = self.expired = self.waiting = 0
        self._open = open_connection
        self._free = asyncio.Semaphore(size)
        self._idle: list[Connection] = []
        self._in_use: set[Connection] = set()
        self._expires_at: dict[Connection, float] = {}
        self._farewells: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self._all_back = asyncio.Event()

    @property
    def used_count(self) -> int:
        """How many are in use."""
        return len(self._in_use)

    @property
    def idle_count(self) -> int:
        """How many are open and not in use."""
        return len(self._idle)

    async def acquire(self) -> Connection:
        """Wait for a connection. Raises ConnectionError when the pool is closed, and what opening one raises."""
        self.waiting += 1
        try:
            await self._free.acquire()
        finally:
            self.waiting -= 1
        try:
            connection = self._take_idle() or await self._open_another()
        except BaseException:
            self._free.release()
            raise
        self._in_use.add(connection)
        return connection

    def release(self, connection: Connection, *, is_sound: bool) -> None:
        """Give a connection back. One that is not sound is closed, and what still runs on it is cancelled."""
        self._in_use.discard(connection)
        if not self._in_use:
            self._all_back.set()
        expires_at = self._expires_at.get(connection, 0.0)
        if connection.is_closed():
            self._expires_at.pop(connection, None)
        elif is_sound and not self._is_closed and expires_at > time.monotonic() and not connection.is_in_transaction():
            self._idle.append(connection)
        else:
            # Its place is free when it is gone: the server never has more of ours than the pool has places.
            self.bury(connection).add_done_callback(lambda _: self._free.release())
            return
        self._free.release()

    def expire(self) -> None:
        """Trust none of the connections that are open now: idle ones are closed, others when they are given back."""
        self.expired += 1
        self._expires_at.clear()
        for connection in self._idle:
            connection.terminate()
        self._idle.clear()

    def bury(self, connection: Connection) -> asyncio.Task[None]:
        """Close a connection, of this pool or not, in a task that ends with the pool at the latest."""
        self._expires_at.pop(connection, None)
        farewell = asyncio.create_task(say_goodbye(connection))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)
        return farewell

    async def close(self, *, timeout_seconds: float) -> None:
        """Let whoever uses a connection finish for a while, then close them all."""
        self._is_closed = True
        while self._idle:
            self.bury(self._idle.pop())
        if self._in_use:
            self._all_back.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_seconds):
                    await self._all_back.wait()
        for connection in self._in_use:
            connection.terminate()
        await asyncio.gather(*self._farewells)

    async def _open_another(self) -> Connection:
        self._check_open()
        connection = await self._open()
        self.opened += 1
        if self._is_closed:  # nobody waits for farewells any more
            connection.terminate()
        self._check_open()
        spread = random.uniform(1 - AGE_SPREAD, 1)  # noqa: S311 (nobody's secret)
        self._expires_at[connection] = time.monotonic() + MAX_AGE_SECONDS * spread
        return connection

    def _check_open(self) -> None:
        if self._is_closed:
            raise ConnectionError("the pool is closed")

    def _take_idle(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_closed():
                self._expires_at.pop(connection, None)
            elif self._expires_at.get(connection, 0.0) <= time.monotonic():
                self.bury(connection)
            else:
                return connection
        return None


async def say_goodbye(connection: Connection) -> None:
    """Close a connection, cancelling what still runs on it; one that does not answer is cut off."""
    try:
        with suppress(Exception):  # whatever it is, the connection is given up
            await connection.close(timeout=FAREWELL_TIMEOUT_SECONDS)
    finally:
        connection.terminate()  # also when the loop ends meanwhile; of one that is closed, this does nothing
