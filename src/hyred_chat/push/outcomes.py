"""From a decision, and what the providers said, to the row as it is from now on."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hyred_chat.push.channels import Accepted, DeviceAddress, Outcome, Postponed, Rejected, Unregistered
from hyred_chat.push.content import data_of, title_and_body
from hyred_chat.push.decisions import PUSH_REST_SECONDS, REST_SECONDS, Send, Settle, Wait
from hyred_chat.push.facts import Conversation, Due
from hyred_chat.push.repository import Event, Settlement

FIRST_RETRY_SECONDS = 1.0
MAX_RETRY_SECONDS = 300.0
# A withdrawal that cannot be delivered is given up sooner: what it takes away is replaced or read anyway.
MAX_WITHDRAWALS = 6


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one push to one device; `channel` is the name of the way."""

    device: DeviceAddress
    channel: str
    outcome: Outcome


def retry_seconds(attempts: int, postponed: Sequence[Postponed]) -> float:
    """How long to wait after so many failed attempts: doubled each time, spread, and never less than was asked for."""
    backoff = min(MAX_RETRY_SECONDS, FIRST_RETRY_SECONDS * float(1 << min(attempts - 1, 16)))
    # Half of it at least; the spread keeps those that failed together from coming back together.
    spread = backoff * (0.5 + random.random() / 2)  # noqa: S311
    return max([spread, *(outcome.after_seconds or 0.0 for outcome in postponed)])


def waiting(due: Due, decision: Wait) -> Settlement:
    """Looked at again later."""
    title, body, data = _shown(due) if decision.is_new else (None, None, None)
    return replace(
        _looked_at(due, due.state),
        wait_seconds=decision.seconds,
        looked_seq=due.looked_seq,
        attempts=due.attempts,
        is_new=decision.is_new,
        title=title,
        body=body,
        data=data,
    )


def settled(due: Due, decision: Settle, attempts: Sequence[Attempt] = ()) -> Settlement:
    """Nothing is pushed; `attempts` are withdrawals."""
    title, body, data = _shown(due) if decision.is_new else (None, None, None)
    events = [_event(due, attempt, decision.state, "withdrawn") for attempt in attempts]
    if decision.state != due.state or decision.is_new:
        events.append(Event(due.id, decision.state, reason=decision.reason))
    postponed = _postponed(attempts)
    is_again = bool(postponed) and due.attempts < MAX_WITHDRAWALS
    left = {attempt.device.id for attempt in attempts if isinstance(attempt.outcome, Postponed)} if is_again else set()
    return replace(
        _looked_at(due, decision.state),
        reason=decision.reason,
        attempts=due.attempts + 1 if is_again else 0,
        wait_seconds=retry_seconds(due.attempts + 1, postponed) if is_again else None,
        rest_seconds=0.0 if decision.withdraws else REST_SECONDS,
        shown_on=tuple(left) if decision.withdraws else due.shown_on,
        pushed_to=() if decision.withdraws else due.pushed_to,
        is_new=decision.is_new,
        is_read=decision.is_read,
        title=title,
        body=body,
        data=data,
        events=tuple(events),
    )


def sent(due: Due, decision: Send, attempts: Sequence[Attempt], before: Sequence[str], ttl_seconds: int) -> Settlement:
    """Pushed, as far as providers took it.

    Args:
        before: ids of the devices that had this very push already.
    """
    accepted = [attempt for attempt in attempts if isinstance(attempt.outcome, Accepted)]
    postponed = _postponed(attempts)
    pushed_to = tuple(dict.fromkeys((*before, *(attempt.device.id for attempt in accepted))))
    state, reason = _state_after(attempts, pushed_to, postponed)
    title, body, data = _shown(due)
    events = [_event(due, attempt, "sent", attempt.channel) for attempt in attempts]
    if not attempts:
        events = [Event(due.id, state, reason=reason)]
    if state == "failed":
        events.append(Event(due.id, state, reason=reason))
    return replace(
        _looked_at(due, state),
        reason=reason,
        attempts=due.attempts + 1 if postponed else 0,
        expires_at=(due.expires_at or due.now + timedelta(seconds=ttl_seconds)) if postponed else None,
        wait_seconds=retry_seconds(due.attempts + 1, postponed) if postponed else None,
        rest_seconds=PUSH_REST_SECONDS,
        pushed_to=pushed_to,
        shown_on=tuple(dict.fromkeys((*due.shown_on, *pushed_to))),
        is_new=decision.is_new,
        title=title,
        body=body,
        data=data,
        events=(*_beginning(due), *events),
    )


def _looked_at(due: Due, state: str) -> Settlement:
    """The row after a look that changes nothing but its state."""
    subject = due.subject
    return Settlement(
        id=due.id,
        lease=due.lease,
        user_id=due.reader.id,
        state=state,
        room_id=subject.room_id if isinstance(subject, Conversation) else None,
        looked_seq=subject.last_seq if isinstance(subject, Conversation) else 0,
        pushed_to=due.pushed_to,
        shown_on=due.shown_on,
        expires_at=due.expires_at,
    )


def _state_after(
    attempts: Sequence[Attempt], pushed_to: Sequence[str], postponed: Sequence[Postponed]
) -> tuple[str, str | None]:
    if pushed_to:
        return "sent", None
    if postponed:
        return "scheduled", postponed[0].reason
    if not attempts:
        return "sent", "log"
    outcome = attempts[-1].outcome
    return "failed", outcome.reason if isinstance(outcome, Unregistered | Rejected) else None


def _shown(due: Due) -> tuple[str, str, dict[str, Any]]:
    title, body = title_and_body(due)
    return title, body, data_of(due)


def _beginning(due: Due) -> list[Event]:
    """A conversation's notification begins anew with the oldest message that nobody was told of."""
    subject = due.subject
    if isinstance(subject, Conversation) and subject.last_seq > due.looked_seq:
        return [Event(due.id, "scheduled", at=subject.untold_at)]
    return []


def _event(due: Due, attempt: Attempt, state: str, accepted: str) -> Event:
    """What happened on one device; `accepted` is the reason that is written down when the provider took it."""
    match attempt.outcome:
        case Accepted():
            return Event(due.id, state, attempt.device.id, accepted)
        case Postponed(reason=reason):
            return Event(due.id, "scheduled", attempt.device.id, reason)
        case Unregistered(reason=reason) | Rejected(reason=reason):
            return Event(due.id, "failed", attempt.device.id, reason)


def _postponed(attempts: Sequence[Attempt]) -> list[Postponed]:
    return [attempt.outcome for attempt in attempts if isinstance(attempt.outcome, Postponed)]
