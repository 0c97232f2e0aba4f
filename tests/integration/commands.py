"""Running `hyred-chat` as an operator does: a process, with an environment of its own."""

import os
import queue
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

TIMEOUT_SECONDS = 30
END = ""  # of the output: every line has at least its line break
ROOT = Path(__file__).parents[2]
# What servers of tests are given to keep, which goes with the tests.
FILES = tempfile.TemporaryDirectory(prefix="hyred-files-")


def environment(**settings: str) -> dict[str, str]:
    """Ours, without any setting but those given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HYRED_")}
    ours = {"PYTHONPATH": str(ROOT / "src"), "HOST": "127.0.0.1"}
    if "HYRED_DATA_DIR" not in settings:  # nothing is kept in the home of whoever runs the tests
        ours["HYRED_FILES_URL"] = f"file:{FILES.name}"
    return inherited | ours | settings


def run_command(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    return subprocess.run(
        [sys.executable, "-m", "hyred_chat", *arguments],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


class RunningServer:
    """A `hyred-chat serve` that has said it is ready.

    Attributes:
        banner: the lines that it printed, up to the last one.
    """

    def __init__(self, process: "subprocess.Popen[str]", lines: "queue.SimpleQueue[str]") -> None:
        self.process = process
        self._lines = lines
        self.banner: list[str] = []

    @property
    def address(self) -> str:
        return next(line.split()[-1] for line in self.banner if "is ready" in line)

    def wait_until_ready(self) -> None:
        while not any("Ctrl-C" in line for line in self.banner):
            line = self._lines.get(timeout=TIMEOUT_SECONDS)
            assert line != END, "\n".join(self.banner)
            self.banner.append(line.rstrip())

    def later_lines(self) -> list[str]:
        """What it printed after the banner, up to its end. It must have been stopped."""
        return [line.rstrip() for line in iter(lambda: self._lines.get(timeout=TIMEOUT_SECONDS), END) if line.strip()]

    def stop(self, number: int) -> int:
        """Send it a signal. Returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(TIMEOUT_SECONDS)


@contextmanager
def started_server(**settings: str) -> Iterator[RunningServer]:
    """A process that was told to serve; it is killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hyred_chat", "serve"],
        env=environment(PORT="0") | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    assert process.stdout is not None
    reader = threading.Thread(target=_read, args=(process.stdout, lines))
    reader.start()
    try:
        yield RunningServer(process, lines)
    finally:
        process.kill()
        process.wait(TIMEOUT_SECONDS)
        reader.join(TIMEOUT_SECONDS)
        process.stdout.close()


@contextmanager
def running_server(**settings: str) -> Iterator[RunningServer]:
    """One that is ready."""
    with started_server(**settings) as server:
        server.wait_until_ready()
        yield server


@contextmanager
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def _read(output: IO[str], lines: "queue.SimpleQueue[str]") -> None:
    for line in output:
        lines.put(line)
    lines.put(END)
