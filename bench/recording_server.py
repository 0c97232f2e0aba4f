"""`hyred-chat serve` with a switch: something is recorded in its process from one SIGUSR1 to the next."""

import os
import signal
from pathlib import Path
from typing import Protocol

from hyred_chat.cli import app

# Where the record goes. It is there at once or not at all.
FILE_VARIABLE = "RECORDED_FILE"


class Recorder(Protocol):
    """What is recorded, from its making on."""

    def end(self, file: Path) -> None:
        """Records nothing more, and writes down what there was."""


def serve(begin: type[Recorder]) -> None:
    """Serves, and makes a recorder at one SIGUSR1, which ends at the next."""
    file = Path(os.environ[FILE_VARIABLE])
    recorder: Recorder | None = None

    def toggle(*_: object) -> None:
        nonlocal recorder
        if recorder is None:
            recorder = begin()
            return
        unfinished = file.with_suffix(".unfinished")
        recorder.end(unfinished)
        unfinished.rename(file)
        recorder = None

    signal.signal(signal.SIGUSR1, toggle)
    app(["serve"], prog_name="hyred-chat")
