"""Another state of the program, to be measured beside this one: a checkout in a folder, or a commit."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import ROOT, ProcessFailedError

GIT_TIMEOUT_SECONDS = 60.0
SOURCES = "src/hyred_chat"


@contextmanager
def tree_at(where: str) -> Iterator[Path]:
    """A folder with the sources that are meant, for the length of the block.

    Args:
        where: the folder of a checkout, or anything by which git knows a commit of this repository.

    Raises:
        ProcessFailedError: it is neither.
    """
    if (Path(where) / SOURCES).is_dir():
        yield Path(where).resolve()
        return
    # Our own files of the web app are not wanted: whatever it serves, no measure asks for it.
    command = ["git", "archive", "--format=tar", where, "--", SOURCES]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=GIT_TIMEOUT_SECONDS)
    if found.returncode != 0:
        raise ProcessFailedError(f"{where} is no checkout and no commit: {found.stderr.decode(errors='replace')}")
    with tempfile.TemporaryDirectory(prefix="hyred-bench-tree-") as folder:
        subprocess.run(["tar", "-x", "-C", folder], input=found.stdout, check=True, timeout=GIT_TIMEOUT_SECONDS)
        yield Path(folder)
