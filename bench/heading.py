"""What was measured on what: versions, cores, and what a commit was worth."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.processes import ROOT
from hyred_chat.python_build import describe_build

PYTHON_PACKAGES = ("picows", "uvicorn", "uvloop", "asyncpg", "python-socketio")


def versions() -> dict[str, str]:
    """Everything whose version a figure may hang on."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    package = ROOT / "node_modules" / "socket.io" / "package.json"
    return {
        "Python": describe_build(),
        "Node": node.removeprefix("v"),
        "socket.io": json.loads(package.read_text())["version"] if package.exists() else "not installed",
        **{package: version(package) for package in PYTHON_PACKAGES},
    }


def processor() -> str:
    """The processor's name as Linux gives it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def heading(durability: dict[str, str] | None, busy: float) -> dict[str, str]:
    """The facts above the tables, in order.

    Args:
        durability: what PostgreSQL says about itself, or None where our server is not measured.
        busy: what everything else on this machine uses, in % of one core.
    """
    facts = {
        "Date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "Machine": f"{os.cpu_count()} cores, {processor()}, {platform.system()} {platform.release()}",
        "Shared by": "load generator (one process), server under measure, PostgreSQL",
        "Before": f"everything else on this machine used {busy:.0f} % of one core",
        "Versions": ", ".join(f"{name} {number}" for name, number in versions().items()),
    }
    if durability is not None:
        facts["PostgreSQL"] = ", ".join(f"{name} {value}" for name, value in durability.items())
    return facts


def render(facts: dict[str, str]) -> str:
    """The facts as a Markdown list."""
    return "\n".join(["# Measured", "", *(f"- {name}: {value}" for name, value in facts.items())])
