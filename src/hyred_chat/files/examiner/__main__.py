"""The loop of the examiner: one job at a time, each by a child of its own."""

import os
import signal
import sys
from contextlib import suppress
from typing import Any

import orjson

from hyred_chat.files.examiner.examination import warm_up
from hyred_chat.files.examiner.looker import Looker


def run() -> None:
    """Answer jobs until the end of standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal: whoever started this ends it
    warm_up()
    looker = Looker.fork()
    for line in sys.stdin.buffer:
        job: dict[str, Any] = orjson.loads(line)
        while (said := looker.look(job)) is None:
            looker.bury()
            looker = Looker.fork()
        result = _result_of(said)
        if result is not None:
            _answer(result)
        status = looker.bury()
        if result is None:
            _answer({"reason": _reason_of(status)})
        looker = Looker.fork()
    looker.bury()


def _answer(result: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(result) + b"\n")
    sys.stdout.buffer.flush()


def _result_of(said: bytes) -> dict[str, Any] | None:
    with suppress(orjson.JSONDecodeError):
        result: dict[str, Any] = orjson.loads(said)
        return result
    return None


def _reason_of(status: int) -> str:
    """Killed, by its own bounds or by ours, or crashed: whatever it was, it is nothing to be looked at again."""
    has_crashed = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS)
    return "broken" if has_crashed else "too_complex"


if __name__ == "__main__":
    run()
