"""The chat on a machine whose clock is wrong: `CLOCK_OFF_SECONDS=300 python -m faults.wrong_clock serve`.

Whenever the chat asks for the time of day, it is wrong by so much. The clock of its event loop is right, as it would be
on such a machine, where it counts from the start.
"""

import os
import time
from datetime import datetime, timedelta, tzinfo
from typing import Self

from hyred_chat import moments
from hyred_chat.cli import app
from hyred_chat.preferences import service as preferences
from hyred_chat.presence import service as presence

OFF_SECONDS = float(os.environ["CLOCK_OFF_SECONDS"])

_right_time = time.time


class WrongDatetime(datetime):
    """A `datetime` that is told the time by the wrong clock."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """What the wrong clock shows."""
        return super().now(tz) + timedelta(seconds=OFF_SECONDS)


def set_clock() -> None:
    """Let the chat ask the wrong clock from now on."""
    time.time = lambda: _right_time() + OFF_SECONDS
    for module in (moments, preferences, presence):
        module.datetime = WrongDatetime  # type: ignore[attr-defined]


if __name__ == "__main__":
    set_clock()
    app()
