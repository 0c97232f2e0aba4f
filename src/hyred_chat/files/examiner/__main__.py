"""The loop of the examiner: one job at a time."""

import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from hyred_chat.files.examiner.confinement import confine
from hyred_chat.files.examiner.examination import OUTPUTS, RefusedError, examine, warm_up

MAX_RESULT_BYTES = 65_536


def run() -> None:
    """Answer jobs until the end of standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: whoever started this ends it
    warm_up()
    for line in sys.stdin.buffer:
        result = _examine_apart(orjson.loads(line))
        sys.stdout.buffer.write(orjson.dumps(result) + b"\n")
        sys.stdout.buffer.flush()


def _examine_apart(job: dict[str, Any]) -> dict[str, Any]:
    """Fork a child for a job, and wait for what it says: for `seconds` at most."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        _be_child(job, writer)
    os.close(writer)
    try:
        said = _read(reader, time.monotonic() + job["seconds"])
    finally:
        os.close(reader)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if said:
        with suppress(orjson.JSONDecodeError):
            result: dict[str, Any] = orjson.loads(said)
            return result
    # Killed, by its own bounds or by ours, or crashed: whatever it was, it is nothing to be looked at again.
    has_crashed = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS)
    return {"reason": "broken" if has_crashed else "too_complex"}


def _read(reader: int, deadline: float) -> bytes:
    """What comes until the end; nothing when that does not come in time."""
    said = b""
    while (left := deadline - time.monotonic()) > 0 and select.select([reader], [], [], left)[0]:
        part = os.read(reader, MAX_RESULT_BYTES)
        if not part:
            return said
        said += part
        if len(said) > MAX_RESULT_BYTES:
            break
    return b""


def _be_child(job: dict[str, Any], writer: int) -> None:
    """Look at the file, say what it is, and end: nothing of the parent's is ever returned to."""
    try:
        with suppress(OSError):  # where memory runs out, this is what ends, and not a server
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
        source = Path(job["input"]).open("rb")  # noqa: SIM115  # it ends with the process
        outputs = {name: (Path(job["folder"]) / name).open("w+b") for name in OUTPUTS}
        confine(keep=[source.fileno(), writer, *(each.fileno() for each in outputs.values())], job=job)
        try:
            outcome = examine(source, outputs, is_voice=job["isVoice"])
        except RefusedError as error:
            outcome = {"reason": error.reason}
        except MemoryError:
            outcome = {"reason": "too_complex"}
        for each in outputs.values():
            each.flush()
        os.write(writer, orjson.dumps(outcome))
    except BaseException:  # noqa: BLE001  # whatever a decoder raises
        with suppress(OSError):
            os.write(writer, b'{"reason":"broken"}')
    finally:
        os._exit(0)


if __name__ == "__main__":
    run()
