"""What is written down after a push, and when each device is tried again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hyred_chat.push.channels import Accepted, DeviceAddress, Outcome, Postponed, Rejected, Unregistered
from hyred_chat.push.decisions import Send, Settle
from hyred_chat.push.facts import Due, Pause
from hyred_chat.push.outcomes import sent, settled, withdrawn
from hyred_chat.push.pacing import PUSH_REST_SECONDS, Attempt, is_push_due, is_withdrawal_due, retry_seconds
from hyred_chat.push.repository import Settlement
from tests.unit.push.facts import NOTICE, NOW, due, room

TTL_SECONDS = 3600
BUSY = Postponed("http_503", 600.0)
READ = Settle("read", "read", is_read=True, withdraws=True)


def device(device_id: str) -> DeviceAddress:
    return DeviceAddress(device_id, f"token-{device_id}", "android", None, None)


def attempt(device_id: str, outcome: Outcome, at: datetime = NOW) -> Attempt:
    return Attempt(device(device_id), "fcm", outcome, at)


def pushed(*attempts: Attempt, before: Due | None = None, devices: Sequence[str] = ()) -> Settlement:
    reached = [device(device_id) for device_id in devices] or [made.device for made in attempts]
    subject = before or due()
    return sent(subject, Send(is_new=True), attempts, reached, subject.now)


def after(settlement: Settlement, seconds: float, before: Due | None = None, **changes: Any) -> Due:
    """The row as it is looked at so many seconds later."""
    return replace(
        before or due(),
        now=NOW + timedelta(seconds=seconds),
        state=settlement.state,
        looked_seq=settlement.looked_seq,
        attempts=settlement.attempts,
        expires_at=settlement.expires_at,
        pushed_to=settlement.pushed_to,
        pauses=settlement.pauses,
        shown_on=settlement.shown_on,
        **changes,
    )


def due_devices(subject: Due, *device_ids: str) -> set[str]:
    return {device_id for device_id in device_ids if is_push_due(subject, device(device_id))}


@pytest.mark.parametrize("tries", range(1, 20))
def test_waits_grow_to_five_minutes_and_are_spread(tries: int) -> None:
    most = min(300.0, 2.0 ** (tries - 1))
    waits = {retry_seconds(tries, Postponed("http_500")) for _ in range(50)}
    assert len(waits) > 1
    assert all(most / 2 <= wait <= most for wait in waits)


def test_no_wait_is_shorter_than_what_the_provider_asked_for() -> None:
    assert retry_seconds(1, Postponed("http_429", 120.0)) == 120


def test_one_provider_s_time_is_no_other_device_s() -> None:
    settlement = pushed(attempt("phone", BUSY), attempt("browser", Postponed("http_503")))
    assert settlement.wait_seconds is not None
    assert settlement.wait_seconds <= 1
    assert due_devices(after(settlement, 2), "phone", "browser") == {"browser"}
    assert due_devices(after(settlement, 601), "phone", "browser") == {"phone", "browser"}


def test_what_a_device_has_taken_is_not_sent_to_it_again_by_another_s_retry() -> None:
    settlement = pushed(attempt("phone", Postponed("http_503")), attempt("browser", Accepted()))
    assert (settlement.state, settlement.pushed_to, settlement.shown_on) == ("sent", ("browser",), ("browser",))
    assert due_devices(after(settlement, 2), "phone", "browser") == {"phone"}
    assert [(event.state, event.device_id, event.reason) for event in settlement.events] == [
        ("scheduled", None, None),
        ("scheduled", "phone", "http_503"),
        ("sent", "browser", "fcm"),
    ]


def test_a_busy_conversation_is_pushed_to_a_device_every_thirty_seconds_though_another_one_is_tried_again() -> None:
    settlement = pushed(attempt("phone", Postponed("http_503")), attempt("browser", Accepted()))
    grown = after(settlement, 2, subject=room(last_seq=5))
    assert due_devices(grown, "phone", "browser") == {"phone"}
    again = pushed(attempt("phone", Postponed("http_503"), grown.now), before=grown, devices=("phone", "browser"))
    assert (again.looked_seq, again.pushed_to) == (5, ())
    later = after(again, PUSH_REST_SECONDS + 1, before=grown)
    assert due_devices(later, "phone", "browser") == {"phone", "browser"}
    # Nothing else came: the browser has what there is from then on, and the phone goes on trying.
    both = (attempt("phone", Postponed("http_503"), later.now), attempt("browser", Accepted(), later.now))
    last = pushed(*both, before=later)
    assert due_devices(after(last, 3600, before=later), "phone", "browser") == {"phone"}


def test_a_new_message_waits_for_the_first_device_that_may_have_it() -> None:
    settlement = pushed(attempt("phone", BUSY), attempt("browser", Accepted()))
    assert settlement.rest_seconds == PUSH_REST_SECONDS
    assert settlement.wait_seconds == 600
    assert pushed(attempt("phone", Postponed("http_503", 10.0))).rest_seconds == 10
    assert pushed(attempt("phone", BUSY)).rest_seconds == PUSH_REST_SECONDS  # another device may be there by then


def test_a_device_that_comes_meanwhile_makes_nobody_wait_and_is_not_sent_what_was_before_it() -> None:
    settlement = pushed(attempt("phone", BUSY))
    assert due_devices(after(settlement, 601), "phone", "new") == {"phone"}
    assert due_devices(after(settlement, 2, subject=room(last_seq=5)), "phone", "new") == {"new"}
    assert pushed(attempt("phone", BUSY), devices=("phone", "new")).rest_seconds == 0


def test_a_device_that_is_gone_is_not_waited_for() -> None:
    settlement = pushed(attempt("phone", BUSY), attempt("browser", Accepted()))
    later = after(settlement, 601)
    assert pushed(before=later, devices=("browser",)).wait_seconds is None


def test_each_device_s_failures_are_counted_for_itself() -> None:
    subject = replace(due(), pauses={"phone": Pause(NOW, tries=9, owes=True)}, attempts=9)
    settlement = pushed(
        attempt("phone", Postponed("http_500")), attempt("browser", Postponed("http_500")), before=subject
    )
    assert {device_id: pause.tries for device_id, pause in settlement.pauses.items()} == {"phone": 10, "browser": 1}
    assert settlement.wait_seconds is not None
    assert settlement.wait_seconds <= 1


def test_what_an_older_server_left_to_be_tried_again_is_sent_to_whoever_does_not_have_it() -> None:
    subject = due(attempts=2, looked_seq=3, pushed_to=("browser",))
    assert due_devices(subject, "phone", "browser") == {"phone"}


def test_what_no_device_has_taken_yet_stays_scheduled() -> None:
    settlement = pushed(attempt("one", Postponed("http_500")), before=due(attempts=3))
    assert (settlement.state, settlement.reason, settlement.attempts) == ("scheduled", "http_500", 4)


def test_devices_that_had_it_before_still_count() -> None:
    subject = due(NOTICE, pushed_to=("one",), pauses={"two": Pause(NOW, 1, owes=True)}, attempts=1, state="sent")
    settlement = pushed(attempt("two", Accepted()), before=subject)
    assert (settlement.state, settlement.pushed_to, settlement.attempts) == ("sent", ("one", "two"), 0)


def test_what_was_delivered_stays_so_while_another_device_is_tried_again() -> None:
    subject = due(looked_seq=3, state="delivered", pauses={"two": Pause(NOW, 1, owes=True)}, attempts=1)
    assert pushed(attempt("two", Postponed("http_500")), before=subject).state == "delivered"


@pytest.mark.parametrize("outcome", [Unregistered("unregistered"), Rejected("http_400")])
def test_what_no_device_will_ever_take_has_failed(outcome: Unregistered | Rejected) -> None:
    settlement = pushed(attempt("one", outcome))
    assert (settlement.state, settlement.reason, settlement.wait_seconds) == ("failed", outcome.reason, None)


def test_what_is_refused_for_good_is_not_sent_again_by_another_s_retry() -> None:
    settlement = pushed(attempt("one", Rejected("http_400")), attempt("two", Postponed("http_500")))
    assert (settlement.state, settlement.reason) == ("scheduled", "http_500")
    assert due_devices(after(settlement, 60), "one", "two") == {"two"}


def test_why_it_was_not_pushed_before_is_forgotten_when_it_is() -> None:
    assert pushed(attempt("one", Accepted()), before=due(reason="log")).reason is None


def test_a_decision_to_send_nothing_ends_what_is_left_and_keeps_to_the_providers_times() -> None:
    failing = due(attempts=1, pauses={"one": Pause(NOW + timedelta(seconds=60), 1, owes=True)})
    settlement = settled(failing, Settle("cancelled", "muted"))
    assert (settlement.attempts, settlement.wait_seconds) == (0, None)
    assert due_devices(after(settlement, 2, subject=room(last_seq=5)), "one") == set()
    assert due_devices(after(settlement, 61, subject=room(last_seq=5)), "one") == {"one"}


def test_a_withdrawal_does_not_wait_for_the_conversation_s_rest_and_keeps_to_the_provider_s_time() -> None:
    pauses = {"one": Pause(NOW + timedelta(seconds=30)), "two": Pause(NOW + timedelta(seconds=30), tries=1)}
    shown = due(state="sent", shown_on=("one", "two"), pauses=pauses)
    assert [device_id for device_id in ("one", "two", "three") if is_withdrawal_due(shown, device(device_id))] == [
        "one"
    ]
    settlement = withdrawn(shown, READ, [attempt("one", Accepted())], NOW, TTL_SECONDS)
    assert (settlement.shown_on, settlement.wait_seconds, settlement.attempts) == (("two",), 30, 1)
    assert settlement.rest_seconds == 0


def test_a_withdrawal_is_tried_again_where_it_failed_for_as_long_as_a_push_would_be() -> None:
    subject = due(state="sent", shown_on=("one", "two"))
    attempts = [attempt("one", Accepted()), attempt("two", Postponed("http_500"))]
    settlement = withdrawn(subject, READ, attempts, NOW, TTL_SECONDS)
    rounds, seconds = 1, 0.0
    while settlement.shown_on:
        assert settlement.shown_on == ("two",)
        assert settlement.wait_seconds is not None
        seconds += settlement.wait_seconds
        subject = after(settlement, seconds, before=subject)
        failed = attempt("two", Postponed("http_500"), subject.now)
        settlement = withdrawn(subject, READ, [failed], subject.now, TTL_SECONDS)
        rounds += 1
    assert TTL_SECONDS <= seconds <= TTL_SECONDS + 300
    assert rounds > 10
    assert (settlement.attempts, settlement.wait_seconds, settlement.expires_at) == (0, None, None)


@pytest.mark.parametrize("outcome", [Unregistered("unregistered"), Rejected("http_400")])
def test_a_withdrawal_that_is_refused_for_good_is_not_tried_again(outcome: Outcome) -> None:
    settlement = withdrawn(due(state="sent", shown_on=("one",)), READ, [attempt("one", outcome)], NOW, TTL_SECONDS)
    assert (settlement.shown_on, settlement.wait_seconds) == ((), None)
