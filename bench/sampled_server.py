"""`hyred-chat serve`, looked at as often as the kernel's clock allows by its processor time (`recording_server.py`).

Where it was is JSON: how often, by file and function. Looking costs about a per cent, so what is found are shares of
the true time. A profiler that is told of every call makes small functions look dear.
"""

import json
import signal
from collections import Counter
from pathlib import Path
from types import FrameType

from bench.recording_server import serve

# What is asked for. The clock of most kernels ticks 250 times a second.
INTERVAL_SECONDS = 0.001
# What is done for one of these by a library counts as its own.
PROGRAMS = ("/hyred_chat/", "/asyncpg/")


class Samples:
    """Where the process was when it was looked at."""

    def __init__(self) -> None:
        self._found: Counter[tuple[str, str]] = Counter()
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL_SECONDS, INTERVAL_SECONDS)

    def end(self, file: Path) -> None:
        """See `Recorder`."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        file.write_text(json.dumps([[*place, count] for place, count in self._found.most_common()]))

    def _look(self, _: int, frame: FrameType | None) -> None:
        """Finds the innermost function of the program that runs."""
        while frame is not None:
            code = frame.f_code
            if any(program in code.co_filename for program in PROGRAMS):
                self._found[code.co_filename, code.co_qualname] += 1
                return
            frame = frame.f_back
        self._found["", ""] += 1


if __name__ == "__main__":
    serve(Samples)
