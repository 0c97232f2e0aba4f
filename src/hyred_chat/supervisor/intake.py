"""Accepts connections and gives each to the process whose it is, by the first bytes: looked at, never read.

Nobody waits for anybody else here. A connection that says nothing in time goes to any process, which bounds it as it
bounds all: how many there may be, how long a head may take, who is answered when there are too many.
"""

import asyncio
import socket
from collections.abc import Callable, Collection
from contextlib import suppress

from hyred_chat.supervisor.handle import Handle
from hyred_chat.supervisor.heads import PEEK_BYTES, is_enough, owner_of

# In one turn of the loop.
ACCEPTED_PER_TURN = 16
# For the first line of a request. Whoever takes longer continues no session: a browser that connects in advance, say.
PATIENCE_SECONDS = 1.0
# When some of it has come: how soon the rest is looked for.
AGAIN_SECONDS = 0.02
# That are waited for at the same time; the oldest go on unseen.
MAX_WAITING = 512
# A process that has not reported for so long gets new connections only where all are like that.
SILENT_SECONDS = 2.0
# When there are no descriptors left, or nobody to give connections to.
REST_SECONDS = 0.1


class Intake:
    """What stands at the port.

    Args:
        listener: at a port, and not blocking. It listens once this is open.
        handles: the processes, as they are at the moment.
    """

    def __init__(self, listener: socket.socket, handles: Callable[[], Collection[Handle]]) -> None:
        self._listener = listener
        self._handles = handles
        self._loop = asyncio.get_running_loop()
        # Oldest first; what ends the patience with each.
        self._waiting: dict[socket.socket, asyncio.TimerHandle] = {}
        self._is_open = False
        self._is_accepting = False

    def open(self, backlog: int) -> None:
        """Listen and accept from now on.

        Args:
            backlog: of connections that the system has completed, and that were not accepted yet.

        Raises:
            OSError: somebody else listens on the port by now.
        """
        self._listener.listen(backlog)
        self._is_open = True
        self.resume()

    def resume(self) -> None:
        """Accept (again) if this is open: somebody takes connections."""
        if self._is_open and not self._is_accepting and self._choose() is not None:
            self._is_accepting = True
            self._loop.add_reader(self._listener, self._accept)

    def close(self) -> None:
        """Accept no more, and give away what waits."""
        self._is_open = False
        self._pause()
        self._listener.close()
        for connection in list(self._waiting):
            self._give(connection, None)

    def _pause(self) -> None:
        if self._is_accepting:
            self._is_accepting = False
            self._loop.remove_reader(self._listener)

    def _accept(self) -> None:
        for _ in range(ACCEPTED_PER_TURN):
            if self._choose() is None:
                self._pause()
                self._loop.call_later(REST_SECONDS, self.resume)
                return
            try:
                connection, _ = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError:
                self._pause()
                self._loop.call_later(REST_SECONDS, self.resume)
                return
            connection.setblocking(False)
            self._waiting[connection] = self._loop.call_later(PATIENCE_SECONDS, self._give, connection, None)
            self._look(connection)
        while len(self._waiting) > MAX_WAITING:
            self._give(next(iter(self._waiting)), None)

    def _look(self, connection: socket.socket) -> None:
        """Decide by what has come, or wait for more."""
        if connection not in self._waiting:
            return
        try:
            head = connection.recv(PEEK_BYTES, socket.MSG_PEEK)
        except BlockingIOError:
            self._loop.add_reader(connection, self._look, connection)
            return
        except OSError:
            head = b""
        if not head:
            self._forget(connection)
            connection.close()
        elif is_enough(head):
            self._give(connection, owner_of(head))
        else:
            # What has come already would wake us again and again.
            self._loop.remove_reader(connection)
            self._loop.call_later(AGAIN_SECONDS, self._look, connection)

    def _give(self, connection: socket.socket, owner: str | None) -> None:
        self._forget(connection)
        handle = None if owner is None else self._find(owner)
        handle = handle or self._choose() or self._choose(even_if_full=True)
        if handle is None:
            connection.close()
        else:
            handle.hand_over(connection)

    def _forget(self, connection: socket.socket) -> None:
        self._waiting.pop(connection).cancel()
        with suppress(ValueError):
            self._loop.remove_reader(connection)

    def _find(self, owner: str) -> Handle | None:
        return next((each for each in self._handles() if each.owner == owner and not each.is_retired), None)

    def _choose(self, *, even_if_full: bool = False) -> Handle | None:
        """The process with the fewest connections, of those that turn their event loop if there are any."""
        free = [
            each
            for each in self._handles()
            if each.is_ready and not each.is_retired and (even_if_full or not each.is_full)
        ]
        return min(free, key=lambda each: (each.silent_seconds > SILENT_SECONDS, each.load), default=None)
