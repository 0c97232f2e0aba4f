"""Starts processes that serve behind one port, replaces those that die, and ends all of them in order.

Nothing of the chat is imported here: the supervisor stays small, and what ends a process does not end it. Processes are
started anew and not forked, so that each seeds its own random numbers.
"""

import asyncio
import json
import logging
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, count, repeat

import uvloop

from hyred_chat.supervisor.errors import StartError
from hyred_chat.supervisor.handle import Handle
from hyred_chat.supervisor.heads import OWNER_CHARS
from hyred_chat.supervisor.intake import Intake

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "hyred_chat", "serve-share")
# A process that was told to stop is gone within 10 s by itself.
STOP_SECONDS = 10.0
# Until one is started in place of one that died. Whatever served for a while begins with the first again.
RESTART_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
STEADY_SECONDS = 30.0
# A process that has said nothing for so long does not turn its event loop any more.
SILENCE_SECONDS = 30.0
CHECK_SECONDS = 1.0
# For a process that takes the place of another one to be ready.
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run.

    Attributes:
        processes: how many.
        told: what each is told at its start, besides its own number and its name; JSON.
        drain_delay_seconds: how long all go on serving, not ready, after they were told to stop.
        backlog: of connections that the system has completed, and that were not accepted yet.
        command: what starts one.
    """

    processes: int
    told: Mapping[str, object]
    drain_delay_seconds: float = 0.0
    backlog: int = socket.SOMAXCONN
    command: Sequence[str] = COMMAND


@dataclass(eq=False, slots=True)
class _Child:
    number: int
    process: Process
    handle: Handle
    started_at: float = field(default_factory=time.monotonic)


class Supervisor:
    """Processes behind a listener.

    Args:
        listener: at a port, and not blocking. It listens once all processes serve for the first time.
        on_ready: called once, when all processes serve for the first time.
    """

    def __init__(self, listener: socket.socket, plan: Plan, on_ready: Callable[[], None]) -> None:
        self._plan = plan
        self._on_ready = on_ready
        self._owners = count()
        # Those that serve; and all there are, those included that are about to serve or on their way out.
        self._children: list[_Child] = []
        self._all: set[_Child] = set()
        self._stopped = asyncio.Event()
        self._restart = asyncio.Event()
        self._changed = asyncio.Event()
        self._intake = Intake(listener, self._handles)

    def stop(self) -> None:
        """End everything."""
        self._stopped.set()

    def restart(self) -> None:
        """Replace all processes, one after another."""
        self._restart.set()

    async def run(self) -> None:
        """Serve until told to stop.

        Raises:
            StartError: a process ended before it had served for the first time.
            OSError: somebody else listens on the port by then.
        """
        keepers: list[asyncio.Task[None]] = []
        try:
            await self._start_all()
            if not self._stopped.is_set():
                self._intake.open(self._plan.backlog)
                self._on_ready()
                keepers = [asyncio.create_task(self._keep(place)) for place in range(self._plan.processes)]
                keepers += [asyncio.create_task(self._watch()), asyncio.create_task(self._roll())]
                await self._wait_for_the_end(keepers)
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
            await self._stop_all()

    async def _wait_for_the_end(self, keepers: Sequence[asyncio.Task[None]]) -> None:
        stopped = asyncio.create_task(self._stopped.wait())
        done, _ = await asyncio.wait({stopped, *keepers}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        for task in done - {stopped}:  # none of these ends by itself
            task.result()

    # --- starting

    async def _start_all(self) -> None:
        for _ in range(self._plan.processes):
            self._children.append(await self._spawn())
        for child in self._children:
            if not await self._is_up(child):
                raise StartError

    async def _spawn(self) -> _Child:
        used = {child.number for child in self._all}
        number = next(number for number in count() if number not in used)
        owner = f"{next(self._owners) % 16**OWNER_CHARS:0{OWNER_CHARS}x}"
        ours, theirs = socket.socketpair()
        with theirs:
            ours.setblocking(False)
            told = {**self._plan.told, "number": number, "owner": owner, "channel": theirs.fileno()}
            process = await asyncio.create_subprocess_exec(
                *self._plan.command,
                stdin=PIPE,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C comes here alone, and all are ended in order
            )
        assert process.stdin is not None  # noqa: S101  (it is a pipe)
        process.stdin.write(json.dumps(told).encode())
        process.stdin.close()
        child = _Child(number, process, Handle(owner, ours, self._on_change))
        self._all.add(child)
        return child

    async def _is_up(self, child: _Child) -> bool:
        """Wait until a process serves, or has ended, or all are told to stop; whether it serves (or need not)."""
        ended = asyncio.create_task(child.process.wait())
        stopped = asyncio.create_task(self._stopped.wait())
        try:
            async with asyncio.timeout(START_SECONDS):
                while not (child.handle.is_ready or ended.done() or stopped.done()):
                    changed = asyncio.create_task(self._changed.wait())
                    await asyncio.wait((ended, stopped, changed), return_when=asyncio.FIRST_COMPLETED)
                    changed.cancel()
                    self._changed.clear()
        except TimeoutError:
            return False
        finally:
            ended.cancel()
            stopped.cancel()
        return child.handle.is_ready or self._stopped.is_set()

    def _handles(self) -> Sequence[Handle]:
        return [child.handle for child in self._children]

    def _on_change(self) -> None:
        self._changed.set()
        self._intake.resume()

    # --- going on

    async def _keep(self, place: int) -> None:
        """See to it that there always is a process in this place."""
        delays = chain(RESTART_SECONDS, repeat(RESTART_SECONDS[-1]))
        while True:
            child = self._children[place]
            code = await child.process.wait()
            if self._children[place] is not child:  # it was replaced
                continue
            child.handle.close()
            self._all.discard(child)
            logger.error("Server process with pid %d ended with %d", child.process.pid, code)
            if time.monotonic() - child.started_at > STEADY_SECONDS:
                delays = chain(RESTART_SECONDS, repeat(RESTART_SECONDS[-1]))
            await asyncio.sleep(next(delays))
            try:
                self._children[place] = await self._spawn()
            except OSError as error:  # no memory, no more processes: perhaps later
                logger.error("No server process can be started: %s", error)  # noqa: TRY400  (no fault of ours)

    async def _watch(self) -> None:
        """Kill what does not turn its event loop any more."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            for child in self._children:
                if child.handle.is_ready and child.handle.silent_seconds > SILENCE_SECONDS:
                    logger.error("Server process with pid %d does not answer", child.process.pid)
                    with suppress(ProcessLookupError):
                        child.process.kill()

    async def _roll(self) -> None:
        """Replace all, one after another, whenever that is wanted: the next one serves before the last one goes."""
        while True:
            await self._restart.wait()
            self._restart.clear()
            for place in range(self._plan.processes):
                fresh = await self._spawn()
                if not await self._is_up(fresh):
                    logger.error("A new server process does not start; those that run go on")
                    await self._end(fresh)
                    break
                old, self._children[place] = self._children[place], fresh
                self._intake.resume()
                await self._end(old)

    # --- ending

    async def _stop_all(self) -> None:
        if self._stopped.is_set():
            for child in self._all:
                child.handle.say_unready()
            await asyncio.sleep(self._plan.drain_delay_seconds)  # balancers that have not noticed yet come here still
        self._intake.close()
        await asyncio.gather(*map(self._end, list(self._all)))

    async def _end(self, child: _Child) -> None:
        """End a process: in order, or by force when it takes too long."""
        child.handle.is_retired = True
        try:
            with suppress(ProcessLookupError):
                child.process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(STOP_SECONDS):
                await child.process.wait()
        except TimeoutError:
            logger.error("Server process with pid %d did not end in time", child.process.pid)  # noqa: TRY400  (no fault of ours)
            with suppress(ProcessLookupError):
                child.process.kill()
            await child.process.wait()
        finally:
            child.handle.close()
            self._all.discard(child)


def run(listener: socket.socket, plan: Plan, on_ready: Callable[[], None]) -> None:
    """Serve by several processes until SIGINT or SIGTERM. SIGHUP replaces them one after another.

    Where the supervisor was started by hand, SIGHUP means that the terminal was closed, and ends all.

    Raises:
        StartError: a process ended before it had served for the first time.
        OSError: somebody else listens on the port by then.
    """

    async def supervise() -> None:
        supervisor = Supervisor(listener, plan, on_ready)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, supervisor.stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup ignores it
            is_by_hand = sys.stdin is not None and sys.stdin.isatty()
            loop.add_signal_handler(signal.SIGHUP, supervisor.stop if is_by_hand else supervisor.restart)
        await supervisor.run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(supervise())
