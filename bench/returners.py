"""People who come back after a restart: `python -m bench.returners PORT TOLD SAID`, a part of the crowd of a storm.

A process of its own, so that it never is what delays the pair whose messages are measured, and so that there may be
more clients than one process may have files. What it needs to know is JSON in the file TOLD; how far it is, and at the
end what it saw, is JSON in the file SAID. It ends when it is told to, with whoever started it, or after some minutes.
"""

import asyncio
import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import uvloop
from picows import WSInvalidStatusError, WSTransport

from bench.clients import Client
from bench.processes import raise_file_limit

# The official client's defaults: the first delay, the longest, and how far each may be off to either side.
FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 5.0
RANDOMIZATION = 0.5
# Addresses of the loopback interface that the clients come from: one alone gets at most half of what is let in.
ADDRESSES = 50
AT_ONCE = 64
ARRIVAL_RETRY_SECONDS = 0.1
SAY_SECONDS = 0.2
MOST_SECONDS = 900.0
SERVICE_UNAVAILABLE = 503

LET_IN, REFUSED_FOR_NOW, NO_SERVER_YET, LOST_AGAIN = "let in", "refused for now", "no server yet", "lost again"


@dataclass(slots=True)
class Seen:
    """What became of a crowd.

    Attributes:
        arrived: how many were let in before the restart.
        attempts: to come back, counted by what became of each.
        back_at: when each of those who are back was let in, by `perf_counter`, which all processes share.
    """

    arrived: int = 0
    attempts: Counter[str] = field(default_factory=Counter)
    back_at: dict[int, float] = field(default_factory=dict)

    def progress(self) -> dict[str, Any]:
        """How far it is."""
        return {"arrived": self.arrived, "back": len(self.back_at)}

    def outcome(self) -> dict[str, Any]:
        """All of it."""
        return {**self.progress(), "attempts": self.attempts, "back_at": list(self.back_at.values())}


class Returner(Client):
    """Somebody who comes back as the official client does: later and later, at random, until they are let in.

    Args:
        number: among all, in whichever process they are.
    """

    def __init__(self, number: int, room_id: str, token: str | None, seen: Seen, chance: random.Random) -> None:
        super().__init__(token)
        self._number = number
        self._room_id = room_id
        self._address = f"127.0.1.{number % ADDRESSES + 1}"
        self._seen = seen
        self._chance = chance
        self._returning: asyncio.Task[None] | None = None
        self._port = 0
        self._step = ""

    async def arrive(self, port: int) -> None:
        """Connects and joins, once. Nothing stays open of an attempt that fails."""
        try:
            self._step = "to connect"
            await self.connect(port, from_address=self._address)
            self._step = "to join"
            await self.join(self._room_id)
        except BaseException:
            self._hang_up()
            raise
        self._port = port

    def on_ws_connected(self, transport: WSTransport) -> None:
        """The handshake passed."""
        super().on_ws_connected(transport)
        self._step = "to sign in"

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """The server is gone: starts to come back. Whoever was back already has lost what they should have kept."""
        if transport is not self.transport:  # of an attempt that is over
            return
        super().on_ws_disconnected(transport)
        if not self._port or self._returning is not None:
            return
        if self._seen.back_at.pop(self._number, None) is not None:
            self._seen.attempts[LOST_AGAIN] += 1
        self._returning = asyncio.get_running_loop().create_task(self._return())

    async def leave(self) -> None:
        """Gives up, or goes."""
        self._port = 0
        if self._returning is not None:
            self._returning.cancel()
            await asyncio.gather(self._returning, return_exceptions=True)
        self._hang_up()

    def _hang_up(self) -> None:
        with suppress(AttributeError):  # one that never connected
            self.transport.disconnect()

    async def _return(self) -> None:
        delay_seconds, outcome = FIRST_DELAY_SECONDS, ""
        while outcome != LET_IN:
            await asyncio.sleep(delay_seconds * self._chance.uniform(1 - RANDOMIZATION, 1 + RANDOMIZATION))
            delay_seconds = min(2 * delay_seconds, LONGEST_DELAY_SECONDS)
            outcome = await self._try()
            self._seen.attempts[outcome] += 1
        self._seen.back_at[self._number] = perf_counter()
        self._returning = None

    async def _try(self) -> str:
        try:
            await self.arrive(self._port)
        except WSInvalidStatusError as error:
            return REFUSED_FOR_NOW if is_for_now(error) else str(error)
        except TimeoutError:
            return f"timed out {self._step}"
        except ConnectionRefusedError:
            return NO_SERVER_YET
        except Exception as error:  # noqa: BLE001 - it is a figure of the table
            return f"{type(error).__name__}: {error}"
        return LET_IN


def is_for_now(error: WSInvalidStatusError) -> bool:
    """Whether the server asks to come back later."""
    return error.response is not None and error.response.status == SERVICE_UNAVAILABLE


async def bring_in(port: int, crowd: Sequence[Returner], seen: Seen) -> None:
    """Everybody for the first time, some dozens at once; who is refused tries again."""

    async def usher(waiting: Iterator[Returner]) -> None:
        for client in waiting:
            while True:
                try:
                    await client.arrive(port)
                except WSInvalidStatusError:
                    await asyncio.sleep(ARRIVAL_RETRY_SECONDS)
                else:
                    break
            seen.arrived += 1

    waiting = iter(crowd)
    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, len(crowd))):
            group.create_task(usher(waiting))


def say(said: Path, what: dict[str, Any]) -> None:
    """Writes a file anew, as a whole."""
    fresh = said.with_suffix(".fresh")
    fresh.write_text(json.dumps(what))
    fresh.replace(said)


async def main(port: int, told: dict[str, Any], said: Path, ended: asyncio.Event) -> None:
    """Arrive, come back after every loss, and go when it is over.

    Args:
        told: `people` as pairs of a room's id and a token, the number of the `first`, and a `seed`.
    """
    seen, chance = Seen(), random.Random(told["seed"] + told["first"])  # noqa: S311 - the same storm every time
    people = enumerate(told["people"], told["first"])
    crowd = [Returner(number, room_id, token, seen, chance) for number, (room_id, token) in people]
    parent, end = os.getppid(), perf_counter() + MOST_SECONDS
    async with asyncio.TaskGroup() as group:
        arriving = group.create_task(bring_in(port, crowd, seen))
        while not ended.is_set() and os.getppid() == parent and perf_counter() < end:
            say(said, seen.progress())
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), SAY_SECONDS)
        arriving.cancel()
    say(said, seen.outcome())
    await asyncio.gather(*(client.leave() for client in crowd))


async def run(port: int, told: dict[str, Any], said: Path) -> None:
    """As a process: until SIGTERM."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    raise_file_limit()
    await main(port, told, said, ended)


if __name__ == "__main__":
    uvloop.run(run(int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text()), Path(sys.argv[3])))
