"""What is written down after a push, and when it is tried again."""

import pytest

from hyred_chat.push.channels import Accepted, DeviceAddress, Outcome, Postponed, Rejected, Unregistered
from hyred_chat.push.decisions import Send, Settle
from hyred_chat.push.outcomes import MAX_WITHDRAWALS, Attempt, retry_seconds, sent, settled
from hyred_chat.push.repository import Settlement
from tests.unit.push.facts import due

TTL_SECONDS = 3600


def attempt(device_id: str, outcome: Outcome) -> Attempt:
    return Attempt(DeviceAddress(device_id, f"token-{device_id}", "android", None, None), "fcm", outcome)


def pushed(*attempts: Attempt, before: tuple[str, ...] = (), tries: int = 0) -> Settlement:
    return sent(due(attempts=tries), Send(is_new=True), attempts, before, TTL_SECONDS)


@pytest.mark.parametrize("attempts", range(1, 20))
def test_waits_grow_to_five_minutes_and_are_spread(attempts: int) -> None:
    most = min(300.0, 2.0 ** (attempts - 1))
    waits = {retry_seconds(attempts, [Postponed("http_500")]) for _ in range(50)}
    assert len(waits) > 1
    assert all(most / 2 <= wait <= most for wait in waits)


def test_no_wait_is_shorter_than_what_the_provider_asked_for() -> None:
    assert retry_seconds(1, [Postponed("http_429", 120.0), Postponed("http_429", 7.0)]) == 120


def test_what_one_device_has_taken_is_sent_though_another_is_to_be_tried_again() -> None:
    settlement = pushed(attempt("one", Accepted()), attempt("two", Postponed("http_500")))
    assert (settlement.state, settlement.pushed_to, settlement.shown_on) == ("sent", ("one",), ("one",))
    assert settlement.attempts == 1
    assert settlement.wait_seconds is not None
    assert [(event.state, event.device_id, event.reason) for event in settlement.events] == [
        ("scheduled", None, None),
        ("sent", "one", "fcm"),
        ("scheduled", "two", "http_500"),
    ]


def test_what_no_device_has_taken_yet_stays_scheduled() -> None:
    settlement = pushed(attempt("one", Postponed("http_500")), tries=3)
    assert (settlement.state, settlement.reason, settlement.attempts) == ("scheduled", "http_500", 4)


def test_devices_that_had_it_before_still_count() -> None:
    settlement = pushed(attempt("two", Accepted()), before=("one",))
    assert (settlement.state, settlement.pushed_to, settlement.attempts) == ("sent", ("one", "two"), 0)


@pytest.mark.parametrize("outcome", [Unregistered("unregistered"), Rejected("http_400")])
def test_what_no_device_will_ever_take_has_failed(outcome: Unregistered | Rejected) -> None:
    settlement = pushed(attempt("one", outcome))
    assert (settlement.state, settlement.reason, settlement.wait_seconds) == ("failed", outcome.reason, None)


def test_a_withdrawal_is_tried_again_where_it_failed_and_given_up_in_the_end() -> None:
    decision = Settle("read", "read", is_read=True, withdraws=True)
    attempts = [attempt("one", Accepted()), attempt("two", Postponed("http_500"))]
    first = settled(due(state="sent", shown_on=("one", "two")), decision, attempts)
    assert (first.shown_on, first.attempts) == (("two",), 1)
    last = settled(due(state="read", shown_on=("two",), attempts=MAX_WITHDRAWALS), decision, attempts[1:])
    assert (last.shown_on, last.attempts, last.wait_seconds) == ((), 0, None)
