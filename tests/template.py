"""The process of which servers are copies (`tests/copies.py`): it has imported the whole program, and forks."""

import gc
import importlib
import json
import os
import resource
import selectors
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import Any, Final

from hyred_chat import cli, ids

# A job is one packet: the environment, above all.
MAX_JOB_BYTES: Final = 131_072
# What the command imports when it runs.
PROGRAM: Final = ("hyred_chat.app", "hyred_chat.server")


class Template:
    """Makes copies of its own process, and says how each has ended."""

    def __init__(self, jobs: socket.socket) -> None:
        self._jobs = jobs
        self._copies: dict[int, tuple[int, socket.socket]] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(jobs, selectors.EVENT_READ)

    def run(self) -> None:
        """Work until there are no more jobs; and again in each copy, until that has ended."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is not self._jobs:
                    self._bury(key.fd, *self._copies.pop(key.fd))
                    continue
                packet, descriptors, _, _ = socket.recv_fds(self._jobs, MAX_JOB_BYTES, 2)
                if not packet:
                    self._end_all()
                    return
                output, told = descriptors
                if not (pid := os.fork()):
                    self._forget()
                    os.close(told)
                    _become(json.loads(packet), output)
                    return
                os.close(output)
                self._watch(pid, socket.socket(fileno=told))

    def _watch(self, pid: int, told: socket.socket) -> None:
        pidfd = os.pidfd_open(pid)
        self._copies[pidfd] = pid, told
        self._selector.register(pidfd, selectors.EVENT_READ)
        with suppress(OSError):  # nobody waits for it any more
            socket.send_fds(told, [b"%d" % pid], [pidfd])

    def _bury(self, pidfd: int, pid: int, told: socket.socket) -> None:
        self._selector.unregister(pidfd)
        os.close(pidfd)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        with told, suppress(OSError):
            told.send(b"%d" % code)

    def _end_all(self) -> None:
        for pidfd in self._copies:
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)

    def _forget(self) -> None:
        """A copy has none of its own."""
        self._selector.close()
        self._jobs.close()
        for pidfd, (_, told) in self._copies.items():
            os.close(pidfd)
            told.close()


def _become(job: dict[str, Any], output: int) -> None:
    """Run `hyred-chat` as it runs in a process of its own."""
    for number in (1, 2):
        os.dup2(output, number)
    os.close(output)
    os.environ.clear()
    os.environ.update(job["environment"])
    time.tzset()
    ids._random.seed(os.urandom(32))  # what a process does that imports it
    if job["descriptors"] is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (job["descriptors"], job["descriptors"]))
    sys.argv = ["hyred-chat", *job["arguments"]]
    cli.app(prog_name="hyred-chat")


if __name__ == "__main__":
    for module in PROGRAM:
        importlib.import_module(module)
    gc.freeze()
    jobs = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    Template(jobs).run()
