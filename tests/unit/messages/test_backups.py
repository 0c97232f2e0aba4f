"""Second copies: known by sender, room, kind and content, by the other door, for three seconds, one a message."""

import time
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.errors import ChatError
from hyred_chat.messages.backups import WINDOW_SECONDS, Backups, Door
from hyred_chat.messages.records import EncodedMessage
from hyred_chat.messages.sends import PendingSend

ANSWER = EncodedMessage(b"own", b"others")
_numbers = count()


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    return clock


def pending(
    content: str = "Hello", *, sender: str = "ana", room: str = "room", message_type: str = "text"
) -> PendingSend:
    return PendingSend(
        id=str(next(_numbers)),
        room_id=room,
        sender_id=sender,
        sender=b"{}",
        client_message_id=None,
        content=content,
        type=message_type,
        metadata=None,
        settle=_ignore,
        deadline=0.0,
    )


def _ignore(_: EncodedMessage | ChatError) -> None:
    """Nobody waits."""


def play(doors: str) -> list[int]:
    """The number of the message that each copy turns out to be: S came by socket, R by REST."""
    backups, messages, numbers = Backups(), dict[str, int](), list[int]()
    for door in doors:
        send = pending()
        by: Door = "socket" if door == "S" else "rest"
        original = backups.take_original(send, by)
        if original is None or original.pending is None:
            messages[send.id] = len(messages) + 1
            numbers.append(len(messages))
        else:
            numbers.append(messages[original.pending.id])
    return numbers


@pytest.mark.parametrize(
    ("doors", "expected"),
    [
        ("SR", [1, 1]),
        ("SSRR", [1, 2, 1, 2]),
        ("SRSR", [1, 1, 2, 2]),
        ("SRRS", [1, 1, 2, 2]),
        ("SSSRRR", [1, 2, 3, 1, 2, 3]),
        ("RSSR", [1, 1, 2, 2]),
        ("SSS", [1, 2, 3]),
    ],
)
def test_each_message_has_one_backup_by_the_other_door(doors: str, expected: list[int]) -> None:
    assert play(doors) == expected


@given(st.text(alphabet="SR", max_size=40))
def test_there_are_as_many_messages_as_the_busier_side_needs_and_no_copy_is_lost(doors: str) -> None:
    numbers = play(doors)
    balance = 0  # messages without a backup yet: above zero they came by socket, below by REST
    for place, (door, number) in enumerate(zip(doors, numbers, strict=True)):
        step = 1 if door == "S" else -1
        assert (number in numbers[:place]) == (balance * step < 0)
        balance += step
    for message in set(numbers):
        copies = "".join(door for door, number in zip(doors, numbers, strict=True) if number == message)
        assert copies in {"S", "R", "SR", "RS"}
    assert sum(numbers.count(number) == 1 for number in set(numbers)) == abs(balance)


@pytest.mark.parametrize(
    "other",
    [
        pending("hello"),
        pending("Hello "),
        pending(sender="bob"),
        pending(room="elsewhere"),
        pending(message_type="image"),
    ],
)
def test_a_backup_says_the_same_as_its_original(other: PendingSend) -> None:
    backups = Backups()
    backups.take_original(pending(), "socket")
    assert backups.take_original(other, "rest") is None


def test_after_three_seconds_a_copy_is_a_message_of_its_own(clock: Clock) -> None:
    backups = Backups()
    backups.take_original(pending(), "socket")
    clock.now += WINDOW_SECONDS - 0.01
    early = pending("Another")
    backups.take_original(early, "socket")
    assert backups.take_original(pending(), "rest") is not None
    backups.take_original(pending(), "socket")
    clock.now += WINDOW_SECONDS
    assert backups.take_original(pending(), "rest") is None
    assert backups.take_original(pending("Another"), "rest") is None


def test_the_window_is_the_original_s_and_not_the_latest_copy_s(clock: Clock) -> None:
    backups = Backups()
    backups.take_original(pending(), "socket")
    clock.now += 2
    second = pending()
    backups.take_original(second, "socket")
    clock.now += 2
    original = backups.take_original(pending(), "rest")
    assert original is not None
    assert original.pending is second


def test_the_answer_of_an_original_is_its_backup_s(clock: Clock) -> None:
    backups = Backups()
    send = pending()
    backups.take_original(send, "socket")
    clock.now += 1
    backups.settle(send, ANSWER)
    original = backups.take_original(pending(), "rest")
    assert original is not None
    assert original.answer is ANSWER


def test_a_refused_original_has_no_backup() -> None:
    backups = Backups()
    send = pending()
    backups.take_original(send, "socket")
    backups.settle(send, None)
    assert backups.take_original(pending(), "rest") is None


def test_settling_what_is_no_original_changes_nothing() -> None:
    backups = Backups()
    backups.take_original(pending(), "socket")
    backups.settle(pending(), None)
    assert backups.take_original(pending(), "rest") is not None


def test_nothing_is_kept_longer_than_the_window(clock: Clock) -> None:
    backups = Backups()
    for number in range(100):
        send = pending(f"Number {number}")
        backups.take_original(send, "socket")
        backups.settle(send, ANSWER if number % 2 else None)
    clock.now += WINDOW_SECONDS
    last = pending("The last")
    backups.take_original(last, "socket")
    assert [len(backups._originals), len(backups._by_age), len(backups._by_send)] == [1, 1, 1]


def test_an_original_keeps_its_answer_and_not_what_leads_to_its_sender() -> None:
    backups, stored, refused = Backups(), pending(), pending("Refused")
    for send in (stored, refused):
        backups.take_original(send, "socket")
    backups.settle(stored, ANSWER)
    backups.settle(refused, None)
    assert all(original.pending is None for original in backups._by_age)
    original = backups.take_original(pending(), "rest")
    assert original is not None
    assert original.answer is ANSWER
    assert backups.take_original(pending("Refused"), "rest") is None
