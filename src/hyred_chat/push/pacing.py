"""When each device is sent something: what happens on one of them sets no other one's time."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hyred_chat.push.channels import Accepted, DeviceAddress, Outcome, Postponed, Rejected
from hyred_chat.push.facts import Due, Pause

# After a push: a busy conversation is not pushed to a device more often.
PUSH_REST_SECONDS = 30.0
FIRST_RETRY_SECONDS = 1.0
MAX_RETRY_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of sending once to one device; `channel` is the name of the way, `at` the time of the answer."""

    device: DeviceAddress
    channel: str
    outcome: Outcome
    at: datetime


def is_push_due(due: Due, device: DeviceAddress) -> bool:
    """Whether a device is sent what the notification says now."""
    pause = due.pauses.get(device.id)
    if pause is not None and pause.until > due.now:
        return False
    if due.is_grown or (pause is not None and pause.owes):
        return True
    # A server of an older version noted only that something is left, which is for all that do not have it.
    is_noted = any(pause.owes for pause in due.pauses.values())
    return not is_noted and device.id not in due.pushed_to


def is_withdrawal_due(due: Due, device: DeviceAddress) -> bool:
    """Whether a device is told to take away what it shows. That never waits for the rest of a conversation."""
    pause = due.pauses.get(device.id)
    return device.id in due.shown_on and (pause is None or not pause.tries or pause.until <= due.now)


def pauses_after_pushes(
    due: Due, devices: Iterable[DeviceAddress], attempts: Sequence[Attempt], now: datetime
) -> dict[str, Pause]:
    """The pauses of somebody's devices from now on; those of devices that are gone end."""
    made = {attempt.device.id: _pause_after(due, attempt) for attempt in attempts}
    pauses: dict[str, Pause] = {}
    for device in devices:
        present = due.pauses.get(device.id)
        pause = made.get(device.id, present and replace(present, owes=present.owes or due.is_grown))
        if pause is not None and (pause.owes or pause.until > now):
            pauses[device.id] = pause
    return pauses


def pauses_after_withdrawals(due: Due, attempts: Sequence[Attempt]) -> dict[str, Pause]:
    """The pauses of providers that failed. A conversation that was read rests no more."""
    failing = {
        device_id: replace(pause, owes=device_id in due.shown_on)
        for device_id, pause in due.pauses.items()
        if pause.tries and pause.until > due.now
    }
    for attempt in attempts:
        pause = _pause_after(due, attempt)
        if pause is not None and pause.tries:
            failing[attempt.device.id] = pause
    return failing


def pauses_without_sending(due: Due) -> dict[str, Pause]:
    """The pauses that still hold when what is left will not be sent after all."""
    return {device_id: replace(pause, owes=False) for device_id, pause in due.pauses.items() if pause.until > due.now}


def seconds_until_next(pauses: Mapping[str, Pause], now: datetime) -> float | None:
    """How long until a device is to be sent what it has not been sent; None where nothing is left."""
    times = [pause.until for pause in pauses.values() if pause.owes]
    return _seconds_until(min(times), now) if times else None


def rest_seconds(pauses: Mapping[str, Pause], devices: Iterable[DeviceAddress], now: datetime) -> float:
    """How long until a new message could be pushed to any of these devices; one may be new by then."""
    times = [pauses[device.id].until if device.id in pauses else now for device in devices]
    return min(_seconds_until(min(times), now), PUSH_REST_SECONDS) if times else PUSH_REST_SECONDS


def retry_seconds(tries: int, outcome: Postponed) -> float:
    """How long to wait after so many failures in a row: doubled each time, spread, never less than was asked for."""
    backoff = min(MAX_RETRY_SECONDS, FIRST_RETRY_SECONDS * float(1 << min(tries - 1, 16)))
    # Half of it at least; the spread keeps those that failed together from coming back together.
    spread = backoff * (0.5 + random.random() / 2)  # noqa: S311
    return max(spread, outcome.after_seconds or 0.0)


def _pause_after(due: Due, attempt: Attempt) -> Pause | None:
    match attempt.outcome:
        case Postponed() as outcome:
            before = due.pauses.get(attempt.device.id)
            tries = 1 if before is None else before.tries + 1
            return Pause(attempt.at + timedelta(seconds=retry_seconds(tries, outcome)), tries, owes=True)
        case Accepted() | Rejected():
            return Pause(attempt.at + timedelta(seconds=PUSH_REST_SECONDS))
        case _:
            return None


def _seconds_until(moment: datetime, now: datetime) -> float:
    return max(0.0, (moment - now).total_seconds())
