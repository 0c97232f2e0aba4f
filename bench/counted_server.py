"""`hyred-chat serve` with its calls counted: from a SIGUSR1 to the next one, whose count goes to `COUNTED_CALLS_FILE`.

The file has the format of Python's `pstats`, and is there at once or not at all.
"""

import cProfile
import os
import signal
from pathlib import Path

from hyred_chat.cli import app

FILE_VARIABLE = "COUNTED_CALLS_FILE"


class Counter:
    """Counts while it is on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._profile: cProfile.Profile | None = None

    def toggle(self, *_: object) -> None:
        """Begins to count, or ends it and writes the count down."""
        if self._profile is None:
            self._profile = cProfile.Profile()
            self._profile.enable()
            return
        self._profile.disable()
        unfinished = self._file.with_suffix(".unfinished")
        self._profile.dump_stats(unfinished)
        unfinished.rename(self._file)
        self._profile = None


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, Counter(Path(os.environ[FILE_VARIABLE])).toggle)
    app(["serve"], prog_name="hyred-chat")
