"""Files: how fast they come and go, what they take, how long they are looked at, and what messages feel beside them."""

import asyncio
import contextlib
import dataclasses
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil

from bench.carriers import FILE_BYTES
from bench.clients import close_all
from bench.figures import percentile
from bench.latency import PAIRS, Board, drain, offer, seat
from bench.meter import Meter, verdict
from bench.order import BrokenPromiseError
from bench.processes import Process, ProcessFailedError
from bench.samples import SAMPLES
from bench.servers import HyredChat, Person
from bench.settings import Settings, progress
from bench.table import Cell, Section, Target
from hyred_chat.files.examiner_process import ExaminerProcess

MEBIBYTE = 2**20
LARGE_BYTES = 25 * MEBIBYTE
OFFERED_PER_SECOND = 100
LOOK_SECONDS = 0.05
READY_SECONDS = 30.0
END_SECONDS = 30.0
MAX_MESSAGE_MS = 250.0
# Of the server's memory for each upload: two segments while it is stored, and as much again for all around it.
MAX_UPLOAD_MIB = 1.0
ROUNDS = 3
# What goes on beside the messages: a name, what the carriers do, and how many of them at once.
NO_FILES, UPLOADS, DOWNLOADS = "(no files)", "200 uploads at once", "1,000 downloads at once"
LOADS: tuple[tuple[str, str, int], ...] = (
    (NO_FILES, "", 0),
    (UPLOADS, "upload", 200),
    (NO_FILES, "", 0),
    (DOWNLOADS, "download", 1000),
    (NO_FILES, "", 0),
)


@dataclasses.dataclass(slots=True)
class Felt:
    """What people felt beside one load, in milliseconds, and what the server took."""

    messages: list[float]
    done: dict[str, Any]
    server_cpu: float  # % of one core
    grown_bytes: int
    others: float


class HyredChatWithFiles(HyredChat):
    """Ours, without a bound on how much is loaded."""

    name = "Hyred Chat, files without limits"

    def environment(self) -> dict[str, str]:
        """People never meet these limits, a load generator does."""
        limits = {"HYRED_RATE_LIMIT_DOWNLOADS_PER_MINUTE": "0", "HYRED_MAX_FILE_BYTES_PER_DAY": str(2**40)}
        return super().environment() | limits


