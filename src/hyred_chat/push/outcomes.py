"""From a decision, and what the providers said, to the row as it is from now on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hyred_chat.push.channels import Accepted, DeviceAddress, Postponed, Rejected, Unregistered
from hyred_chat.push.content import data_of, title_and_body
from hyred_chat.push.decisions import REST_SECONDS, Send, Settle, Wait
from hyred_chat.push.facts import Conversation, Due
from hyred_chat.push.pacing import (
    PUSH_REST_SECONDS,
    Attempt,
    pauses_after_pushes,
    pauses_after_withdrawals,
    pauses_without_sending,
    rest_seconds,
    seconds_until_next,
)
from hyred_chat.push.repository import Event, Settlement


def waiting(due: Due, decision: Wait) -> Settlement:
    """Looked at again later, and not sooner because of a message that comes meanwhile."""
    title, body, data = _shown(due) if decision.is_new else (None, None, None)
    return replace(
        _looked_at(due, due.state),
        wait_seconds=decision.seconds,
        rest_seconds=decision.seconds,
        looked_seq=due.looked_seq,
        attempts=due.attempts,
        pauses=due.pauses,
        is_new=decision.is_new,
        title=title,
        body=body,
        data=data,
    )


def settled(due: Due, decision: Settle) -> Settlement:
    """Nothing is sent, and nothing is left to be."""
    title, body, data = _shown(due) if decision.is_new or _is_gone(due, decision) else (None, None, None)
    return replace(
        _looked_at(due, decision.state),
        reason=decision.reason or due.reason,
        rest_seconds=REST_SECONDS,
        pauses=pauses_without_sending(due),
        expires_at=None,
        is_new=decision.is_new,
        is_read=decision.is_read,
        is_gone=_is_gone(due, decision),
        title=title,
        body=body,
        data=data,
        events=_change(due, decision),
    )


def withdrawn(due: Due, decision: Settle, attempts: Sequence[Attempt], now: datetime, ttl_seconds: int) -> Settlement:
    """Taken away again, as far as providers took that. What is left is tried for as long as a push would be."""
    expires_at = due.expires_at or due.now + timedelta(seconds=ttl_seconds)
    pauses = pauses_after_withdrawals(due, attempts)
    left = tuple(device_id for device_id, pause in pauses.items() if pause.owes) if expires_at > now else ()
    events = [_event(due, attempt, decision.state, "withdrawn") for attempt in attempts]
    return replace(
        _looked_at(due, decision.state),
        reason=decision.reason or due.reason,
        attempts=due.attempts + 1 if left else 0,
        expires_at=expires_at if left else None,
        wait_seconds=seconds_until_next(pauses, now) if left else None,
        pauses=pauses,
        shown_on=left,
        pushed_to=(),
        is_read=decision.is_read,
        is_gone=_is_gone(due, decision),
        events=(*events, *_change(due, decision)),
    )


def sent(
    due: Due, decision: Send, attempts: Sequence[Attempt], devices: Sequence[DeviceAddress], now: datetime
) -> Settlement:
    """Pushed, as far as providers took it.

    Args:
        devices: all that there is a way to.
    """
    pauses = pauses_after_pushes(due, devices, attempts, now)
    accepted = [attempt.device.id for attempt in attempts if isinstance(attempt.outcome, Accepted)]
    pushed_to = tuple(dict.fromkeys((*(() if due.is_grown else due.pushed_to), *accepted)))
    is_left = any(pause.owes for pause in pauses.values())
    state, reason = _state_after(due, attempts, pushed_to, is_left=is_left)
    title, body, data = _shown(due)
    events = [_event(due, attempt, "sent", attempt.channel) for attempt in attempts]
    if not attempts or state == "failed":
        events.append(Event(due.id, state, reason=reason))
    return replace(
        _looked_at(due, state),
        reason=reason,
        attempts=due.attempts + 1 if is_left else 0,
        expires_at=None,
        wait_seconds=seconds_until_next(pauses, now),
        rest_seconds=rest_seconds(pauses, devices, now),
        pauses=pauses,
        pushed_to=pushed_to,
        shown_on=tuple(dict.fromkeys((*due.shown_on, *accepted))),
        is_new=decision.is_new,
        title=title,
        body=body,
        data=data,
        events=(*_beginning(due), *events),
    )


def revised(due: Due, attempts: Sequence[Attempt]) -> Settlement:
    """Said again as it is now. Where a provider could not take that, all of it is done again a little later."""
    is_left = any(isinstance(attempt.outcome, Postponed) for attempt in attempts)
    title, body, data = (None, None, None) if is_left else _shown(due)
    return replace(
        _looked_at(due, due.state),
        pauses=due.pauses,
        rest_seconds=REST_SECONDS,
        wait_seconds=PUSH_REST_SECONDS if is_left else seconds_until_next(due.pauses, due.now),
        title=title,
        body=body,
        data=data,
    )


def broken(
    notification_id: str, lease: str, *, room_id: str | None, looked_seq: int, shown_on: Sequence[str] = ()
) -> Settlement:
    """Of a row that cannot be worked on, by a fault of ours. It fails, once, and keeps nobody else's from leaving.

    Args:
        looked_seq: the newest message that is known: the next one is another try.
    """
    return Settlement(
        id=notification_id,
        lease=lease,
        user_id="",
        room_id=room_id,
        state="failed",
        reason="internal",
        looked_seq=looked_seq,
        rest_seconds=PUSH_REST_SECONDS,
        shown_on=tuple(shown_on),
        events=(Event(notification_id, "failed", reason="internal"),),
    )


def _looked_at(due: Due, state: str) -> Settlement:
    """The row after a look that changes nothing but its state."""
    return Settlement(
        id=due.id,
        lease=due.lease,
        user_id=due.reader.id,
        state=state,
        reason=due.reason,
        room_id=due.room_id,
        looked_seq=due.last_seq,
        pushed_to=due.pushed_to,
        shown_on=due.shown_on,
        expires_at=due.expires_at,
    )


def _is_gone(due: Due, decision: Settle) -> bool:
    """Whoever has read themselves was told when they did."""
    return decision.is_read and due.read_at is None and due.room_id is not None


def _state_after(
    due: Due, attempts: Sequence[Attempt], pushed_to: Sequence[str], *, is_left: bool
) -> tuple[str, str | None]:
    if due.was_told:
        return due.state, None
    if pushed_to:
        return "sent", None
    reasons = [
        attempt.outcome.reason
        for attempt in attempts
        if isinstance(attempt.outcome, Postponed if is_left else Unregistered | Rejected)
    ]
    if is_left:
        return "scheduled", next(iter(reasons), due.reason)
    return ("failed", reasons[-1]) if reasons else ("sent", "log")


def _shown(due: Due) -> tuple[str, str, dict[str, Any]]:
    title, body = title_and_body(due)
    return title, body, data_of(due)


def _beginning(due: Due) -> list[Event]:
    """A conversation's notification begins anew with the oldest message that nobody was told of."""
    subject = due.subject
    if isinstance(subject, Conversation) and due.is_grown:
        return [Event(due.id, "scheduled", at=subject.untold_at)]
    return []


def _change(due: Due, decision: Settle) -> tuple[Event, ...]:
    """What is written down of a decision that sends nothing."""
    if decision.state != due.state or decision.is_new:
        return (Event(due.id, decision.state, reason=decision.reason),)
    return ()


def _event(due: Due, attempt: Attempt, state: str, accepted: str) -> Event:
    """What happened on one device; `accepted` is the reason that is written down when the provider took it."""
    match attempt.outcome:
        case Accepted():
            return Event(due.id, state, attempt.device.id, accepted)
        case Postponed(reason=reason):
            return Event(due.id, "scheduled", attempt.device.id, reason)
        case Unregistered(reason=reason) | Rejected(reason=reason):
            return Event(due.id, "failed", attempt.device.id, reason)
