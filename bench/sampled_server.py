"""`hyred-chat serve`, looked at as often as the kernel's clock allows by its processor time, between two SIGUSR1.

Where it was goes to `SAMPLES_FILE` as JSON: how often, by file and function. Looking costs about a per cent, so what is
found are shares of the true time. A profiler that is told of every call makes small functions look dear.
"""

import json
import os
import signal
from collections import Counter
from pathlib import Path
from types import FrameType

from hyred_chat.cli import app

FILE_VARIABLE = "SAMPLES_FILE"
# What is asked for. The clock of most kernels ticks 250 times a second.
INTERVAL_SECONDS = 0.001
# What is done for one of these by a library counts as its own.
PROGRAMS = ("/hyred_chat/", "/asyncpg/")


class Sampler:
    """Looks while it is on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found: Counter[tuple[str, str]] = Counter()
        self._is_on = False

    def toggle(self, *_: object) -> None:
        """Begins to look, or ends it and writes down what was seen."""
        self._is_on = not self._is_on
        interval = INTERVAL_SECONDS if self._is_on else 0
        signal.setitimer(signal.ITIMER_PROF, interval, interval)
        if self._is_on:
            self._found.clear()
            return
        unfinished = self._file.with_suffix(".unfinished")
        unfinished.write_text(json.dumps([[*place, count] for place, count in self._found.most_common()]))
        unfinished.rename(self._file)

    def look(self, _: int, frame: FrameType | None) -> None:
        """Finds the innermost function of the program that runs."""
        while frame is not None:
            code = frame.f_code
            if any(program in code.co_filename for program in PROGRAMS):
                self._found[code.co_filename, code.co_qualname] += 1
                return
            frame = frame.f_back
        self._found["", ""] += 1


if __name__ == "__main__":
    sampler = Sampler(Path(os.environ[FILE_VARIABLE]))
    signal.signal(signal.SIGPROF, sampler.look)
    signal.signal(signal.SIGUSR1, sampler.toggle)
    app(["serve"], prog_name="hyred-chat")
