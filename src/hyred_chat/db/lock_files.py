"""The files in which a PostgreSQL server leaves its process id, and whom that id belongs to now.

Only where there is `/proc`. Elsewhere PostgreSQL's own rules hold: an id that is in use means that the server runs.
"""

import os
from pathlib import Path

# No kernel gives this process id to anybody.
NOBODY = 2**31 - 2
PROCESSES = Path("/proc")


def is_held(lock_path: Path, directory: Path) -> bool:
    """Whether the process that the file names is alive and a server of this data directory."""
    try:
        return os.fsencode(directory) in _command_path(lock_path).read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def release(lock_path: Path, directory: Path) -> None:
    """Free the file of a dead server whose process id is somebody else's by now, or not yet taken off.

    Containers count from 1, so it happens. The file stays, with the id of nobody: by what else is in it PostgreSQL
    finds out whether a child of the dead server is still at work on the data.
    """
    if PROCESSES.exists() and lock_path.exists() and not is_held(lock_path, directory):
        _, rest = lock_path.read_text().split("\n", 1)
        lock_path.write_text(f"{NOBODY}\n{rest}")


def _command_path(lock_path: Path) -> Path:
    return PROCESSES / lock_path.read_text().split("\n", 1)[0].strip() / "cmdline"
