"""The processes under measure: started with their output in a file, ended politely, and weighed (CPU, memory)."""

import asyncio
import contextlib
import os
import resource
import signal
import socket
import subprocess
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
END_TIMEOUT_SECONDS = 20.0
UNLIMITED = 2**31


class ProcessFailedError(Exception):
    """A process did not start, ended too early, or did not end when asked to."""


class Process:
    """One child process."""

    def __init__(self, command: list[str], *, log: Path, environment: dict[str, str] | None = None) -> None:
        self.command = command
        self._log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C comes here alone, and we end the servers in order
            )
        self.pid = self._popen.pid

    def check_running(self) -> None:
        """Raises ProcessFailedError with the end of its output when the process has ended."""
        if self._popen.poll() is not None:
            raise ProcessFailedError(
                f"{' '.join(self.command)} ended with status {self._popen.returncode}\n{self.tail()}"
            )

    def tail(self, lines: int = 20) -> str:
        """The last lines of its output."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-lines:])

    def memory_bytes(self) -> int:
        """Resident memory of the process itself."""
        return int(psutil.Process(self.pid).memory_info().rss)

    def pause(self) -> None:
        """Takes it off the processors until `resume`."""
        self._popen.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets it go on."""
        self._popen.send_signal(signal.SIGCONT)

    async def wait(self, timeout_seconds: float) -> int:
        """Waits for its end and returns its status. Raises ProcessFailedError after killing one that took too long."""
        try:
            return await asyncio.to_thread(self._popen.wait, timeout_seconds)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
            raise ProcessFailedError(f"{' '.join(self.command)} did not end in time\n{self.tail()}") from None

    async def end(self) -> None:
        """Asks it to end and waits. Raises ProcessFailedError after killing one that would not end.

        By SIGTERM: in the background of a script SIGINT is ignored, and children inherit that.
        """
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)
        await self.wait(END_TIMEOUT_SECONDS)


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process and its descendants have used so far, those that have ended included."""
    total = 0.0
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                total += times.user + times.system + times.children_user + times.children_system
    return total


def machine_cpu_seconds() -> float:
    """The CPU time that all cores together have spent on anything so far."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def is_running(pid: int) -> bool:
    """Whether there is such a process."""
    return bool(psutil.pid_exists(pid))


def free_port() -> int:
    """A port of the loopback interface that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def raise_file_limit() -> int:
    """Raises the limit of open files as far as it goes, for this process and its children; returns the limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def check_file_limit(pid: int, needed: int) -> None:
    """Raises ProcessFailedError when a process may not open as many files as a measure needs."""
    if (limit := file_limit(pid)) < needed:
        raise ProcessFailedError(f"process {pid} may open {limit} files, and {needed} are needed: raise `ulimit -n`")


def file_limit(pid: int) -> int:
    """How many files a process may open; very many where nobody says it (Linux says it)."""
    limits = Path(f"/proc/{pid}/limits")
    if not limits.exists():
        return UNLIMITED
    soft = next(line.split()[3] for line in limits.read_text().splitlines() if line.startswith("Max open files"))
    return UNLIMITED if soft == "unlimited" else int(soft)
