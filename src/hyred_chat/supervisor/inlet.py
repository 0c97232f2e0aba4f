"""A process's end of the channel to its supervisor: where its connections come from."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from hyred_chat.supervisor.handle import CONNECTION, LOAD, READY

# In one turn of the loop.
_TAKEN_PER_TURN: Final = 16
_REPORT_SECONDS: Final = 0.5


class Inlet:
    """Takes connections from the supervisor, and tells it how many there are.

    Args:
        channel: not blocking.
        new_protocol: serves one connection.
        count: how many connections there are.
        on_unready: called when this process is to say that it is not ready.
        on_end: called when the supervisor is gone.
    """

    def __init__(
        self,
        channel: socket.socket,
        new_protocol: Callable[[], asyncio.Protocol],
        *,
        count: Callable[[], int],
        on_unready: Callable[[], None],
        on_end: Callable[[], None],
    ) -> None:
        self._channel = channel
        self._new_protocol = new_protocol
        self._count = count
        self._on_unready = on_unready
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._beginning: set[asyncio.Task[object]] = set()
        self._report: asyncio.TimerHandle | None = None

    def open(self) -> None:
        """Take connections from now on."""
        self._loop.add_reader(self._channel, self._read)
        self._say(READY)
        self._tell_load()

    async def close(self) -> None:
        """Take what has been handed over already, and no more."""
        while self._take_one():
            pass
        self._loop.remove_reader(self._channel)
        if self._report is not None:
            self._report.cancel()
        await asyncio.gather(*self._beginning, return_exceptions=True)

    def _read(self) -> None:
        for _ in range(_TAKEN_PER_TURN):
            if not self._take_one():
                return

    def _take_one(self) -> bool:
        try:
            # A byte at a time: more would let the descriptors of several connections come together.
            kind, descriptors, *_ = socket.recv_fds(self._channel, 1, 1, socket.MSG_CMSG_CLOEXEC)
        except BlockingIOError:
            return False
        except OSError:
            kind, descriptors = b"", []
        if not kind:
            self._loop.remove_reader(self._channel)
            self._on_end()
            return False
        if kind == CONNECTION and descriptors:
            self._begin(socket.socket(fileno=descriptors[0]))
        elif kind != CONNECTION:
            self._on_unready()
        return True

    def _begin(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        task: asyncio.Task[object] = self._loop.create_task(
            self._loop.connect_accepted_socket(self._new_protocol, connection)
        )
        self._beginning.add(task)
        task.add_done_callback(self._begun)

    def _begun(self, task: asyncio.Task[object]) -> None:
        self._beginning.discard(task)
        if not task.cancelled():
            task.exception()  # the client is gone already

    def _tell_load(self) -> None:
        self._say(LOAD + b"%d" % self._count())
        self._report = self._loop.call_later(_REPORT_SECONDS, self._tell_load)

    def _say(self, line: bytes) -> None:
        with suppress(OSError):  # a supervisor that is gone is noticed by reading
            self._channel.send(line + b"\n")
