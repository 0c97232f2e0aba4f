"""Every dependency that the server needs to run has its reason written down, and there are few."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAX_DEPENDENCIES = 25
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def names_of(requirements: list[str]) -> list[str]:
    names = (re.match(r"[A-Za-z0-9-]+", requirement) for requirement in requirements)
    return [name[0].lower() for name in names if name is not None]


def runtime_dependencies() -> list[str]:
    return names_of(PROJECT["dependencies"])


def test_every_runtime_dependency_has_its_reason() -> None:
    page = (ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8").lower()
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| ")]
    written = {name for row in rows for name in re.findall(r"[a-z0-9-]+", row)}
    extra = names_of(PROJECT["optional-dependencies"]["redis"])
    assert [name for name in runtime_dependencies() + extra if name not in written] == []


def test_there_are_at_most_twenty_five() -> None:
    assert 10 < len(runtime_dependencies()) <= MAX_DEPENDENCIES
