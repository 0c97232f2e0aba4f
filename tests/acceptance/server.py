"""A real `hyred-chat serve`: a process of its own, on a free port, with the settings that a test gives it."""

import asyncio
import hashlib
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from tests.copies import MAX_LINE_BYTES, START_SECONDS, Copy, start_copy
from tests.integration.commands import FILES, environment

PATIENCE_SECONDS = 20.0
API_KEY = "an-api-key-of-the-host-0123456789"
# Whoever comes from one of these has been refused nothing yet. Every address of 127.0.0.0/8 is this machine.
UNUSED_ADDRESSES = (f"127.0.{block}.{host}" for block in range(1, 256) for host in range(1, 255))
MAX_LOG_LINES = 10_000


class Server:
    """A process that serves.

    Attributes:
        database_url: the database it was started with.
        url: `http://127.0.0.1:PORT`, once it is ready.
        log: the lines that it has written.
    """

    def __init__(self, process: Process | Copy, database_url: str) -> None:
        self.process = process
        self.database_url = database_url
        self.url = ""
        self.log: list[str] = []
        self._ready = asyncio.Event()
        self._logged = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @property
    def port(self) -> str:
        """What to start its successor with: `start_server(server.database_url, PORT=server.port)`."""
        return self.url.rpartition(":")[2]

    async def wait_until_ready(self) -> None:
        async with asyncio.timeout(START_SECONDS):
            await self._ready.wait()
        assert self.url, "\n".join(self.log)

    async def wait_for_line(self, text: str) -> str:
        """The first line of the log with this text."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                for line in self.log:
                    if text in line:
                        return line
                self._logged.clear()
                await self._logged.wait()

    async def kill(self) -> None:
        """SIGKILL: it gets no chance to do anything."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM: it drains. Returns its exit code."""
        return await self._end(signal.SIGTERM)

    def faults(self) -> list[str]:
        """What it has logged as faults of its own."""
        return [line for line in self.log if " error " in line or "never awaited" in line]

    async def _end(self, number: int) -> int:
        with suppress(ProcessLookupError):
            self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE_SECONDS):
            code = await self.process.wait()
            await self._reader
        return code

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.log.append(line.decode().rstrip())
            del self.log[:-MAX_LOG_LINES]
            self._logged.set()
            if "is ready" in self.log[-1]:
                self.url = self.log[-1].split()[-1]
                self._ready.set()
        self._ready.set()


def files_url_of(database_url: str) -> str:
    """Where the files of a database are, whichever servers it has. They go with the tests."""
    return f"file:{FILES.name}/{hashlib.sha256(database_url.encode()).hexdigest()[:16]}"


@asynccontextmanager
async def start_server(
    database_url: str,
    descriptors: int | None = None,
    command: Sequence[str] = ("hyred_chat", "serve"),
    /,
    **settings: str,
) -> AsyncIterator[Server]:
    """A server that is ready; killed at the end if it still runs. Settings are environment variables.

    It accepts development tokens and the API key `API_KEY`, unless the settings say otherwise.

    Args:
        descriptors: how many file descriptors it may have.
        command: the module that serves, and its arguments.
    """
    defaults = {
        "PORT": "0",
        "HYRED_DATABASE_URL": database_url,
        "HYRED_DEV_TOKENS": "true",
        "HYRED_FILES_URL": files_url_of(database_url),
        "HYRED_ADMIN_API_KEYS": API_KEY,
    }
    process = await _start(command, environment(**(defaults | settings)), descriptors)
    server = Server(process, database_url)
    try:
        await server.wait_until_ready()
        yield server
    finally:
        await server.kill()


async def _start(command: Sequence[str], variables: dict[str, str], descriptors: int | None) -> Process | Copy:
    module, *arguments = command
    if module == "hyred_chat" and variables["PYTHONPATH"] == environment()["PYTHONPATH"]:
        return await start_copy(arguments, variables, descriptors)
    limited = () if descriptors is None else ("sh", "-c", 'ulimit -n "$0" && exec "$@"', str(descriptors))
    return await asyncio.create_subprocess_exec(
        *limited, sys.executable, "-m", *command, env=variables, stdout=PIPE, stderr=STDOUT, limit=MAX_LINE_BYTES
    )
