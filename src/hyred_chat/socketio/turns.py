"""Turns: how much of what has come in is worked off in one iteration of the loop, and by whom.

Whoever has more to be worked off than one small packet waits in a queue, and meanwhile is not read any further, so that
TCP holds the sender back. In every iteration of the loop the queue gets a little time, one packet of each connection in
its turn. So a connection that floods the server waits for itself, and forty of them cost the others as much as one.
"""

import asyncio
import logging
from collections import deque
from time import perf_counter
from typing import Final, Protocol

logger = logging.getLogger(__name__)

# In one iteration of the loop, for all connections together. A packet that has been begun is finished.
SECONDS_PER_TURN: Final = 0.001
# When so many turns in a row were not enough, it is no burst but a flood: each further turn is so much later, and
# others get the loop, and the machine, for as long.
TURNS_OF_A_BURST: Final = 50
PAUSE_SECONDS: Final = 0.001
# Of connections that nobody has signed in on. What they ask for goes on in a task (looking at a token), so that the
# time that they take here is not all.
STRANGERS_PACKETS_PER_TURN: Final = 8
# Connections that are read again, in one iteration of the loop. Each brings as much as is read at once.
READ_AGAIN_PER_TURN: Final = 4
_NO_LIMIT: Final = 1 << 30


class Allowance:
    """What a connection may still send until it is in a namespace.

    Attributes:
        packets: of whatever kind, frames of the WebSocket protocol included.
        bytes: of their payloads.
        given_at: loop time.
    """

    __slots__ = ("bytes", "given_at", "packets")

    def __init__(self, packets: int, size: int, given_at: float) -> None:
        self.packets = packets
        self.bytes = size
        self.given_at = given_at

    def take(self, size: int) -> bool:
        """Take one packet; False when it is too much."""
        self.packets -= 1
        self.bytes -= size
        return self.packets >= 0 and self.bytes >= 0


class Worker(Protocol):
    """Something with packets that wait to be worked off."""

    def work(self) -> bool:
        """Work off one packet; whether more are waiting."""


class Lane:
    """A queue of those who wait, and their share of each iteration of the loop.

    Args:
        packets: for all of them together.
    """

    __slots__ = ("_packets", "_turns_in_a_row", "_waiting")

    def __init__(self, packets: int = _NO_LIMIT) -> None:
        self._turns_in_a_row = 0
        self._packets = packets
        self._waiting: deque[Worker] = deque()

    def add(self, worker: Worker) -> None:
        """Let a worker have its turns, from the loop's next iteration on, until it has nothing left."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._run)
        self._waiting.append(worker)

    def _run(self) -> None:
        waiting = self._waiting
        left = self._packets
        ends_at = perf_counter() + SECONDS_PER_TURN
        while waiting:
            # It stays in the queue while it works, so that nobody who is added meanwhile starts another run.
            worker = waiting[0]
            try:
                has_more = worker.work()
            except Exception:
                logger.exception("a packet could not be worked off")
                has_more = False
            waiting.popleft()
            if has_more:
                waiting.append(worker)
            left -= 1
            if not left or perf_counter() >= ends_at:
                break
        if not waiting:
            self._turns_in_a_row = 0
            return
        self._turns_in_a_row += 1
        loop = asyncio.get_running_loop()
        if self._turns_in_a_row > TURNS_OF_A_BURST:
            loop.call_later(PAUSE_SECONDS, self._run)
        else:
            loop.call_soon(self._run)


class Turns:
    """The lanes of one server: for connections that somebody has signed in on, for others, and for those to be read."""

    __slots__ = ("_known", "_rested", "_strangers")

    def __init__(self) -> None:
        self._known = Lane()
        self._strangers = Lane(STRANGERS_PACKETS_PER_TURN)
        self._rested = Lane(READ_AGAIN_PER_TURN)

    def add(self, worker: Worker, allowance: Allowance | None) -> None:
        """Let a worker have its turns, among strangers when it has an allowance, until it has nothing left."""
        (self._known if allowance is None else self._strangers).add(worker)

    def add_rested(self, worker: Worker) -> None:
        """Let a worker that has worked off everything have one more turn, in which it reads again."""
        self._rested.add(worker)
