"""What answers of providers mean."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from hyred_chat.push.provider_http import HttpAnswer


def seconds_of(retry_after: str | None) -> float | None:
    return HttpAnswer(429, retry_after, b"").postponed().after_seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, None), ("0", 0), ("120", 120), ("999999", 3600), ("-5", None), ("soon", None), ("", None)],
)
def test_a_provider_says_how_many_seconds_to_wait(header: str | None, seconds: float | None) -> None:
    assert seconds_of(header) == seconds


def test_a_provider_says_until_when_to_wait() -> None:
    later = datetime.now(UTC) + timedelta(seconds=90)
    assert seconds_of(format_datetime(later, usegmt=True)) == pytest.approx(90, abs=2)
    assert seconds_of(format_datetime(later - timedelta(hours=1), usegmt=True)) == 0


@pytest.mark.parametrize(
    ("status", "again"), [(200, False), (400, False), (404, False), (429, True), (500, True), (503, True)]
)
def test_what_may_succeed_later_is_tried_again(status: int, again: bool) -> None:
    assert HttpAnswer(status, None, b"").should_retry is again


def test_an_answer_that_is_no_json_says_nothing() -> None:
    assert HttpAnswer(200, None, b"<html>").json() is None
