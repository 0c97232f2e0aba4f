"""Runs of pytest that share the tests (`tests/sharing.py`)."""

import re
import subprocess
import sys
from pathlib import Path

from tests.integration.commands import ROOT, environment

SECONDS = 60
# Each of two such files waits for the other's first test, so that no run can do both.
FILE = """
import time
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def kept():
    yield
    with Path("ends").open("a") as ends:
        ends.write("x")


@pytest.mark.parametrize("number", range(3))
def test_it(number, kept):
    Path(f"begun-{Path(__file__).stem}").touch()
    deadline = time.monotonic() + 30
    while len(list(Path().glob("begun-*"))) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (number, Path(__file__).stem) != (1, "test_b")
"""


def start(folder: Path) -> "subprocess.Popen[str]":
    options = ["-p", "no:cacheprovider", "-p", "tests.sharing", "--share=taken", "-v"]
    plain = {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # installed plugins take long to load
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *options],
        cwd=folder,
        env=environment(PYTHONPATH=str(ROOT), **plain),
        stdout=subprocess.PIPE,
        text=True,
    )


def results(output: str) -> dict[str, str]:
    """Of each test that was run, whether it passed."""
    return dict(re.findall(r"^(\S+::\S+) (PASSED|FAILED)", output, re.MULTILINE))


def test_each_test_is_run_by_one_of_the_runs_that_share_them(tmp_path: Path) -> None:
    names = ("test_a", "test_b")
    for name in names:
        (tmp_path / f"{name}.py").write_text(FILE)
    runs = [start(tmp_path) for _ in names]
    one, other = [results(run.communicate(timeout=SECONDS)[0]) for run in runs]
    assert len(one) == len(other) == 3
    expected = {f"{name}.py::test_it[{number}]": "PASSED" for name in names for number in range(3)}
    assert one | other == expected | {"test_b.py::test_it[1]": "FAILED"}
    assert sorted(run.returncode for run in runs) == [0, 1]
    assert (tmp_path / "ends").read_text() == "xx"  # what tests share was kept until the end of each run
    last = start(tmp_path)  # too late for any of them
    assert results(last.communicate(timeout=SECONDS)[0]) == {}
    assert last.returncode == 0
