"""What honest people feel while strangers attack: their messages, and the health checks of their operator."""

import asyncio
import contextlib
import dataclasses
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from time import perf_counter

import orjson

from bench.attackers import FLOODS
from bench.clients import close_all
from bench.figures import percentile
from bench.latency import Board, drain, offer, seat
from bench.meter import Meter, Shares, verdict
from bench.order import BrokenPromiseError
from bench.processes import Process, ProcessFailedError
from bench.servers import HyredChat, HyredChatAsDelivered
from bench.settings import Settings, progress
from bench.table import Cell, Section, Target

OFFERED_PER_SECOND = 100
HEALTH_PATHS = ("/api/health/live", "/api/health/ready")
HEALTH_SECONDS = 0.05
HEALTH_TIMEOUT_SECONDS = 10.0
START_SECONDS = 1.0  # for the attackers to be there
END_SECONDS = 10.0
MAX_MESSAGE_MS = 50.0
MAX_HEALTH_MS = 100.0


@dataclasses.dataclass(slots=True)
class Felt:
    """What people and operator felt during one attack, in milliseconds."""

    messages: list[float]
    health: list[float]
    sent_bytes: float
    connections: float
    server_cpu: float  # % of one core
    attackers_cpu_seconds: float


async def measure(_: HyredChat, settings: Settings) -> list[Section]:
    """Each flood alone, then all together, against a server with the limits that it is delivered with."""
    server = HyredChatAsDelivered()
    try:
        await server.start()
        meter = Meter(server)
        felt = {name: await watch(server, names, settings) for name, names in attacks().items()}
        meter.count_ended(sum(row.attackers_cpu_seconds for row in felt.values()))
        return [table(felt, settings, meter.shares())]
    finally:
        await server.stop()


def attacks() -> dict[str, list[str]]:
    """Which floods go on at the same time, by the name of the row."""
    return {"(nobody attacks)": [], **{name: [name] for name in FLOODS}, "all of these at once": list(FLOODS)}


async def watch(server: HyredChat, floods: Sequence[str], settings: Settings) -> Felt:
    """One attack."""
    progress(f"attack: {', '.join(floods) or 'none'}")
    board, health = Board(), list[float]()
    people = await seat(server, board)
    meter = Meter(server)
    calm = dataclasses.replace(settings, offered_per_second=OFFERED_PER_SECOND, offered_seconds=settings.attack_seconds)
    try:
        async with attacking(server, floods, settings.attack_seconds) as done, checking(server, health):
            await offer(people, board, calm)
            await drain(people, board)
        server_cpu = meter.shares().server
    finally:
        await close_all(list(people))
    await server.settle()
    return Felt(
        messages=[(board.received[number] - due) * 1000 for number, due in enumerate(board.due)],
        health=health,
        sent_bytes=sum(result["sent_bytes"] for result in done),
        connections=sum(result["connections"] for result in done),
        server_cpu=server_cpu,
        attackers_cpu_seconds=sum(result["cpu_seconds"] for result in done),
    )


@contextlib.asynccontextmanager
async def attacking(server: HyredChat, floods: Sequence[str], seconds: float) -> AsyncIterator[list[dict[str, float]]]:
    """Attackers, a process for each flood, which are there when the block begins; what they did is known after it."""
    done: list[dict[str, float]] = []
    processes = []
    for number, name in enumerate(floods):
        log = server.folder / f"attack-{perf_counter():.6f}-{number}.log"
        command = [sys.executable, "-m", "bench.attackers", name, str(server.port), str(seconds + 2 * START_SECONDS)]
        processes.append((Process(command, log=log), log))
    try:
        await asyncio.sleep(START_SECONDS if processes else 0)
        yield done
    finally:
        for process, log in processes:
            if await process.wait(seconds + END_SECONDS) != 0:
                raise ProcessFailedError(process.tail())
            # Python's own complaints about connections that break may come in between.
            done += [orjson.loads(line) for line in log.read_bytes().splitlines() if line.startswith(b"{")]


@contextlib.asynccontextmanager
async def checking(server: HyredChat, took: list[float]) -> AsyncIterator[None]:
    """Health checks at a steady pace, each on a connection of its own; how many milliseconds each took."""

    async def check(path: str, due: float) -> None:
        async with asyncio.timeout(HEALTH_TIMEOUT_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
        took.append((perf_counter() - due) * 1000)
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise BrokenPromiseError(f"GET {path} answered {answer[:100]!r}")

    async def go_on(group: asyncio.TaskGroup) -> None:
        due, number = perf_counter(), 0
        while True:
            group.create_task(check(HEALTH_PATHS[number % len(HEALTH_PATHS)], due))
            number, due = number + 1, due + HEALTH_SECONDS
            await asyncio.sleep(max(0.0, due - perf_counter()))

    async with asyncio.TaskGroup() as group:
        checks = group.create_task(go_on(group))
        yield
        checks.cancel()


def table(felt: dict[str, Felt], settings: Settings, cpu: Shares) -> Section:
    """A row for each attack."""
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            row.sent_bytes / 1_000_000,
            row.connections,
            *(percentile(row.messages, at) for at in (50, 99, 100)),
            *(percentile(row.health, at) for at in (50, 99, 100)),
            row.server_cpu,
        )
        for name, row in felt.items()
    ]
    attacked = list(felt.values())[1:]
    messages, health = worst(row.messages for row in attacked), worst(row.health for row in attacked)
    what = (
        f"{OFFERED_PER_SECOND} messages/s among 50 pairs, from send to receipt, and {1 / HEALTH_SECONDS:.0f} health "
        f"checks/s, for {settings.attack_seconds:g} s during each attack. Default limits; strangers have no token."
    )
    return Section(
        title="Under attack",
        columns=(
            "attack",
            "MB",
            "connections",
            "p50 ms",
            "p99 ms",
            "most",
            "health p50 ms",
            "p99 ms",
            "most",
            "server %",
        ),
        rows=rows,
        notes=[what, cpu.note(), *verdict(cpu.others)],
        targets=[
            Target("ms, p99 of messages in the worst attack", messages, below=MAX_MESSAGE_MS),
            Target("ms, p99 of health checks in the worst attack", health, below=MAX_HEALTH_MS),
        ],
    )


def worst(columns: Iterable[Sequence[float]]) -> float:
    """The largest of the 99th percentiles."""
    return max(percentile(values, 99) for values in columns)
