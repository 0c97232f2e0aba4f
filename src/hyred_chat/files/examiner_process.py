"""The process that looks at files (`files/examiner`), as the server sees it: started when it is needed."""

import asyncio
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson

from hyred_chat.errors import UnavailableError

logger = logging.getLogger(__name__)

# Of one look, in the process that looks: seconds of a processor and on the clock, bytes of memory.
LOOK_SECONDS: Final = 30
MEMORY_BYTES: Final = 1_536 * 2**20
# What is made of a picture may be larger than what came: a file in another format, and its previews.
OUTPUT_BYTES: Final = 64 * 2**20
OUTPUT_FACTOR: Final = 4
# It ends its own looks; if it does not say anything for so long, it is itself at fault.
_PATIENCE_SECONDS: Final = 20.0
_IDLE_SECONDS: Final = 300.0
_MAX_LINE_BYTES: Final = 131_072
# Of glibc: pictures lie in large pages, which takes a seventh of the time for which somebody waits; and a second thread
# reserves no addresses for itself, which are bounded.
_ALLOCATION: Final = "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1"


class ExaminerProcess:
    """Looks at one file at a time. It is started for the first, and ends when there has been none for minutes."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._idle: asyncio.TimerHandle | None = None

    @property
    def is_there(self) -> bool:
        """Whether it need not be started first."""
        return self._process is not None and self._process.returncode is None

    async def prepare(self) -> None:
        """Start it while the file that it is to look at is still on its way."""
        self._stop_idle()
        with suppress(OSError):  # whoever wants a file to be looked at is told
            await self._start()
        self._rest()

    async def examine(self, source: Path, folder: Path, *, size: int, is_voice: bool) -> dict[str, Any]:
        """What a file is, as `files/examiner/examination.py` says it, or `{"reason": …}` when it is refused.

        Args:
            source: the file.
            folder: where what is made of it is written.
            size: of the file.

        Raises:
            UnavailableError: the process ended, or cannot be started.
        """
        self._stop_idle()
        job = {
            "input": str(source),
            "folder": str(folder),
            "isVoice": is_voice,
            "seconds": LOOK_SECONDS,
            "memoryBytes": MEMORY_BYTES,
            "outputBytes": max(OUTPUT_BYTES, OUTPUT_FACTOR * size),
        }
        try:
            async with asyncio.timeout(LOOK_SECONDS + _PATIENCE_SECONDS):
                process = await self._start()
                assert process.stdin is not None  # noqa: S101  # it was started with pipes
                assert process.stdout is not None  # noqa: S101
                process.stdin.write(orjson.dumps(job) + b"\n")
                await process.stdin.drain()
                said = await process.stdout.readuntil(b"\n")
        except BaseException as error:
            await self.close()
            if isinstance(error, OSError | EOFError):  # a time-out is one, too
                logger.warning("The process that examines files ended; another one is started")
                raise UnavailableError from error
            raise
        self._rest()
        seen: dict[str, Any] = orjson.loads(said)
        return seen

    async def close(self) -> None:
        """End the process."""
        self._stop_idle()
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _start(self) -> Process:
        if self._process is None or not self.is_there:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "hyred_chat.files.examiner",
                stdin=PIPE,
                stdout=PIPE,
                env=_environment(),
                limit=_MAX_LINE_BYTES,
            )
        return self._process

    def _rest(self) -> None:
        self._idle = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._end)

    def _end(self) -> None:
        """It has had nothing to do for a while: it ends when it reads that there is no more."""
        self._idle = None
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def _stop_idle(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None


def _environment() -> dict[str, str]:
    """Nothing that is a secret, or changes what the process is."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ")}
    return kept | {"GLIBC_TUNABLES": _ALLOCATION}
