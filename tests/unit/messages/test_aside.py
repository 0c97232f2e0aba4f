"""Sends that wait for a locked room: in the order of their room, each room in its turn, none past its deadline."""

import time

from hyred_chat.messages.aside import REST_FACTOR, RETRY_SECONDS, Aside
from hyred_chat.messages.sends import PendingSend
from tests.integration.messages.lanes import send_of


def sends_of(room_id: str, count: int) -> list[PendingSend]:
    return [send_of("ana", room_id, str(number)) for number in range(count)]


def test_a_room_s_sends_keep_their_order_however_often_they_are_tried() -> None:
    aside, sends = Aside(100), sends_of("room", 6)
    aside.put_back(sends[:2])
    aside.extend(sends[2:])
    for limit in (1, 3, 6):
        taken = aside.take(limit)
        assert taken == sends[:limit]
        aside.put_back(taken)
    assert len(aside) == 6
    assert aside.clear() == sends
    assert not aside


def test_each_room_has_its_turn() -> None:
    aside = Aside(1000)
    rooms = {f"room-{number}": sends_of(f"room-{number}", 3) for number in range(10)}
    for sends in rooms.values():
        aside.put_back(sends)
    tried: set[str] = set()
    for _ in range(4):
        taken = aside.take(3)
        assert len(taken) == 3
        tried |= {send.room_id for send in taken}
        aside.put_back(taken)
    assert tried == set(rooms)
    taken = aside.take(20)
    for room_id, sends in rooms.items():
        assert [send for send in taken if send.room_id == room_id] == sends[:2]


def test_no_more_than_its_capacity_waits() -> None:
    aside, sends = Aside(4), sends_of("room", 6)
    assert aside.extend(sends) == sends[4:]
    assert aside.holds("room")
    assert not aside.holds("another")


def test_whose_sender_waits_no_longer_is_taken_out() -> None:
    aside = Aside(10)
    late, patient = send_of("ana", "room", patience_seconds=-1), send_of("ana", "room")
    aside.extend([late, patient])
    assert aside.expire() == [late]
    assert aside.clear() == [patient]


def test_a_long_try_is_followed_by_a_longer_rest() -> None:
    aside = Aside(10)
    aside.extend(sends_of("room", 1))
    assert aside.is_due()
    aside.rest(0)
    assert not aside.is_due()
    assert aside.due_at <= time.monotonic() + RETRY_SECONDS
    aside.rest(1)
    assert aside.due_at > time.monotonic() + REST_FACTOR - 0.5
