"""A restart under thousands of clients: how long until all are back, and what an honest pair feels meanwhile."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter

from picows import WSInvalidStatusError, WSTransport

from bench.clients import Client, close_all
from bench.figures import percentile
from bench.latency import Board, Correspondent
from bench.meter import Meter, Shares, verdict
from bench.processes import ProcessFailedError, check_file_limit
from bench.servers import HyredChat, HyredChatInStorms, Pair
from bench.settings import Settings, progress
from bench.table import Section, Target

# The official client's defaults: the first delay, the longest, and how far each may be off to either side.
FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 5.0
RANDOMIZATION = 0.5
# Addresses of the loopback interface that the clients come from: one alone gets at most half of what is let in.
ADDRESSES = 50
AT_ONCE = 64
SETTLED_SECONDS = 1.0
ALL_BACK_SECONDS = 180.0
PAIR_RETRY_SECONDS = 0.1
MESSAGE_SECONDS = 0.02
MAX_MESSAGE_MS = 50.0
SERVICE_UNAVAILABLE = 503
SEED = 20_261_127


@dataclass(slots=True)
class Storm:
    """What happened: counts by what became of attempts, and when clients were back, by `perf_counter`.

    Attributes:
        stop_seconds: how long the server took to stop.
    """

    attempts: Counter[str] = field(default_factory=Counter)
    back_at: list[float] = field(default_factory=list)
    ready_at: float = 0.0
    stop_seconds: float = 0.0


class Returner(Client):
    """Somebody who comes back as the official client does: later and later, at random, until they are let in."""

    def __init__(self, pair: Pair, address: str, storm: Storm, chance: random.Random) -> None:
        super().__init__(pair.va.token)
        self._room_id = pair.room_id
        self._address = address
        self._storm = storm
        self._chance = chance
        self._returning: asyncio.Task[None] | None = None
        self._port = 0

    async def arrive(self, port: int) -> None:
        """Connects and joins, once."""
        await self.connect(port, from_address=self._address)
        await self.join(self._room_id)
        self._port = port

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """The server is gone: starts to come back."""
        super().on_ws_disconnected(transport)
        if self._port and not self._closing and self._returning is None:
            self._returning = asyncio.get_running_loop().create_task(self._return())

    async def stop(self) -> None:
        """Gives up."""
        self._port = 0
        if self._returning is not None:
            self._returning.cancel()
            await asyncio.gather(self._returning, return_exceptions=True)

    async def _return(self) -> None:
        delay_seconds, outcome = FIRST_DELAY_SECONDS, ""
        while outcome != "let in":
            await asyncio.sleep(delay_seconds * self._chance.uniform(1 - RANDOMIZATION, 1 + RANDOMIZATION))
            delay_seconds = min(2 * delay_seconds, LONGEST_DELAY_SECONDS)
            outcome = await self._try()
            self._storm.attempts[outcome] += 1
        self._storm.back_at.append(perf_counter())
        self._returning = None

    async def _try(self) -> str:
        try:
            await self.arrive(self._port)
        except WSInvalidStatusError as error:
            return "refused for now" if is_for_now(error) else str(error)
        except TimeoutError:
            return "timed out"
        except ConnectionRefusedError:
            return "no server yet"
        except Exception as error:  # noqa: BLE001 - it is a figure of the table
            return f"{type(error).__name__}"
        return "let in"


async def measure(_: HyredChat, settings: Settings) -> list[Section]:
    """Against a server that lets clients in as fast as it is delivered to."""
    server = HyredChatInStorms()
    try:
        await server.start()
        check_file_limit(server.process.pid, settings.storm_connections + 100)
        pairs = await server.pairs(settings.storm_connections + 1)
        return [await weather(server, pairs)]
    finally:
        await server.stop()


async def weather(server: HyredChat, pairs: Sequence[Pair]) -> Section:
    """Everybody connects; the server is restarted; everybody comes back."""
    storm, chance = Storm(), random.Random(SEED)  # noqa: S311 - the same storm every time
    honest, *others = pairs
    progress(f"storm: {len(others)} connections")
    crowd = [Returner(pair, f"127.0.1.{number % ADDRESSES + 1}", storm, chance) for number, pair in enumerate(others)]
    try:
        await bring_in(server, crowd)
        await asyncio.sleep(SETTLED_SECONDS)
        told_at = perf_counter()
        await server.process.end()
        storm.stop_seconds = perf_counter() - told_at
        await server.start()
        storm.ready_at = perf_counter()
        progress(f"storm: the server stopped in {storm.stop_seconds:.1f} s, and is back")
        meter = Meter(server)
        board = await talk_until(server, honest, lambda: len(storm.back_at) >= len(crowd))
        cpu = meter.shares()
    finally:
        await asyncio.gather(*(client.stop() for client in crowd))
        with suppress(AttributeError):  # one that never connected
            await close_all([client for client in crowd if not client.transport.is_disconnected])
    return table(storm, board, len(crowd), cpu)


def is_for_now(error: WSInvalidStatusError) -> bool:
    """Whether the server asks to come back later."""
    return error.response is not None and error.response.status == SERVICE_UNAVAILABLE


async def bring_in(server: HyredChat, crowd: Sequence[Returner]) -> None:
    """Everybody for the first time, some dozens at once; who is refused tries again."""

    async def usher(waiting: Iterator[Returner]) -> None:
        for client in waiting:
            while True:
                try:
                    await client.arrive(server.port)
                except WSInvalidStatusError:
                    await asyncio.sleep(PAIR_RETRY_SECONDS)
                else:
                    break

    waiting = iter(crowd)
    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, len(crowd))):
            group.create_task(usher(waiting))


async def talk_until(server: HyredChat, pair: Pair, is_over: Callable[[], bool]) -> Board:
    """One person of a pair sends to the other at a steady pace, from when both are let in until it is over."""
    board = Board()
    people = [Correspondent(pair, person, board) for person in (pair.va, pair.co)]
    for person in people:
        while True:
            with suppress(WSInvalidStatusError):
                await person.connect(server.port)
                break
            await asyncio.sleep(PAIR_RETRY_SECONDS)
        await person.join(pair.room_id)
    deadline = perf_counter() + ALL_BACK_SECONDS
    due = perf_counter()
    while not is_over():
        if due > deadline:
            raise ProcessFailedError(f"not everybody is back after {ALL_BACK_SECONDS:g} s")
        due += MESSAGE_SECONDS
        await asyncio.sleep(max(0.0, due - perf_counter()))
        board.due.append(due)
        people[len(board.due) % 2].say(len(board.due) - 1)
    await asyncio.sleep(SETTLED_SECONDS)
    await close_all(list(people))
    return board


def table(storm: Storm, board: Board, count: int, cpu: Shares) -> Section:
    """Seconds count from the moment at which the new server was ready."""
    milliseconds = [(board.received[number] - due) * 1000 for number, due in enumerate(board.due)]
    late = [(sent - due) * 1000 for sent, due in zip(board.sent, board.due, strict=True)]
    seconds = [at - storm.ready_at for at in storm.back_at]
    attempts = dict(storm.attempts)
    expected = {"let in", "refused for now", "no server yet"}
    wrong = {outcome: number for outcome, number in attempts.items() if outcome not in expected}
    return Section(
        title="Everybody comes back after a restart",
        columns=(
            *(
                "people",
                "stopped in, s",
                "half back, s",
                "99 % back, s",
                "all back, s",
                "refused for now",
                "time-outs and errors",
            ),
            *("message p50 ms", "p99 ms", "generator late, p99 ms", "server CPU %", "database %"),
        ),
        rows=[
            (
                *(count, storm.stop_seconds, percentile(seconds, 50), percentile(seconds, 99), max(seconds)),
                *(attempts.get("refused for now", 0), sum(wrong.values())),
                *(percentile(milliseconds, 50), percentile(milliseconds, 99), percentile(late, 99)),
                *(cpu.server, cpu.database),
            )
        ],
        notes=[
            "Clients come back with the official client's delays: 1 to 5 s, up to 50 % off.",
            *([f"Wrong: {wrong}."] if wrong else []),
            cpu.note(),
            *verdict(cpu.others),
        ],
        targets=[
            Target("seconds in which the server stops", storm.stop_seconds, at_most=10.0),
            Target("time-outs and errors of clients that come back", sum(wrong.values()), at_most=0),
            Target("ms, p99 of a message meanwhile", percentile(milliseconds, 99), at_most=MAX_MESSAGE_MS),
        ],
    )
