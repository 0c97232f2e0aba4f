"""The servers under test: the echo app as a process of its own, and small ones of the public API in this process."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import cast

import uvicorn
from uvicorn.server import ServerState

from hyred_chat.socketio import EngineServer, ServerSettings, SocketServer
from tests.conformance.endpoints import PATIENCE_SECONDS, Endpoint

ROOT = Path(__file__).parents[2]
START_SECONDS = 20.0


def find_free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class EchoProcess:
    """The echo app in a process of its own, its output in a file.

    It waits for its clients as long as the tests wait for it: on a busy machine, an answer may be late.
    """

    def __init__(self, log: Path, *, engine: bool = False, port: int | None = None) -> None:
        self.port = find_free_port() if port is None else port
        self.log = log
        self._engine = engine
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> Endpoint:
        """Where it answers."""
        return Endpoint(self.port, "/engine.io/" if self._engine else "/socket.io/")

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The running process."""
        assert self._process is not None, "the echo app was not started"
        return self._process

    def start(self) -> None:
        """Starts the process and returns when it accepts connections."""
        command = [sys.executable, "-m", "tests.conformance.echo_app", "--port", str(self.port)]
        command += ["--patience", str(PATIENCE_SECONDS), *(["--engine"] if self._engine else [])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_it_answers()

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Ends the process, by force if it does not go by itself."""
        self.process.send_signal(number)
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def check_healthy(self) -> None:
        """Fails when the process has gone, or has logged a traceback."""
        output = self.log.read_text(errors="replace")
        assert self.process.poll() is None, f"the echo app exited with {self.process.returncode}:\n{output}"
        assert "Traceback" not in output, output

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.02)  # there is nothing to wait on but the port itself
        output = self.log.read_text(errors="replace")
        self.process.kill()
        self.process.wait()
        raise AssertionError(f"the echo app did not start:\n{output}")


def new_server(**settings: object) -> SocketServer:
    """A server of the public API with the given `ServerSettings`, its main namespace open to everybody."""
    return SocketServer(ServerSettings(**settings))  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def serving(server: EngineServer | SocketServer) -> AsyncIterator[Endpoint]:
    """Serves `server` in this event loop, on a free port, until the block ends.

    The protocols are uvicorn's own, as in production; its `Server` is left out, for it would take the test runner's
    signals and a fifth of a second to stop.
    """
    config = uvicorn.Config(server, ws=server.websocket_protocol, lifespan="off", log_config=None)
    config.load()
    new_protocol = cast("Callable[..., asyncio.Protocol]", config.http_protocol_class)
    state = ServerState()
    listener = await asyncio.get_running_loop().create_server(
        lambda: new_protocol(config=config, server_state=state, app_state={}), host="127.0.0.1", port=0
    )
    try:
        yield Endpoint(listener.sockets[0].getsockname()[1], server.settings.path)
    finally:
        listener.close()
        await server.close()
        for connection in list(state.connections):
            connection.shutdown()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*state.tasks, return_exceptions=True)
