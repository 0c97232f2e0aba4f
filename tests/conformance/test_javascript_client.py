"""The official JavaScript client (js/*.mjs under Node's test runner) against our server."""

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conformance.endpoints import PATIENCE_SECONDS, Endpoint
from tests.conformance.javascript_app import new_javascript_app
from tests.conformance.servers import ROOT, EchoProcess, serving

SCRIPTS = Path(__file__).parent / "js"
SCRIPT_SECONDS = 30.0


def find_missing() -> str | None:
    if shutil.which("node") is None:
        return "node is not installed"
    if not (ROOT / "node_modules" / "socket.io-client").is_dir():
        return "the official client is not installed: run `npm ci`"
    return None


@pytest.fixture(autouse=True, scope="module")
def node() -> None:
    missing = find_missing()
    if missing is not None and os.environ.get("CI") == "true":
        pytest.fail(missing)
    if missing is not None:
        pytest.skip(missing)


@contextlib.asynccontextmanager
async def running(script: str, endpoint: Endpoint, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Runs a script until the block ends."""
    process = await asyncio.create_subprocess_exec(
        "node",
        str(SCRIPTS / script),
        env={**os.environ, "SERVER_URL": endpoint.origin, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(SCRIPT_SECONDS):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def read_until(process: asyncio.subprocess.Process, word: str) -> None:
    """Reads the output up to a line that is `word`."""
    assert process.stdout is not None
    said: list[str] = []
    while not said or said[-1] != word:
        line = await process.stdout.readline()
        assert line, "\n".join(said)
        said.append(line.decode().rstrip())


async def check_passes(process: asyncio.subprocess.Process) -> None:
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


@pytest.mark.parametrize(
    "script", ["transports.mjs", "acknowledgements.mjs", "namespaces.mjs", "crowd.mjs"], ids=lambda name: name[:-4]
)
async def test_the_official_client_gets_what_its_documentation_promises(script: str) -> None:
    server = new_javascript_app()
    async with serving(server) as endpoint, running(script, endpoint) as process:
        await check_passes(process)


async def test_official_clients_that_are_too_many_at_once_come_back_by_themselves() -> None:
    server = new_javascript_app(max_handshakes_per_second=10)
    async with serving(server) as endpoint, running("storm.mjs", endpoint) as process:
        await check_passes(process)


@pytest.mark.parametrize("script", ["transports.mjs", "heartbeats.mjs"], ids=lambda name: name[:-4])
async def test_the_official_client_keeps_pace_with_short_heartbeats(script: str) -> None:
    """Twenty a second, and each answer is waited for as long as anything here: a busy machine ends no connection."""
    server = new_javascript_app(ping_interval_seconds=0.05, ping_timeout_seconds=PATIENCE_SECONDS)
    async with serving(server) as endpoint, running(script, endpoint) as process:
        await check_passes(process)


@pytest.mark.parametrize("transports", ["websocket", "polling", "polling,websocket"])
async def test_the_official_client_outlives_a_server_that_is_killed(tmp_path: Path, transports: str) -> None:
    first = EchoProcess(tmp_path / "first.log")
    first.start()
    async with running("reconnect.mjs", first.endpoint, TRANSPORTS=transports) as process:
        await read_until(process, "CONNECTED")
        first.stop(signal.SIGKILL)
        await read_until(process, "DISCONNECTED")
        second = EchoProcess(tmp_path / "second.log", port=first.port)
        second.start()
        try:
            await check_passes(process)
            second.check_healthy()
        finally:
            second.stop()
