"""Servers that are copies of a process that has imported the whole program.

Tests start hundreds of servers. To import the program takes a second of a processor each time, which is most of what a
test of its own server waits for. A copy of a process that has imported it, made by `fork`, is there at once, and from
its environment on everything is as in a process that was started. That the command works from its beginning is shown by
`tests/integration/test_cli_serve.py`.
"""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from tests.integration.commands import ROOT, environment

MAX_LINE_BYTES: Final = 2**20
# Starting takes two seconds of a processor, which others may be using; the first copy waits for the template.
START_SECONDS: Final = 60.0
END_SECONDS: Final = 10.0


class Copy:
    """What `asyncio.subprocess.Process` is, for a process that is not our child but the template's.

    Attributes:
        stdout: what it writes, errors included.
        returncode: None until `wait` has returned.
    """

    def __init__(self, pid: int, pidfd: int, stdout: asyncio.StreamReader, told: socket.socket) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        self._pidfd = pidfd
        self._told = told
        self._ended = asyncio.create_task(self._hear())

    def send_signal(self, number: int) -> None:
        """Raises `ProcessLookupError` once it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError
        signal.pidfd_send_signal(self._pidfd, number)

    async def wait(self) -> int:
        """Its exit code, or the number of the signal that has ended it, negative."""
        return await asyncio.shield(self._ended)

    async def _hear(self) -> int:
        with self._told:
            code = await asyncio.get_running_loop().sock_recv(self._told, 16)
        os.close(self._pidfd)
        self.returncode = int(code)
        return self.returncode


async def start_copy(arguments: Sequence[str], environment: Mapping[str, str], descriptors: int | None) -> Copy:
    """`hyred-chat` with these arguments, and no environment but this one.

    Args:
        descriptors: how many file descriptors it may have.
    """
    output, its_output = os.pipe()
    told, its_told = socket.socketpair()
    job = {"arguments": arguments, "environment": dict(environment), "descriptors": descriptors}
    try:
        socket.send_fds(_template(), [json.dumps(job).encode()], [its_output, its_told.fileno()])
    finally:
        os.close(its_output)
        its_told.close()
    told.settimeout(START_SECONDS)
    pid, (pidfd,), _, _ = await asyncio.to_thread(socket.recv_fds, told, 16, 1)
    told.setblocking(False)
    stdout, loop = asyncio.StreamReader(MAX_LINE_BYTES), asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdout), os.fdopen(output, "rb", 0))
    return Copy(int(pid), pidfd, stdout, told)


@cache
def _template() -> socket.socket:
    """Where it takes jobs. It is started by the first, and ends with this process."""
    jobs, its_jobs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.template"],
        cwd=ROOT,
        env=environment(),
        stdin=its_jobs.fileno(),
        stdout=subprocess.DEVNULL,
    )
    its_jobs.close()

    def end() -> None:
        jobs.close()
        process.wait(END_SECONDS)

    atexit.register(end)
    return jobs
