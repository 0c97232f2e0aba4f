"""Quiet hours by every clock."""

from datetime import UTC, datetime, time, timedelta

import pytest

from hyred_chat.preferences.quiet_hours import QuietHours, check_time_zone, find_time_zone, parse_clock

NIGHT = QuietHours(time(22), time(7))
NOON = QuietHours(time(12), time(14))


@pytest.mark.parametrize(
    ("hours", "clock", "quiet"),
    [
        (NIGHT, "21:59", False),
        (NIGHT, "22:00", True),
        (NIGHT, "00:00", True),
        (NIGHT, "06:59", True),
        (NIGHT, "07:00", False),
        (NOON, "11:59", False),
        (NOON, "12:00", True),
        (NOON, "13:59", True),
        (NOON, "14:00", False),
    ],
)
def test_quiet_hours_begin_with_their_first_minute_and_end_before_their_last(
    hours: QuietHours, clock: str, quiet: bool
) -> None:
    assert hours.include(datetime.combine(datetime(2026, 3, 1, tzinfo=UTC), parse_clock(clock), UTC), None) is quiet


@pytest.mark.parametrize(
    ("zone", "quiet"),
    [("Asia/Manila", True), ("Europe/Madrid", False), ("America/Los_Angeles", False), ("Nowhere/Else", False)],
)
def test_the_same_moment_is_night_for_some(zone: str, quiet: bool) -> None:
    # 15:00 in London is 23:00 in Manila, 16:00 in Madrid and 07:00 in Los Angeles.
    assert NIGHT.include(datetime(2026, 1, 15, 15, tzinfo=UTC), zone) is quiet


def test_quiet_hours_follow_daylight_saving_time() -> None:
    assert NIGHT.include(datetime(2026, 1, 15, 5, 30, tzinfo=UTC), "Europe/Madrid")  # 06:30
    assert not NIGHT.include(datetime(2026, 7, 15, 5, 30, tzinfo=UTC), "Europe/Madrid")  # 07:30


@pytest.mark.parametrize("text", ["", "7:00", "24:00", "12:60", "12:00:00", "noon"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        parse_clock(text)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("GMT+03:00", 3),
        ("GMT-03:00", -3),
        ("GMT+3", 3),
        ("gmt+0530", 5.5),
        ("UTC-11", -11),
        ("UT+1", 1),
        ("+05:45", 5.75),
        ("-1200", -12),
        ("+300", 3),
        ("GMT\u22123:30", -3.5),
        ("GMT+14:00", 14),
        ("GMT+00:00", 0),
        ("GMT0", 0),
        ("Etc/GMT-3", 3),  # the time zone database counts the other way
        ("UTC", 0),
        ("EST", -5),
    ],
)
def test_a_distance_to_greenwich_is_a_zone(zone: str, hours: float) -> None:
    found = find_time_zone(zone)
    assert found is not None
    assert found.utcoffset(datetime(2026, 1, 15, tzinfo=UTC)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", "Mars/Olympus", "Etc/Unknown", "../../etc/passwd", "/etc/localtime", "Europe", "a\0b", "\ud800"),
        *("GMT+24:00", "GMT+3:60", "GMT+", "+", "GMT+03:00\n", "GMT+٣", "GMT+1:2:3", "x" * 10_000, "zone.tab", "."),
        *("localtime", "posixrules", "Factory", "right/UTC", "right/Europe/Madrid"),
    ],
    ids=lambda name: ascii(name)[:20],
)
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        check_time_zone(name)
