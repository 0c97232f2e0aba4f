"""`hyred-chat serve` with its calls counted, in the format of Python's `pstats` (`recording_server.py`)."""

import cProfile
from pathlib import Path

from bench.recording_server import serve


class Calls:
    """All calls of functions."""

    def __init__(self) -> None:
        self._profile = cProfile.Profile()
        self._profile.enable()

    def end(self, file: Path) -> None:
        """See `Recorder`."""
        self._profile.disable()
        self._profile.dump_stats(file)


if __name__ == "__main__":
    serve(Calls)
