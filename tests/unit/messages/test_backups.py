"""Second copies: known by sender, room, kind and content, by the other door, for a minute, one a message."""

from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyred_chat.errors import ChatError
from hyred_chat.messages.backups import WINDOW_SECONDS, Kept, digest_of, pair
from hyred_chat.messages.sends import Arrival, Door, PendingSend

NOW = 1000.0
_numbers = count()


def pending(
    content: str = "Hello",
    *,
    door: Door | None = "socket",
    at: float = NOW,
    sender: str = "ana",
    room: str = "room",
    message_type: str = "text",
) -> PendingSend:
    return PendingSend(
        id=str(next(_numbers)),
        room_id=room,
        sender_id=sender,
        sender=b"{}",
        client_message_id=None if door else "its own",
        content=content,
        type=message_type,
        metadata=None,
        settle=_ignore,
        deadline=0.0,
        arrival=Arrival(door, at) if door else None,
    )


def _ignore(_: bytes | ChatError) -> None:
    """Nobody waits."""


def kept(send: PendingSend, copy_id: str | None = None) -> Kept:
    """A send that was stored."""
    return Kept(send.as_record(1, "2026-01-01T00:00:00.000Z"), copy_id)


def play(batches: Sequence[str]) -> list[int]:
    """The number of the message that each copy turns out to be: S came by socket, R by REST."""
    numbers: dict[str, int] = {}
    copies: dict[str, int] = {}
    table: dict[str, tuple[PendingSend, Door]] = {}
    order: list[int] = []
    for doors in batches:
        batch = [pending(door="socket" if door == "S" else "rest") for door in doors]
        found = {
            send.id: [kept(each) for each, door in table.values() if send.arrival and door != send.arrival.door]
            for send in batch
        }
        pairing = pair(batch, found)
        for message_id in pairing.taken:
            del table[message_id]
        for send in pairing.fresh:
            numbers[send.id] = len(numbers) + 1
        followed = {original.id for original in pairing.followed.values()}
        for send in pairing.originals:
            if send.id not in followed and send.arrival is not None:
                table[send.id] = (send, send.arrival.door)
        copies |= {copy: numbers[record.id] for copy, record in pairing.repeats.items()}
        copies |= {copy: numbers[original.id] for copy, original in pairing.followed.items()}
        order += [(numbers | copies)[send.id] for send in batch]
    return order


ORDERS = [
    ("SR", [1, 1]),
    ("SSRR", [1, 2, 1, 2]),
    ("SRSR", [1, 1, 2, 2]),
    ("SRRS", [1, 1, 2, 2]),
    ("SSSRRR", [1, 2, 3, 1, 2, 3]),
    ("RSSR", [1, 1, 2, 2]),
    ("SSS", [1, 2, 3]),
]


@pytest.mark.parametrize(("doors", "expected"), ORDERS)
def test_each_message_has_one_backup_by_the_other_door(doors: str, expected: list[int]) -> None:
    assert play([doors]) == expected
    assert play(list(doors)) == expected


@given(st.lists(st.text(alphabet="SR", max_size=8), max_size=8))
def test_there_are_as_many_messages_as_the_busier_side_needs_and_no_copy_is_lost(batches: list[str]) -> None:
    numbers, doors = play(batches), "".join(batches)
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
        pending("hello", door="rest"),
        pending("Hello ", door="rest"),
        pending(sender="bob", door="rest"),
        pending(room="elsewhere", door="rest"),
        pending(message_type="image", door="rest"),
        pending(door=None),
        pending(door="rest", at=NOW + WINDOW_SECONDS),
        pending(door="rest", at=NOW - WINDOW_SECONDS),
    ],
)
def test_a_backup_says_the_same_as_its_original_and_comes_within_a_minute(other: PendingSend) -> None:
    original = pending()
    pairing = pair([original, other], {})
    assert pairing.fresh == [original, other]
    assert not pairing.followed


@pytest.mark.parametrize("at", [NOW + WINDOW_SECONDS - 0.01, NOW - WINDOW_SECONDS + 0.01])
def test_copies_count_from_their_arrival_whichever_is_looked_at_first(at: float) -> None:
    original, copy = pending(), pending(door="rest", at=at)
    assert pair([original, copy], {}).followed == {copy.id: original}


def test_the_type_is_told_from_the_content() -> None:
    assert digest_of(pending("a", message_type="text")) != digest_of(pending("texta", message_type=""))


def test_a_batch_that_is_stored_again_is_paired_as_it_was() -> None:
    before, original, copy, later_copy = pending(), pending(), pending(door="rest"), pending(door="rest")
    found = {copy.id: [kept(before, copy.id)], original.id: [kept(original)], later_copy.id: [kept(original)]}
    pairing = pair([original, copy, later_copy], found)
    assert pairing.fresh == [original]
    assert not pairing.originals  # it is kept already
    assert pairing.repeats == {copy.id: found[copy.id][0].record, later_copy.id: found[original.id][0].record}
    assert pairing.taken == {original.id: later_copy.id}
