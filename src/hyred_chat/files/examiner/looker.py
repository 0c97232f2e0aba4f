"""A child that looks at one file: forked before there is one, so that whoever sends it does not wait for that."""

import os
import select
import signal
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

import orjson

from hyred_chat.files.examiner.confinement import confine, isolate
from hyred_chat.files.examiner.examination import OUTPUTS, RefusedError, examine

MAX_RESULT_BYTES: Final = 65_536
_PART_BYTES: Final = 65_536
# What a child says first: whatever ends it from here on has to do with its file.
_BEGUN: Final = b"+"


class Looker:
    """A child that waits for its job, and ends with it. Its parent has this object."""

    def __init__(self, pid: int, jobs: int, results: int) -> None:
        self._pid = pid
        self._jobs = jobs
        self._results = results

    @classmethod
    def fork(cls) -> Self:
        """A child of this process, which must have one thread."""
        jobs, jobs_end = os.pipe()
        results, results_end = os.pipe()
        pid = os.fork()
        if not pid:
            _live(jobs, results_end)
        os.close(jobs)
        os.close(results_end)
        return cls(pid, jobs_end, results)

    def look(self, job: dict[str, Any]) -> bytes | None:
        """What it says of a file: nothing when it does not say all of it in time. It does nothing more afterwards.

        None: it was not there any more to begin. While it waits, anything may end it.
        """
        try:
            os.write(self._jobs, orjson.dumps(job))
        except BrokenPipeError:
            return None
        finally:
            os.close(self._jobs)
            self._jobs = -1
        said = self._read(time.monotonic() + job["seconds"])
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        return said.removeprefix(_BEGUN) if said else None

    def _read(self, deadline: float) -> bytes:
        """What comes until the end; that it has begun, and no more, when that does not come in time."""
        said = b""
        while (left := deadline - time.monotonic()) > 0 and select.select([self._results], [], [], left)[0]:
            part = os.read(self._results, MAX_RESULT_BYTES)
            if not part:
                return said
            said += part
            if len(said) > MAX_RESULT_BYTES:
                break
        return _BEGUN

    def bury(self) -> int:
        """Wait for its end; what it died of, as `os.waitpid` says it."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        if self._jobs >= 0:
            os.close(self._jobs)
        os.close(self._results)
        return os.waitpid(self._pid, 0)[1]


def _live(jobs: int, results: int) -> None:
    """Be the child: wait for a job, say what its file is, and end. Nothing of the parent's is ever returned to."""
    try:
        with suppress(OSError):  # where memory runs out, this is what ends, and not a server
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
        isolate(keep=[jobs, results])
        beside = _start_thread()
        said = b""
        while part := os.read(jobs, _PART_BYTES):
            said += part
        if said:  # else its parent is gone
            os.write(results, _BEGUN)
            os.write(results, orjson.dumps(_look(orjson.loads(said), beside)))
    except BaseException:  # noqa: BLE001  # whatever a decoder raises
        with suppress(OSError):
            os.write(results, b'{"reason":"broken"}')
    finally:
        # Heard at once, and not when the kernel has taken back the memory.
        with suppress(OSError):
            os.close(results)
        os._exit(0)


def _start_thread() -> Executor | None:
    """A thread beside this one, there before no other may be started. None where the system lets there be none."""
    beside = ThreadPoolExecutor(1)
    try:
        beside.submit(int).result()
    except RuntimeError:
        return None
    return beside


def _look(job: dict[str, Any], beside: Executor | None) -> dict[str, Any]:
    source = Path(job["input"]).open("rb")  # noqa: SIM115  # it ends with the process
    outputs = {name: (Path(job["folder"]) / name).open("w+b") for name in OUTPUTS}
    confine(job)
    try:
        outcome = examine(source, outputs, is_voice=job["isVoice"], beside=beside)
    except RefusedError as error:
        return {"reason": error.reason}
    except MemoryError:
        return {"reason": "too_complex"}
    for each in outputs.values():
        each.flush()
    return outcome
