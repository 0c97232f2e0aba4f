"""What becomes of a notification that is due: the rules, without any I/O."""

from dataclasses import dataclass
from datetime import timedelta

from hyred_chat.notifications.attention import Attention
from hyred_chat.push.content import title_and_body
from hyred_chat.push.facts import Conversation, Due, Notice

# After a look at a conversation without a push: a busy one is not looked at more often.
REST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Wait:
    """Not yet. Of a notice, `is_new` says that it is shown in the chat from now on."""

    seconds: float
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Settle:
    """Nothing is sent. `reason` says why, unless nothing happened at all (None).

    Attributes:
        state: what it is from now on.
        is_new: it is listed from now on, as unread.
        withdraws: devices that show it are told to take it away.
    """

    state: str
    reason: str | None = None
    is_new: bool = False
    is_read: bool = False
    withdraws: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """It is pushed. `is_new`: also listed from now on; a repeated attempt is listed already."""

    is_new: bool


@dataclass(frozen=True, slots=True)
class Revise:
    """What it says has changed: it is said in the list and where a push shows it, and nobody is alerted anew."""


Decision = Wait | Settle | Send | Revise


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things are waited for.

    Attributes:
        grace_seconds: how long somebody who is in the chat, but elsewhere in it, has to read it there.
        ttl_seconds: how long a push is worth sending, from the time of what it tells.
    """

    grace_seconds: float
    ttl_seconds: int


def decide(due: Due, attention: Attention, patience: Patience) -> Decision:
    """What to do now.

    Args:
        attention: what the person is looking at. Where nobody knows, a conversation waits as if they were in the chat,
            where they may be reading it; a notice, which has its time, is shown there and pushed at once.
    """
    subject = due.subject
    if due.reader.is_disabled:
        return _end(due, "disabled")
    if isinstance(subject, Notice):
        return _decide_notice(due, attention, patience)
    if subject.read_seq is None:
        return _end(due, "not_a_member")
    return _decide_conversation(due, subject, attention, patience)


def _decide_conversation(due: Due, room: Conversation, attention: Attention, patience: Patience) -> Decision:
    if room.unread == 0 or (due.read_at is not None and room.last_seq <= due.looked_seq):
        return _read(due)
    if room.is_blocked:
        return _end(due, "blocked")
    if not due.is_grown and not due.attempts:
        is_told = due.listed_at is not None or bool(due.shown_on)
        return Revise() if is_told and due.said not in {None, title_and_body(due)} else Settle(due.state)
    return _unless_read_here(due, room, attention, patience)


def _unless_read_here(due: Due, room: Conversation, attention: Attention, patience: Patience) -> Decision:
    """For somebody who is, or may be, in the chat."""
    if attention is Attention.ROOM:
        return Settle("cancelled" if due.state == "scheduled" else due.state, "looking")
    if attention is Attention.SILENT:
        return Wait(REST_SECONDS)
    if attention is not Attention.NOTHING and room.untold_at is not None:
        rest = room.untold_at + timedelta(seconds=patience.grace_seconds) - due.now
        if rest > timedelta():
            return Wait(rest.total_seconds())
    if room.muted_until is not None and room.muted_until > due.now and not room.is_mentioned:
        return _unpushed(due, "muted", is_new=due.is_grown)
    return _unless_unwanted(due, patience, is_new=due.is_grown)


def _decide_notice(due: Due, attention: Attention, patience: Patience) -> Decision:
    if due.read_at is not None:
        return _read(due)
    if due.state != "scheduled" and not due.attempts:
        return Settle(due.state)
    is_new = due.listed_at is None and due.reader.wants_in_app
    if is_new and attention is Attention.UNKNOWN:
        return Wait(0.0, is_new=True)
    if is_new and attention is not Attention.NOTHING and patience.grace_seconds > 0:
        return Wait(patience.grace_seconds, is_new=True)
    return _unless_unwanted(due, patience, is_new=is_new)


def _unless_unwanted(due: Due, patience: Patience, *, is_new: bool) -> Decision:
    reader = due.reader
    if not reader.wants_push:
        return _unpushed(due, "preferences", is_new=is_new)
    if reader.quiet_hours is not None and reader.quiet_hours.include(due.now, reader.time_zone):
        return _unpushed(due, "quiet_hours", is_new=is_new)
    if due.told_at + timedelta(seconds=patience.ttl_seconds) <= due.now:
        state = due.state if due.was_told else "expired"
        reason = "provider_unavailable" if due.attempts else "late"
        return Settle(state, reason, is_new=is_new and reader.wants_in_app)
    return Send(is_new=is_new and reader.wants_in_app)


def _unpushed(due: Due, reason: str, *, is_new: bool) -> Settle:
    state = due.state if due.was_told else "cancelled"
    return Settle(state, reason, is_new=is_new and due.reader.wants_in_app)


def _read(due: Due) -> Settle:
    state = {"scheduled": "cancelled", "sent": "read", "delivered": "read"}.get(due.state, due.state)
    return Settle(state, "read", is_read=due.listed_at is not None, withdraws=bool(due.shown_on))


def _end(due: Due, reason: str) -> Settle:
    return Settle("cancelled", reason, withdraws=bool(due.shown_on))
