"""Receipts of other nodes, of rooms that had to be read for them: each is told once."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from hyred_chat.receipts.service import Advance, Receipts
from hyred_chat.rooms.state import Member, RoomState

READ = Advance("ana", read=True, last_read_seq=3, last_delivered_seq=3, covered=[(2, "second"), (3, "third")])


def room(*, read_seq: int) -> RoomState:
    """A room of two, as the database has it: ana has read up to a message."""
    members = {
        "ana": Member("ana", "Ana", b"{}", read_seq, read_seq),
        "ben": Member("ben", "Ben", b"{}", 3, 3),
    }
    moment = "2026-01-01T00:00:00Z"
    return RoomState("room", "group", "active", None, None, moment, moment, 3, None, members)


class Node:
    """The receipts of a node at which Ben is, and what he is told."""

    def __init__(self) -> None:
        self.told: list[int] = []
        sockets = {"ben": [object()]}
        hub = SimpleNamespace(sockets_of=lambda user_id: sockets.get(user_id, []), emit_to=self._emit_to)
        nothing: Any = None
        self.receipts = Receipts(
            nothing,
            nothing,
            nothing,
            cast("Any", hub),
            cast("Any", SimpleNamespace(announce_to=lambda _state, _user_id: None)),
            on_risen=lambda _user_id, _room_id: None,
            on_doubt=lambda _room_id: None,
            on_read_again=nothing,
        )

    def _emit_to(self, sockets: list[Any], _event: str, receipt: dict[str, Any]) -> None:
        self.told += [receipt["seq"]] * len(sockets)


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> Node:
    connection = SimpleNamespace(is_legacy=False)
    monkeypatch.setattr("hyred_chat.receipts.service.connection_of", lambda _socket: connection)
    return Node()


def test_a_receipt_for_which_the_room_was_read_is_told(node: Node) -> None:
    node.receipts.hear(room(read_seq=3), READ)
    assert node.told == [3]


def test_a_receipt_that_comes_twice_while_the_room_is_read_is_told_once(node: Node) -> None:
    state = room(read_seq=3)
    for _ in range(2):
        node.receipts.hear(state, READ)
    assert node.told == [3]


def test_a_receipt_that_another_reading_has_found_meanwhile_is_not_told_again(node: Node) -> None:
    """The reading that waited for had begun before the position rose, and another one after."""
    state = room(read_seq=1)
    (rise,) = state.take_over(room(read_seq=3))
    assert (rise.after, rise.until) == (1, 3)  # others are told of this
    node.receipts.hear(state, READ)
    assert node.told == []
    state.take_over(room(read_seq=3))
    node.receipts.hear(state, READ)
    assert node.told == []
