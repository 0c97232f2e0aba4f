"""Quiet hours: a stretch of every day, in the person's own time zone, in which nothing buzzes."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day until another; over midnight when the first is the later one."""

    begin: time
    end: time

    def include(self, moment: datetime, time_zone: str | None) -> bool:
        """Whether it is quiet at `moment` (aware) in `time_zone`; where none is known, UTC's clock counts."""
        here = moment.astimezone(_zone_of(time_zone)).time()
        if self.begin < self.end:
            return self.begin <= here < self.end
        return here >= self.begin or here < self.end


def parse_clock(text: str) -> time:
    """`22:30` as a time of day. Raises ValueError."""
    if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) is None:
        raise ValueError("must be a time of day such as 22:30")
    return time.fromisoformat(text)


def check_time_zone(name: str) -> str:
    """The name itself, when it is one of the time zone database's. Raises ValueError."""
    try:
        _load_zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be the name of a time zone, such as Europe/Madrid") from None
    return name


def _zone_of(name: str | None) -> tzinfo:
    if name is None:
        return UTC
    try:
        return _load_zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # known to the server that took it, not to this one
        return UTC


@lru_cache(maxsize=256)
def _load_zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
