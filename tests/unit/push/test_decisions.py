"""What becomes of a notification that is due."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from hyred_chat.notifications.attention import Attention
from hyred_chat.preferences.quiet_hours import QuietHours
from hyred_chat.push.decisions import REST_SECONDS, Decision, Patience, Send, Settle, Wait, decide
from hyred_chat.push.facts import Due
from tests.unit.push.facts import NOTICE, NOW, due, reader, room

GRACE_SECONDS = 5.0
TTL_SECONDS = 3600
PATIENCE = Patience(GRACE_SECONDS, TTL_SECONDS)
ALL_DAY = QuietHours(time(0), time(23, 59))
BLOCKED = Settle("cancelled", "blocked", withdraws=True)
LATER, EARLIER = NOW + timedelta(hours=1), NOW - timedelta(hours=1)


OLD = room(message_at=EARLIER, untold_at=EARLIER)
UNAVAILABLE = Settle("expired", "provider_unavailable")


def decided(subject: Due, attention: Attention = Attention.NOTHING) -> Decision:
    return decide(subject, attention, PATIENCE)


def test_somebody_who_is_away_is_pushed_at_once() -> None:
    assert decided(due()) == Send(is_new=True)
    assert decided(due(NOTICE)) == Send(is_new=True)


def test_somebody_elsewhere_in_the_chat_has_the_rest_of_the_grace_time() -> None:
    assert decided(due(), Attention.CHAT) == Wait(GRACE_SECONDS - 1)
    assert decided(due(room(untold_at=NOW - timedelta(seconds=GRACE_SECONDS))), Attention.CHAT) == Send(is_new=True)


def test_where_nobody_knows_who_is_in_the_chat_a_conversation_waits_and_a_notice_is_shown_and_pushed_at_once() -> None:
    assert decided(due(), Attention.UNKNOWN) == Wait(GRACE_SECONDS - 1)
    assert decided(due(NOTICE), Attention.UNKNOWN) == Wait(0.0, is_new=True)
    assert decided(due(NOTICE, listed_at=NOW), Attention.UNKNOWN) == Send(is_new=False)


def test_a_notice_is_shown_in_the_chat_first_and_pushed_when_the_grace_time_has_passed() -> None:
    assert decided(due(NOTICE), Attention.CHAT) == Wait(GRACE_SECONDS, is_new=True)
    assert decided(due(NOTICE, listed_at=EARLIER), Attention.CHAT) == Send(is_new=False)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"subject": room(read_seq=3)}, Settle("cancelled", "read")),
        ({"subject": room(read_seq=3), "state": "sent", "listed_at": NOW}, Settle("read", "read", is_read=True)),
        (
            {"subject": room(read_seq=3), "state": "sent", "listed_at": NOW, "shown_on": ("phone",)},
            Settle("read", "read", is_read=True, withdraws=True),
        ),
        ({"read_at": NOW, "looked_seq": 3}, Settle("cancelled", "read")),
        ({"read_at": NOW}, Send(is_new=True)),
        ({"subject": room(read_seq=None)}, Settle("cancelled", "not_a_member")),
        (
            {"subject": room(read_seq=None), "shown_on": ("phone",)},
            Settle("cancelled", "not_a_member", withdraws=True),
        ),
        ({"reader": reader(is_disabled=True)}, Settle("cancelled", "disabled")),
        ({"subject": room(muted_until=LATER)}, Settle("cancelled", "muted", is_new=True)),
        ({"subject": room(muted_until=EARLIER)}, Send(is_new=True)),
        ({"reader": reader(wants_push=False)}, Settle("cancelled", "preferences", is_new=True)),
        ({"reader": reader(wants_push=False, wants_in_app=False)}, Settle("cancelled", "preferences")),
        ({"reader": reader(wants_in_app=False)}, Send(is_new=False)),
        ({"reader": reader(quiet_hours=ALL_DAY)}, Settle("cancelled", "quiet_hours", is_new=True)),
        ({"looked_seq": 3, "state": "sent"}, Settle("sent")),
        ({"looked_seq": 3, "attempts": 1}, Send(is_new=False)),
        ({"subject": OLD, "looked_seq": 3, "attempts": 1}, Settle("expired", "provider_unavailable")),
        ({"subject": OLD, "attempts": 1}, Settle("expired", "provider_unavailable", is_new=True)),
        ({"subject": OLD}, Settle("expired", "late", is_new=True)),
        (
            {"subject": OLD, "looked_seq": 3, "attempts": 1, "state": "delivered"},
            Settle("delivered", "provider_unavailable"),
        ),
        (
            {"subject": room(muted_until=LATER), "looked_seq": 3, "attempts": 1, "state": "sent"},
            Settle("sent", "muted"),
        ),
        (
            {"subject": room(muted_until=LATER), "attempts": 1, "state": "sent"},
            Settle("cancelled", "muted", is_new=True),
        ),
        ({"subject": room(is_blocked=True)}, Settle("cancelled", "blocked")),
        ({"subject": room(is_blocked=True), "state": "sent", "shown_on": ("phone",)}, BLOCKED),
        ({"subject": room(is_blocked=True, read_seq=3)}, Settle("cancelled", "read")),
    ],
    ids=str,
)
def test_a_conversation_of_somebody_away(changes: dict[str, Any], expected: Decision) -> None:
    assert decided(due(**changes)) == expected


def test_a_mention_passes_mute_and_not_quiet_hours() -> None:
    mention = room(muted_until=LATER, is_mentioned=True)
    assert decided(due(mention)) == Send(is_new=True)
    assert decided(due(mention, reader=reader(quiet_hours=ALL_DAY))) == Settle("cancelled", "quiet_hours", is_new=True)


def test_a_message_after_the_notification_was_read_is_news() -> None:
    assert decided(due(read_at=NOW - timedelta(minutes=1))) == Send(is_new=True)


@pytest.mark.parametrize(("state", "after"), [("scheduled", "cancelled"), ("sent", "sent"), ("read", "read")])
def test_nobody_is_told_of_the_room_that_they_look_at(state: str, after: str) -> None:
    assert decided(due(state=state), Attention.ROOM) == Settle(after, "looking")


def test_a_socket_that_may_be_dead_is_waited_for() -> None:
    assert decided(due(), Attention.SILENT) == Wait(REST_SECONDS)
    assert decided(due(room(read_seq=3)), Attention.SILENT) == Settle("cancelled", "read")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"read_at": NOW, "listed_at": EARLIER}, Settle("cancelled", "read", is_read=True)),
        ({"state": "cancelled"}, Settle("cancelled")),
        ({"state": "sent"}, Settle("sent")),
        ({"state": "sent", "attempts": 1}, Send(is_new=True)),
        ({"subject": replace(NOTICE, send_at=EARLIER)}, Settle("expired", "late", is_new=True)),
        ({"subject": replace(NOTICE, send_at=EARLIER), "attempts": 1, "listed_at": EARLIER}, UNAVAILABLE),
        ({"reader": reader(wants_push=False)}, Settle("cancelled", "preferences", is_new=True)),
        ({"reader": reader(is_disabled=True)}, Settle("cancelled", "disabled")),
    ],
    ids=str,
)
def test_a_notice_of_somebody_away(changes: dict[str, Any], expected: Decision) -> None:
    assert decided(due(**{"subject": NOTICE, **changes})) == expected