class Door:
    """What one person asks over HTTP."""

    def __init__(self, server: HyredChat, person: Person) -> None:
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._token = {"Authorization": f"Bearer {person.token}"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> bytes:
        """The body of an answer. Raises BrokenPromiseError when it is a refusal."""
        content = body if isinstance(body, bytes | None) else json.dumps(body)
        kind = {} if body is None or isinstance(body, bytes) else {"Content-Type": "application/json"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, path, content, self._token | kind | given)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status >= 300:  # noqa: PLR2004 - neither OK nor no content
            raise BrokenPromiseError(f"{method} {path} answered {response.status}: {answer[:200]!r}")
        return answer

    def upload(self, room_id: str, content: bytes) -> str:
        """The id of a file that is there whole."""
        created = json.loads(self.ask("POST", f"/api/chat/rooms/{room_id}/files", {"name": "a", "size": len(content)}))
        tus = {"Tus_Resumable": "1.0.0", "Upload_Offset": "0", "Content_Type": "application/offset+octet-stream"}
        self.ask("PATCH", created["data"]["uploadUrl"], content, **tus)
        return str(created["data"]["fileId"])

    def send(self, room_id: str, file_id: str) -> str:
        """The address at which whoever sends a file gets it, once it is ready."""
        deadline = perf_counter() + READY_SECONDS
        while json.loads(self.ask("GET", f"/api/chat/files/{file_id}/state"))["data"]["state"] != "ready":
            if perf_counter() > deadline:
                raise BrokenPromiseError("a file was not examined in time")
        body = {"content": "", "attachments": [file_id]}
        sent = json.loads(self.ask("POST", f"/api/chat/rooms/{room_id}/messages", body))
        return str(sent["data"]["attachments"][0]["url"])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


async def measure(_: HyredChat, settings: Settings) -> list[Section]:
    """One file alone, kinds of files, and messages beside many."""
    server = HyredChatWithFiles()
    try:
        await server.start()
        [pair, *_rest] = await server.pairs(PAIRS)
        door = Door(server, pair.va)
        alone, url = await asyncio.to_thread(_carry_alone, server, door, pair.room_id)
        door.close()
        felt = [(name, await _beside(server, what, count, url, settings)) for name, what, count in LOADS]
        return [alone, await _kinds(settings), _table(felt, settings)]
    finally:
        await server.stop()


def _carry_alone(server: HyredChat, door: Door, room_id: str) -> tuple[Section, str]:
    """Large files one after another; and the address of a small one."""
    progress(f"files: {LARGE_BYTES // MEBIBYTE} MiB alone")
    content = os.urandom(LARGE_BYTES)
    rows: list[tuple[Cell, ...]] = []
    for number in range(ROUNDS):
        took: dict[str, tuple[float, float]] = {}
        used, started = server.cpu_seconds(), perf_counter()
        file_id = door.upload(room_id, content)
        took["upload"] = perf_counter() - started, server.cpu_seconds() - used
        url = door.send(room_id, file_id)
        used, started = server.cpu_seconds(), perf_counter()
        if door.ask("GET", url) != content:
            raise BrokenPromiseError("a file came back as another one")
        took["download"] = perf_counter() - started, server.cpu_seconds() - used
        rows += [
            (f"{what} {number + 1}", LARGE_BYTES / MEBIBYTE / seconds, cpu * 1000)
            for what, (seconds, cpu) in took.items()
        ]
    small = door.send(room_id, door.upload(room_id, os.urandom(FILE_BYTES)))
    return Section(
        title=f"One file of {LARGE_BYTES // MEBIBYTE} MiB",
        columns=("", "MiB/s", "CPU of the server, ms"),
        rows=rows,
        notes=["Uploads are durable in the store and written down every 256 KiB."],
    ), small


async def _kinds(settings: Settings) -> Section:
    """How long each kind is looked at, by the process that looks, which has begun before."""
    progress("files: kinds")
    rows: list[tuple[Cell, ...]] = []
    examiner = ExaminerProcess()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        try:
            for name, make, is_voice in SAMPLES:
                content = await asyncio.to_thread(make)
                source.write_bytes(content)
                took = []
                for _ in range(1 + settings.rounds):  # the first one warms up
                    started, used = perf_counter(), _children_cpu()
                    seen = await examiner.examine(source, Path(folder), size=len(content), is_voice=is_voice)
                    took.append((perf_counter() - started, _children_cpu() - used))
                    if "reason" in seen:
                        raise BrokenPromiseError(f"{name} was refused: {seen}")
                wall, cpu = min(took[1:])
                rows.append((name, len(content) / 1000, wall * 1000, cpu * 1000))
        finally:
            await examiner.close()
    return Section(
        title="Looking at a file",
        columns=("", "KB", "ms", "CPU, ms"),
        rows=rows,
        notes=["The best of the rounds, in the process that looks, from the file on disk to all that is made of it."],
    )


def _children_cpu() -> float:
    """What the processes that this one has started, and those that they have, have used."""
    total = 0.0
    for each in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


async def _beside(server: HyredChat, what: str, count: int, url: str, settings: Settings) -> Felt:
    """Messages beside one load."""
    progress(f"files: messages beside {count} {what}s")
    board = Board()
    people = await seat(server, board)
    meter = Meter(server)
    calm = dataclasses.replace(settings, offered_per_second=OFFERED_PER_SECOND, offered_seconds=settings.attack_seconds)
    before = server.process.memory_bytes()
    try:
        async with _carrying(server, what, count, url, settings) as done, _weighing(server) as most:
            await offer(people, board, calm)
            await drain(people, board)
        shares = meter.shares()
    finally:
        await close_all(list(people))
    await server.settle()
    felt = [(board.received[number] - due) * 1000 for number, due in enumerate(board.due)]
    return Felt(felt, done, shares.server, max(most) - before, shares.others)


@contextlib.asynccontextmanager
async def _carrying(
    server: HyredChat, what: str, count: int, url: str, settings: Settings
) -> AsyncIterator[dict[str, Any]]:
    """A process of people who carry files; what they did is known after the block."""
    done: dict[str, Any] = {"files": 0, "bytes": 0, "refused": 0, "seconds": 1.0}
    if not count:
        yield done
        return
    known = {"people": [(pair.room_id, pair.va.token) for pair in await server.pairs(PAIRS)], "url": url}
    given, log = server.folder / "known.json", server.folder / f"{what}.log"
    given.write_text(json.dumps(known))
    command = [sys.executable, "-m", "bench.carriers", what, str(server.port), str(settings.attack_seconds), str(count)]
    process = Process([*command, str(given)], log=log)
    yield done
    if await process.wait(settings.attack_seconds + END_SECONDS) != 0:
        raise ProcessFailedError(process.tail())
    done |= json.loads(log.read_bytes().splitlines()[-1])


@contextlib.asynccontextmanager
async def _weighing(server: HyredChat) -> AsyncIterator[list[int]]:
    """The server's memory, again and again."""
    seen = [server.process.memory_bytes()]

    async def look() -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            seen.append(server.process.memory_bytes())

    async with asyncio.TaskGroup() as group:
        looking = group.create_task(look())
        yield seen
        looking.cancel()


def _table(felt: list[tuple[str, Felt]], settings: Settings) -> Section:
    """A row for each load, in the order in which they were there."""
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            each.done["files"],
            each.done["bytes"] / MEBIBYTE / each.done["seconds"],
            each.grown_bytes / MEBIBYTE,
            each.server_cpu,
            *(percentile(each.messages, at) for at in (50, 99, 100)),
        )
        for name, each in felt
    ]
    others = max(each.others for _, each in felt)
    what = (
        f"From send to receipt among {PAIRS} pairs, for {settings.attack_seconds:g} s each. Uploads are examined "
        "meanwhile. Whoever carries files is another process, with a lower priority."
    )
    return Section(
        title=f"Messages beside files, {OFFERED_PER_SECOND} a second",
        columns=("", "files of 1 MiB", "MiB/s", "MiB grown", "CPU, %", "p50, ms", "p99", "most"),
        rows=rows,
        notes=[what, *verdict(others)],
        targets=_targets(felt),
    )


def _targets(felt: list[tuple[str, Felt]]) -> list[Target]:
    """What messages may feel of each load, and what uploads may take."""
    targets = [
        Target(f"ms, p99 of messages beside {name}", percentile(each.messages, 99), at_most=MAX_MESSAGE_MS)
        for name, each in felt
        if name != NO_FILES
    ]
    grown = {name: each.grown_bytes / MEBIBYTE for name, each in felt}
    uploads = next(count for name, _, count in LOADS if name == UPLOADS)
    return [*targets, Target(f"MiB of memory for {UPLOADS}", grown[UPLOADS], at_most=MAX_UPLOAD_MIB * uploads)]
