"""The supervisor's end of its channel to one process: connections go there, readiness and load come back."""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

# What is said to a process, a byte each. A connection comes with its descriptor.
CONNECTION: Final = b"c"
UNREADY: Final = b"u"
# What a process says, a line each: that it is ready, and how many connections it has.
READY: Final = b"ready"
LOAD: Final = b"load "

# That wait for a process whose channel is full. Of more the oldest is closed. When the channels of all are full no more
# are accepted, so that new clients come to no more than the intake waits for (`intake.MAX_WAITING`): none of them is
# closed. Only requests for sessions of one process can be more.
MAX_PENDING: Final = 1024
_READ_BYTES: Final = 4096
_MAX_LINE_BYTES: Final = 64


class Handle:
    """One process, as far as connections are concerned.

    Attributes:
        owner: what the ids of its sessions begin with.
        is_ready: whether it serves.
        is_retired: whether it gets no more connections.
        heard_at: `time.monotonic()` of its last report.
    """

    def __init__(self, owner: str, channel: socket.socket, on_change: Callable[[], None]) -> None:
        self.owner = owner
        self.is_ready = False
        self.is_retired = False
        self.heard_at = time.monotonic()
        self._channel = channel
        self._on_change = on_change
        self._load = 0
        self._received = b""
        self._pending: deque[socket.socket] = deque()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(channel, self._read)

    @property
    def load(self) -> int:
        """How many connections it has, those included that wait here or were handed over since its last report."""
        return self._load

    @property
    def silent_seconds(self) -> float:
        """How long ago it reported."""
        return time.monotonic() - self.heard_at

    @property
    def is_full(self) -> bool:
        """Whether connections wait for room in its channel."""
        return bool(self._pending)

    def hand_over(self, connection: socket.socket) -> None:
        """Give it a connection, now or as soon as there is room. The descriptor here is closed."""
        self._load += 1
        self._pending.append(connection)
        if len(self._pending) == 1:
            self._send_pending()
        elif len(self._pending) > MAX_PENDING:
            self._pending.popleft().close()

    def say_unready(self) -> None:
        """Have it say that it is not ready, while it goes on serving."""
        with suppress(OSError):  # it is on its way out, or full of connections that never came to an end
            self._channel.send(UNREADY)

    def close(self) -> None:
        """The process is gone, or is to go: it ends when its channel does."""
        self.is_retired = True
        if self._channel.fileno() < 0:
            return
        self._loop.remove_reader(self._channel)
        self._loop.remove_writer(self._channel)
        while self._pending:
            self._pending.popleft().close()
        self._channel.close()

    def _send_pending(self) -> None:
        while self._pending:
            try:
                socket.send_fds(self._channel, [CONNECTION], [self._pending[0].fileno()])
            except OSError as error:
                if isinstance(error, BlockingIOError):
                    self._loop.add_writer(self._channel, self._on_room)
                    return
                # The process is gone, which is about to be noticed. Its clients connect again.
            self._pending.popleft().close()

    def _on_room(self) -> None:
        self._loop.remove_writer(self._channel)
        self._send_pending()
        if not self._pending:
            self._on_change()

    def _read(self) -> None:
        try:
            data = self._channel.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._loop.remove_reader(self._channel)
            self.is_retired = True
            return
        *lines, self._received = (self._received + data).split(b"\n")
        self._received = self._received[:_MAX_LINE_BYTES]
        for line in lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        self.heard_at = time.monotonic()
        if line == READY:
            self.is_ready = True
            self._on_change()
        elif line.startswith(LOAD):
            self._load = int(line.removeprefix(LOAD)) + len(self._pending)
