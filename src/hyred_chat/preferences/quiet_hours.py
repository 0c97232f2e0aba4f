"""Quiet hours: a stretch of every day, in the person's own time zone, in which nothing buzzes."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# As phones name a zone that has no name (Java's `TimeZone.getID`, ISO 8601): east of Greenwich is `+`. The time zone
# database has it the other way round in `Etc/GMT-3`, which is a name.
_OFFSET = re.compile(
    r"(?:GMT|UTC?)?(?P<sign>[+\-\u2212])(?P<hours>[01]?\d|2[0-3])(?::?(?P<minutes>[0-5]\d))?", re.ASCII | re.IGNORECASE
)

# Files of the time zone database that are nobody's zone: that of the machine, rules for zones without any, the one of a
# machine that nobody has set up yet, and clocks that count leap seconds.
_NOBODYS = re.compile("localtime|posixrules|Factory|right/.*", re.DOTALL)


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
    """The name itself, when `find_time_zone` knows it. Raises ValueError."""
    if find_time_zone(name) is None:
        raise ValueError("must be the name of a time zone, such as Europe/Madrid, or an offset such as GMT+03:00")
    return name


def find_time_zone(name: str) -> tzinfo | None:
    """The zone that is called so in the time zone database, or has this distance to Greenwich (`GMT+03:00`, `-0530`).

    None of a name that is neither.
    """
    if (offset := _OFFSET.fullmatch(name)) is not None:
        distance = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return timezone(distance if offset["sign"] == "+" else -distance)
    if _NOBODYS.fullmatch(name) is not None:
        return None
    try:
        return _load_zone(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zone_of(name: str | None) -> tzinfo:
    # A name may be known to the server that took it, and not to this one.
    return UTC if name is None else find_time_zone(name) or UTC


@lru_cache(maxsize=256)
def _load_zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
