"""People with the official JavaScript client, in a process of its own, and what happens to them."""

import asyncio
import json
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.people import Person

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).parent / "js" / "people.mjs"
PATIENCE_SECONDS = 20.0


def require_official_client() -> None:
    """Skip the test where Node or the client is missing; in CI that is a failure."""
    missing = shutil.which("node") is None or not (ROOT / "node_modules" / "socket.io-client").is_dir()
    if missing and os.environ.get("CI") == "true":
        pytest.fail("node, or the official client, is not installed")
    if missing:
        pytest.skip("node, or the official client, is not installed: run `npm ci`")


class OfficialClients:
    """What was said of everybody.

    Attributes:
        events: `{name, event, …}` in the order in which they happened, each with `at`, by the loop's clock.
    """

    def __init__(self, process: Process) -> None:
        self.events: list[dict[str, Any]] = []
        self._process = process
        self._came = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    def of(self, name: str, *events: str) -> list[dict[str, Any]]:
        """What happened to somebody."""
        return [each for each in self.events if each["name"] == name and each["event"] in events]

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true that events make true."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                self._came.clear()
                await self._came.wait()

    async def close(self) -> None:
        self._process.kill()
        await self._process.wait()
        await self._reader

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.events.append(json.loads(line) | {"at": asyncio.get_running_loop().time()})
            self._came.set()


@asynccontextmanager
async def official_clients(
    url: str, people: Mapping[Person, Sequence[str]], **talk: Any
) -> AsyncIterator[OfficialClients]:
    """These people, on these transports, until the block ends. They reconnect as the client does by default.

    Args:
        talk: `room`, which they join, and `messages`, how many each sends.
    """
    described = [
        {"name": person.name, "token": person.token, "transports": list(transports)} | talk
        for person, transports in people.items()
    ]
    environment = {**os.environ, "SERVER_URL": url, "PEOPLE": json.dumps(described)}
    process = await asyncio.create_subprocess_exec("node", str(SCRIPT), env=environment, stdin=DEVNULL, stdout=PIPE)
    clients = OfficialClients(process)
    try:
        yield clients
    finally:
        await clients.close()
