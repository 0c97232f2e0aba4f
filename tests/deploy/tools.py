"""The tools of the formats in deploy/, as their packages install them."""

import subprocess
import sys
from pathlib import Path

TIMEOUT_SECONDS = 60


def run_tool(name: str | Path, *arguments: str | Path, environment: dict[str, str] | None = None) -> str:
    """Run a program that is installed beside this Python, or elsewhere. It must be content. Returns what it says."""
    done = subprocess.run(
        [Path(sys.executable).parent / name, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
