"""Which build of Python this is, and which one `make` takes."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from hyred_chat.python_build import describe_build, is_optimised

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "prefix", "optimised"),
    [
        ("'--enable-optimizations' '--with-lto'", "/opt/python", True),
        ("'--enable-shared'", "/opt/python", False),
        (None, "/opt/python", False),
        ("'--enable-shared'", "/usr", True),
        ("'--enable-shared'", "/usr/local", False),
    ],
)
def test_a_build_is_optimised_when_it_says_so_or_a_distribution_ships_it(
    monkeypatch: pytest.MonkeyPatch, arguments: str | None, prefix: str, optimised: bool
) -> None:
    monkeypatch.setattr(sysconfig, "get_config_var", {"CONFIG_ARGS": arguments}.get)
    monkeypatch.setattr(sys, "base_prefix", prefix)
    assert is_optimised() is optimised
    assert describe_build().endswith(", optimised" if optimised else ", not optimised")


def test_make_takes_a_python_that_is_new_enough_and_says_when_it_is_not_optimised() -> None:
    found = subprocess.run(["sh", "scripts/find-python"], cwd=ROOT, capture_output=True, text=True, check=True)
    python = found.stdout.strip()
    assert (
        subprocess.run([python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], check=False).returncode == 0
    )
    build = subprocess.run([python, "-P", "src/hyred_chat/python_build.py"], cwd=ROOT, check=False)
    assert (build.returncode == 0) is ("not an optimised build" not in found.stderr)
