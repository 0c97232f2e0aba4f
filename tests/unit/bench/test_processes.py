"""Starting, weighing and ending the processes under measure."""

import signal
import sys
from pathlib import Path

import pytest

from bench.processes import Process, ProcessFailedError, cpu_seconds, is_running
from bench.waiting import until

BURN_THEN_WAIT = """
import subprocess, sys, time
subprocess.run([sys.executable, "-c", "sum(range(40_000_000))"])
print("burnt", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("ignored", [[], [signal.SIGINT, signal.SIGHUP]], ids=["in a terminal", "in the background"])
async def test_a_process_is_gone_when_it_was_ended(tmp_path: Path, ignored: list[signal.Signals]) -> None:
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in ignored]
    process = Process([sys.executable, "-c", "import time; time.sleep(60)"], log=tmp_path / "log")
    for number, handler in before:
        signal.signal(number, handler)
    await process.end()
    assert not is_running(process.pid)


async def test_a_process_that_ends_too_early_is_reported_with_what_it_said_last(tmp_path: Path) -> None:
    process = Process([sys.executable, "-c", "print('no such port'); raise SystemExit(3)"], log=tmp_path / "log")
    assert await process.wait(20) == 3
    with pytest.raises(ProcessFailedError, match=r"status 3\nno such port"):
        process.check_running()


async def test_a_process_that_takes_too_long_is_killed_and_reported(tmp_path: Path) -> None:
    process = Process([sys.executable, "-c", "import time; time.sleep(60)"], log=tmp_path / "log")
    with pytest.raises(ProcessFailedError, match="did not end in time"):
        await process.wait(0.1)
    assert not is_running(process.pid)


async def test_the_processor_time_of_children_that_have_ended_still_counts(tmp_path: Path) -> None:
    process = Process([sys.executable, "-c", BURN_THEN_WAIT], log=tmp_path / "log")
    try:
        assert await until(lambda: "burnt" in process.tail(), 20)
        assert cpu_seconds(process.pid) > 0.05
    finally:
        await process.end()
