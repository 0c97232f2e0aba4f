"""Second copies: known by sender, room, kind and content, by the other door, for a minute, one a message."""

import time
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.errors import ChatError
from hyred_chat.messages.backups import MAX_DELAY_SECONDS, MAX_KEPT_BYTES, WINDOW_SECONDS, Backups, Door, Original
from hyred_chat.messages.sends import PendingSend

ANSWER = b"own"
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


def _ignore(_: bytes | ChatError) -> None:
    """Nobody waits."""


def take(backups: Backups, send: PendingSend, door: Door, *, waited_seconds: float = 0) -> Original | None:
    """A copy that came just now, or has waited since for its sender's account."""
    return backups.take_original(send, door, time.monotonic() - waited_seconds)


def play(doors: str) -> list[int]:
    """The number of the message that each copy turns out to be: S came by socket, R by REST."""
    backups, messages, numbers = Backups(), dict[str, int](), list[int]()
    for door in doors:
        send = pending()
        by: Door = "socket" if door == "S" else "rest"
        original = take(backups, send, by)
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
    take(backups, pending(), "socket")
    assert take(backups, other, "rest") is None


def test_after_a_minute_a_copy_is_a_message_of_its_own(clock: Clock) -> None:
    backups = Backups()
    take(backups, pending(), "socket")
    clock.now += WINDOW_SECONDS - 0.01
    early = pending("Another")
    take(backups, early, "socket")
    assert take(backups, pending(), "rest") is not None
    take(backups, pending(), "socket")
    clock.now += WINDOW_SECONDS
    assert take(backups, pending(), "rest") is None
    assert take(backups, pending("Another"), "rest") is None


def test_the_window_is_the_original_s_and_not_the_latest_copy_s(clock: Clock) -> None:
    backups = Backups()
    take(backups, pending(), "socket")
    clock.now += WINDOW_SECONDS * 2 / 3
    second = pending()
    take(backups, second, "socket")
    clock.now += WINDOW_SECONDS * 2 / 3
    original = take(backups, pending(), "rest")
    assert original is not None
    assert original.pending is second


@pytest.mark.parametrize("slow_door", ["socket", "rest"])
def test_a_copy_counts_from_its_arrival_however_long_its_sender_was_looked_up(clock: Clock, slow_door: Door) -> None:
    """Whichever comes first, whichever is slow: both arrived together."""
    orders: list[tuple[Door, Door]] = [("socket", "rest"), ("rest", "socket")]
    for first, second in orders:
        backups, delay = Backups(), MAX_DELAY_SECONDS - 1
        arrived_at = clock.now
        clock.now += delay if first == slow_door else 0
        original = pending()
        assert backups.take_original(original, first, arrived_at) is None
        arrived_at += WINDOW_SECONDS - 1
        clock.now = max(clock.now, arrived_at + (delay if second == slow_door else 0))
        found = backups.take_original(pending(), second, arrived_at)
        assert found is not None
        assert found.pending is original


def test_what_is_kept_is_bounded_by_its_size_and_the_oldest_goes_first() -> None:
    backups = Backups()
    answer = b"x" * 100_000
    count = 2 * MAX_KEPT_BYTES // len(answer)
    for number in range(count):
        send = pending(f"Number {number}")
        take(backups, send, "socket")
        backups.settle(send, answer)
    assert sum(original.kept_bytes for original in backups._by_age) == backups._kept_bytes
    assert backups._kept_bytes <= MAX_KEPT_BYTES + len(answer) + 1000
    assert take(backups, pending(f"Number {count - 1}"), "rest") is not None
    assert take(backups, pending("Number 0"), "rest") is None


def test_the_answer_of_an_original_is_its_backup_s(clock: Clock) -> None:
    backups = Backups()
    send = pending()
    take(backups, send, "socket")
    clock.now += 1
    backups.settle(send, ANSWER)
    original = take(backups, pending(), "rest")
    assert original is not None
    assert original.answer is ANSWER


def test_a_refused_original_has_no_backup() -> None:
    backups = Backups()
    send = pending()
    take(backups, send, "socket")
    backups.settle(send, None)
    assert take(backups, pending(), "rest") is None


def test_settling_what_is_no_original_changes_nothing() -> None:
    backups = Backups()
    take(backups, pending(), "socket")
    backups.settle(pending(), None)
    assert take(backups, pending(), "rest") is not None


def test_nothing_is_kept_longer_than_the_window(clock: Clock) -> None:
    backups = Backups()
    for number in range(100):
        send = pending(f"Number {number}")
        take(backups, send, "socket")
        backups.settle(send, ANSWER if number % 2 else None)
    clock.now += WINDOW_SECONDS + MAX_DELAY_SECONDS
    last = pending("The last")
    take(backups, last, "socket")
    assert [len(backups._originals), len(backups._by_age), len(backups._by_send)] == [1, 1, 1]
    assert backups._kept_bytes == backups._by_age[0].kept_bytes


def test_an_original_keeps_its_answer_and_not_what_leads_to_its_sender() -> None:
    backups, stored, refused = Backups(), pending(), pending("Refused")
    for send in (stored, refused):
        take(backups, send, "socket")
    backups.settle(stored, ANSWER)
    backups.settle(refused, None)
    assert all(original.pending is None for original in backups._by_age)
    original = take(backups, pending(), "rest")
    assert original is not None
    assert original.answer is ANSWER
    assert take(backups, pending("Refused"), "rest") is None
