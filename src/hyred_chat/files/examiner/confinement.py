"""What a process that looks at a file gives up before it looks: kept by the kernel, not by promises."""

import ctypes
import os
import resource
from collections.abc import Collection
from typing import Any, Final

_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_NEWNET: Final = 0x4000_0000
_CLONE_NEWUSER: Final = 0x1000_0000


def isolate(keep: Collection[int]) -> None:
    """From here on: no file or socket that was open, but for these descriptors and 2; no new privileges, no network.

    It is done before there is a job, while nobody waits for it.
    """
    _close_others(keep)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Where the system lets it: a network without any interface. It can open no socket anyway, once it is confined.
    libc.unshare(_CLONE_NEWNET) and libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def confine(job: dict[str, Any]) -> None:
    """From here on: bounded memory, time and output, and no file or socket but those that are open.

    Args:
        job: `memoryBytes`, `seconds` and `outputBytes`.
    """
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, job["outputBytes"]),
        (resource.RLIMIT_AS, job["memoryBytes"]),
        (resource.RLIMIT_CPU, job["seconds"]),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),  # whatever would be opened from now on
    ):
        resource.setrlimit(limit, (value, value))


def _close_others(keep: Collection[int]) -> None:
    start = 0
    for descriptor in sorted({*keep, 2}):
        if start < descriptor:  # an empty range that begins with 0 would be all of them
            os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
